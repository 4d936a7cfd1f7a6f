"""The file of the official tool as books: documents to import and advances to receive, dated into 2026.

What is amended was reported in January to March, the file is that of June. The captured values do not always come to
the sum of their rows: what is missing is charged beside the supply, and where rows come to more, they decide.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

Json = dict[str, Any]
FIRST, NOW = "2026-03", "2026-06"
MONTHS = {"072017": "012026", "082017": "022026", "012018": "032026"}
"""What the captured periods are here."""
SUPPLIES = {
    "R": "regular",
    "DE": "deemed_export",
    "SEWOP": "sez_without_payment",
    "CBW": "intra_state_igst",
}
EXPORTS = {
    **dict.fromkeys(("WPAY", "EXPWP"), "export_with_payment"),
    **dict.fromkeys(("WOPAY", "EXPWOP"), "export_without_payment"),
}
NOTES = {"C": "credit_note", "D": "debit_note"}
UNTAXED = {"expt_amt": "exempt", "nil_amt": "nil_rated", "ngsup_amt": "non_gst"}
TAXES = ("iamt", "camt", "samt")
PARTS = 8
"""A row of small supplies is made of so many documents: one would be too large for it."""


def captured() -> Json:
    """The file with the months that it has here, and a number of its own for each amendment."""
    path = Path(__file__).parents[1] / "vectors" / "returns_captured.json"
    text = json.dumps(json.loads(path.read_text(encoding="utf-8"))["file"])
    for old, new in MONTHS.items():
        text = text.replace(old, new)
    file: Json = json.loads(text) | {"fp": "062026"}
    for entry in (*_entries(file, "a"), *_entries(file, "")):
        number = "nt_num" if "ntty" in entry else "inum"
        original = entry.get("ont_num") or entry.get("oinum")
        entry[number] += "-R" if entry[number] == original else ""
        entry["val"] = max(entry["val"], _footed(entry))
    return file


def _entries(file: Json, amended: str) -> Iterator[Json]:
    for section in ("b2b", "b2cl", "exp", "cdnr"):
        for group in file[section + amended]:
            yield from group.get("inv") or group["nt"]
    yield from file["cdnur" + amended]


@dataclass
class Books:
    """What is entered, in the order in which it has to be."""

    originals: list[Json] = field(default_factory=list)
    notes_first: list[Json] = field(default_factory=list)
    """Notes that are amended."""
    now: list[Json] = field(default_factory=list)
    amendments: list[Json] = field(default_factory=list)


def books_of(file: Json) -> Books:
    """The documents whose return is the file."""
    books, numbers = Books(), count(1)
    for section in ("b2b", "b2cl", "exp"):
        for entry, terms in _with_terms(file, section):
            books.now.append(_document(entry, NOW, **terms))
        for entry, terms in _with_terms(file, f"{section}a"):
            was = entry | {"inum": entry["oinum"], "idt": entry["oidt"]}
            books.originals.append(_document(was, FIRST, **terms | {"shipping_bill": None}))
            books.amendments.append(_document(entry, NOW, amends=f"{entry['oinum']}@2025-26", **terms))
    for section in ("cdnr", "cdnur"):
        for entry, terms in _with_terms(file, section):
            books.now.append(_note(entry, NOW, _against(books, numbers, entry, terms)))
        for entry, terms in _with_terms(file, f"{section}a"):
            against = _against(books, numbers, entry, terms)
            was = entry | {"nt_num": entry["ont_num"], "nt_dt": entry["ont_dt"]}
            books.notes_first.append(_note(was, FIRST, against))
            books.amendments.append(_note(entry, NOW, against, amends=f"{entry['ont_num']}@2025-26"))
    _add_small(books, file, numbers)
    books.now += _untaxed(file)
    return books


def _with_terms(file: Json, section: str) -> Iterator[tuple[Json, Json]]:
    for group in file[section]:
        for entry in group.get("inv") or group.get("nt") or [group]:
            kind = entry.get("typ") or group.get("exp_typ")
            if kind in EXPORTS:
                yield entry, _abroad(kind, entry)
            elif "ctin" in group:
                yield entry, {"customer": party(group["ctin"]), **_terms(entry)}
            else:
                yield entry, _at(entry.get("pos") or group["pos"])


def _add_small(books: Books, file: Json, numbers: Iterator[int]) -> None:
    for row in file["b2cs"]:
        for _ in range(PARTS):
            sold = {**_part(row, 1), **_percent(row), "idt": "10"}
            if row["txval"] < 0:
                books.now.append(_note(sold, NOW, _against(books, numbers, sold, _at(row["pos"])), "credit_note"))
            else:
                books.now.append(_document(sold | {"inum": f"S-{next(numbers)}"}, NOW, **_at(row["pos"])))
    for row in file["b2csa"]:
        month, terms = f"{row['omon'][2:]}-{row['omon'][:2]}", _at(row["pos"])
        for item in row["itms"] * PARTS:
            number = f"S-{next(numbers)}"
            was, sold = ({**_part(item, share), **_percent(row), "idt": "20"} for share in (Decimal("0.5"), 1))
            name, amends = {"inum": number}, f"{number}@2025-26"
            if item["txval"] < 0:
                against = _against(books, numbers, sold, terms)
                books.notes_first.append(_note(was, month, against, "credit_note", number=number))
                books.amendments.append(_note(sold, NOW, against, "credit_note", number=f"{number}-R", amends=amends))
            else:
                books.originals.append(_document(was | name, month, **terms))
                books.amendments.append(_document(sold | {"inum": f"{number}-R"}, NOW, amends=amends, **terms))


def _part(row: Json, share: Decimal | int) -> Json:
    amounts = {key: str(abs(Decimal(str(row[key]))) * share / PARTS) for key in ("txval", "csamt")}
    return {"val": 0, "itms": [{"rt": row["rt"], **amounts}]}


def _percent(row: Json) -> Json:
    return {"diff_percent": row["diff_percent"]} if "diff_percent" in row else {}


def _untaxed(file: Json) -> Iterator[Json]:
    for number, row in enumerate(file["nil"]["inv"]):
        pos = "27" if row["sply_ty"].startswith("INTRA") else "29"
        registered = {"27": "27AAGCB7383J1Z8", "29": "29AAGCB7383J1Z4"}[pos]
        lines = [{**_line(row[key]), "taxability": kind} for key, kind in UNTAXED.items() if row[key]]
        customer = party(registered) if row["sply_ty"].endswith("B2B") else person(pos)
        day = {"date": f"{NOW}-11", "round_off": False, "place_of_supply": pos}
        yield {"number": f"N-{number}", "kind": "bill_of_supply", "customer": customer, "lines": lines, **day}


def _against(books: Books, numbers: Iterator[int], note: Json, terms: Json) -> str:
    """An invoice of three times the note."""
    sold = deepcopy(note)
    for row in _rows(sold):
        row |= {key: str(3 * Decimal(str(row.get(key, 0)))) for key in ("txval", "csamt")}
    number = f"OR-{next(numbers)}"
    books.originals.append(_document(sold | {"inum": number, "idt": "01", "val": 0}, "2026-01", **terms))
    return f"{number}@2025-26"


def _note(entry: Json, month: str, against: str, kind: str | None = None, **more: Any) -> Json:
    number = {"number": entry["nt_num"]} if "nt_num" in entry else {"idempotency_key": f"{against}{more}"}
    made = _document(entry | {"idt": entry.get("nt_dt", "20")}, month)
    del made["number"]
    return made | {"kind": kind or NOTES[entry["ntty"]], "against": against, "reason": "x", **number, **more}


def _document(entry: Json, month: str, **more: Any) -> Json:
    lines = [
        _line(row["txval"]) | {"gst_rate": str(row["rt"]), "cess_per_unit": str(row.get("csamt", 0))}
        for row in _rows(entry)
    ]
    return {
        "number": entry.get("inum"),
        "kind": "tax_invoice",
        "date": f"{month}-{entry['idt'][:2]}",
        "round_off": False,
        "other_charges": str(max(entry["val"] - _footed(entry), 0)) if entry["val"] else "0",
        "lines": lines,
        "differential_percent": "65" if entry.get("diff_percent") else None,
        **more,
    }


def _line(price: object) -> Json:
    return {"description": "Work", "hsn": "998716", "quantity": "1", "unit_price": str(price)}


def _rows(entry: Json) -> list[Json]:
    return [item.get("itm_det", item) for item in entry["itms"]]


def _footed(entry: Json) -> int:
    """What the document comes to: under reverse charge without the taxes."""
    keys = ("txval", "csamt", *(() if entry.get("rchrg") == "Y" else TAXES))
    return int(sum(row.get(key, 0) for row in _rows(entry) for key in keys))


def _terms(entry: Json) -> Json:
    where = {"place_of_supply": entry["pos"], "reverse_charge": entry["rchrg"] == "Y"}
    return {"supply": SUPPLIES[entry["inv_typ"]], **where}


def _abroad(kind: str, entry: Json) -> Json:
    bill = None
    if "sbpcode" in entry:
        day = entry.get("sbdt") and f"{NOW}-{entry['sbdt'][:2]}"
        bill = {"port": entry["sbpcode"], "number": entry.get("sbnum"), "date": day}
    customer = {"name": "Overseas Ltd", "state": "96", "address": {"line1": "1 Street", "country": "Kenya"}}
    return {"supply": EXPORTS[kind], "place_of_supply": "96", "customer": customer, "shipping_bill": bill}


def _at(pos: str) -> Json:
    return {"customer": person(pos), "place_of_supply": pos}


def party(ctin: str) -> Json:
    return {"name": f"Party {ctin}", "gstin": ctin, "address": {"line1": "1 Road"}}


def person(pos: str) -> Json:
    return {"name": f"Person {pos}", "state": pos, "mobile": f"98765432{pos}", "address": {"line1": "1 Lane"}}

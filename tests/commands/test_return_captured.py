"""The file of the official tool, made again from documents that were imported, reported and amended."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Invo

pytestmark = pytest.mark.integration
Json = dict[str, Any]
CAPTURED: Json = json.loads((Path(__file__).parents[1] / "vectors" / "returns_captured.json").read_text())["file"]
SUPPLIES = {"R": "regular", "DE": "deemed_export", "SEWOP": "sez_without_payment"}
FIRST, NOW = "03", "06"
"""The month reported first, of the year before: so a number may be used again, and the month of the file."""


def test_invoices_and_their_amendments_are_those_of_the_captured_file(
    invo: Invo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INVO_NOW", "2026-07-05")
    made = invo("business", "create", "--name", "Filer", "--gstin", CAPTURED["gstin"], "--address", "1 Road")
    assert made.exit_code == 0, made.stderr
    imported(invo, tmp_path, [first for first, _ in amended()])
    locked = invo("return", "lock", f"2026-{FIRST}", "--arn", "AA2703260000001", "--filed-on", "2026-04-10")
    assert locked.exit_code == 0, locked.stderr
    imported(invo, tmp_path, [*plain(), *(second for _, second in amended())])
    written = invo("return", "gstr1", "--period", f"2026-{NOW}", "--out", "-")
    assert written.exit_code == 0, written.stderr
    sections = json.loads(written.stdout)
    for name in ("b2b", "b2ba", "b2cl", "b2cla", "exp", "expa"):
        assert json.dumps(dated(sections[name])) == json.dumps(dated(list(expected(name)))), name


def imported(invo: Invo, folder: Path, documents: list[Json]) -> None:
    file = folder / "documents.jsonl"
    file.write_text("".join(json.dumps(document) + "\n" for document in documents), encoding="utf-8")
    done = invo("import", "invoices", str(file), "--allow-rate", "as captured")
    assert done.exit_code == 0, done.stderr


def plain() -> Iterator[Json]:
    for ctin, inv in listed("b2b", "ctin"):
        yield document(inv, NOW, customer=party(ctin), **terms(inv))
    for pos, inv in listed("b2cl", "pos"):
        yield document(inv, NOW, customer=person(pos), place_of_supply=pos)
    for kind, inv in listed("exp", "exp_typ"):
        yield document(inv, NOW, **abroad(kind, inv))


def amended() -> Iterator[tuple[Json, Json]]:
    for ctin, inv in listed("b2ba", "ctin"):
        yield pair(inv, customer=party(ctin), **terms(inv))
    for pos, inv in listed("b2cla", "pos"):
        yield pair(inv, customer=person(pos), place_of_supply=pos)
    for kind, inv in listed("expa", "exp_typ"):
        yield pair(inv, **abroad(kind, inv))


def listed(section: str, key: str) -> Iterator[tuple[str, Json]]:
    for group in expected(section):
        yield from ((group[key], inv) for inv in group["inv"])


def expected(section: str) -> Iterator[Json]:
    """The captured groups as books can hold them: no bonded warehouse, an amendment under a number of its own.

    The captured values do not always come to the sum of their rows: what is missing is charged beside the supply.
    """
    for group in CAPTURED[section]:
        kept = [inv for inv in group["inv"] if inv.get("inv_typ") != "CBW"]
        yield group | {"inv": [own_number(inv) | {"val": max(inv["val"], footed(inv))} for inv in kept]}


def own_number(inv: Json) -> Json:
    return inv | {"inum": f"{inv['inum']}-R"} if inv["inum"] == inv.get("oinum") else inv


def footed(inv: Json) -> int:
    rows = [row.get("itm_det", row) for row in inv["itms"]]
    return int(sum(row.get(key, 0) for row in rows for key in ("txval", "iamt", "camt", "samt", "csamt")))


def pair(inv: Json, **more: Any) -> tuple[Json, Json]:
    first = document(inv | {"inum": inv["oinum"], "idt": inv["oidt"]}, FIRST, **more)
    return first, document(inv, NOW, amends=f"{inv['oinum']}@2025-26", **more)


def document(inv: Json, month: str, **more: Any) -> Json:
    lines = [
        {
            "description": "Work",
            "hsn": "998716",
            "quantity": "1",
            "unit_price": str(row["txval"]),
            "gst_rate": str(row["rt"]),
            "cess_per_unit": str(row.get("csamt", 0)),
        }
        for row in (item.get("itm_det", item) for item in inv["itms"])
    ]
    missing = Decimal(max(inv["val"] - footed(inv), 0))
    terms = {"differential_percent": "65"} if inv.get("diff_percent") else {}
    return {
        "number": inv["inum"],
        "kind": "tax_invoice",
        "date": f"2026-{month}-{inv['idt'][:2]}",
        "round_off": False,
        "other_charges": str(missing),
        "lines": lines,
        **terms,
        **more,
    }


def terms(inv: Json) -> Json:
    return {
        "supply": SUPPLIES[inv["inv_typ"]],
        "place_of_supply": inv["pos"],
        "reverse_charge": inv["rchrg"] == "Y",
    }


def abroad(kind: str, inv: Json) -> Json:
    bill: Json = {}
    if "sbpcode" in inv:
        day = inv.get("sbdt") and f"2026-{NOW}-{inv['sbdt'][:2]}"
        bill = {"shipping_bill": {"port": inv["sbpcode"], "number": inv.get("sbnum"), "date": day}}
    supply = "export_with_payment" if kind == "WPAY" else "export_without_payment"
    customer = {"name": "Overseas Ltd", "state": "96", "address": {"line1": "1 Street", "country": "Kenya"}}
    return {"supply": supply, "place_of_supply": "96", "customer": customer, **bill}


def party(ctin: str) -> Json:
    return {"name": f"Party {ctin}", "gstin": ctin, "address": {"line1": "1 Road"}}


def person(pos: str) -> Json:
    return {"name": f"Person {pos}", "state": pos, "mobile": f"98765432{pos}", "address": {"line1": "1 Lane"}}


def dated(groups: Any) -> Any:
    """The groups with the day alone of every date: books hold no dates before the period that was reported first."""
    if isinstance(groups, list):
        return [dated(each) for each in groups]
    if isinstance(groups, dict):
        return {key: value[:2] if key in ("idt", "oidt", "sbdt") else dated(value) for key, value in groups.items()}
    return groups

"""From the rows of one sheet of the GSTR-1 workbook to the section of the return's JSON: same keys, same nesting.

The sheets have rates and taxable values; the tax is computed as the offline tool does it when it imports them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from invo_cli.errors import InvalidError
from invo_cli.gst.money import round_paise
from invo_cli.imports.gstr1_cells import original_month

Values = dict[str, Any]
"""One row by the keys of the JSON; what the sheet does not have is absent."""
Section = Any


@dataclass(frozen=True, slots=True)
class Documents:
    """How a section nests its documents: `outer` groups them, `number` tells them apart, `head` are their keys."""

    outer: str | None
    array: str
    number: str
    head: tuple[str, ...]
    is_bare: bool = False
    """Whether items stand without `num` and `itm_det`."""


@dataclass(slots=True)
class _Items:
    """The document of a group and the value, cess and taxable value of each of its rates."""

    head: Values
    rates: dict[Decimal, tuple[Decimal, Decimal]] = field(default_factory=dict)

    def add(self, row: Values, value: str) -> None:
        txval, csamt = self.rates.get(row["rt"], (Decimal(0), Decimal(0)))
        self.rates[row["rt"]] = (txval + row[value], csamt + row.get("csamt", Decimal(0)))


def documents(shape: Documents, rows: Iterable[Values], state: str) -> Section:
    """b2b, b2cl, cdnr, cdnur, exp and their amendments: rows of one number are the rates of one document.

    Raises InvalidError when rows of one number contradict each other.
    """
    groups: dict[str, dict[str, _Items]] = {}
    for row in rows:
        group = groups.setdefault(row[shape.outer] if shape.outer else "", {})
        head = {key: row[key] for key in shape.head if row.get(key) not in (None, "")}
        document = group.setdefault(row[shape.number].upper(), _Items(head))
        if document.head != head:
            other = next(key for key in {**head, **document.head} if head.get(key) != document.head.get(key))
            raise InvalidError(f"{row[shape.number]} has another {other} than in a row above.")
        document.add(row, "txval")
    made = {key: [_document(shape, each, key, state) for each in group.values()] for key, group in groups.items()}
    if shape.outer is None:
        return made.get("", [])
    return [{shape.outer: key, shape.array: array} for key, array in made.items()]


_KINDS: Mapping[str | None, str] = {"ctin": "R", "pos": ""}
"""The kind of supply where no column says it; of exports it is what they are grouped by."""


def _document(shape: Documents, document: _Items, outer: str, state: str) -> Values:
    place = outer if shape.outer == "pos" else document.head.get("pos", "")
    kind = document.head.get("inv_typ") or _KINDS.get(shape.outer, outer) or document.head.get("typ", "")
    share = document.head.get("diff_percent", Decimal(1))
    items = []
    for rate, (txval, csamt) in document.rates.items():
        taxes = _taxes(txval, rate, share, kind=kind, is_intra=place == state and kind in ("R", "DE"))
        item = {"txval": txval, "rt": rate, **taxes, "csamt": csamt}
        items.append(item if shape.is_bare else {"num": int(rate * 100) + 1, "itm_det": item})
    return {**document.head, "itms": items}


def _taxes(txval: Decimal, rate: Decimal, share: Decimal, *, kind: str, is_intra: bool) -> Values:
    if kind in ("SEWOP", "WOPAY", "EXPWOP"):
        return {"iamt": Decimal(0)}
    if is_intra:
        half = round_paise(txval * rate * share / 200)
        return {"camt": half, "samt": half}
    return {"iamt": round_paise(txval * rate * share / 100)}


def small(rows: Iterable[Values], state: str) -> Section:
    """b2cs: flat, one record for each place, rate and share."""
    return [
        _supply(row, state) | _described(row) | {"txval": row["txval"]} | _tax_of(row, "txval", state)
        for row in _summed(rows, "txval")
    ]


def small_amended(rows: Iterable[Values], state: str) -> Section:
    """b2csa: one record for each month, place and share, with its rates."""
    return [
        {"omon": month, **_supply(row, state), **_described(row, rate=False), "itms": items}
        for month, row, items in _nested(rows, "txval", state)
    ]


def advances(rows: Iterable[Values], state: str) -> Section:
    """at and txpd, and by month ata and txpda: one record for each place and share, with its rates."""
    made = []
    for month, row, items in _nested(rows, "ad_amt", state):
        head = {"omon": month} if month else {}
        made.append({**head, "pos": row["pos"], **_supply(row, state), **_share(row), "itms": items})
    return made


def _nested(rows: Iterable[Values], value: str, state: str) -> Iterator[tuple[str, Values, list[Values]]]:
    groups: dict[tuple[Any, ...], list[Values]] = {}
    for row in _summed(rows, value):
        groups.setdefault((_month(row), row["pos"], row.get("diff_percent")), []).append(row)
    for (month, *_), members in groups.items():
        items = [{"rt": row["rt"], value: row[value]} | _tax_of(row, value, state) for row in members]
        yield month, members[0], items


def _summed(rows: Iterable[Values], value: str) -> list[Values]:
    """Rows of the same month, place, rate and share as one."""
    found: dict[tuple[Any, ...], Values] = {}
    for row in rows:
        key = (_month(row), row["pos"], row["rt"], row.get("diff_percent"))
        if key in found:
            found[key][value] += row[value]
            found[key]["csamt"] = found[key].get("csamt", Decimal(0)) + row.get("csamt", Decimal(0))
        else:
            found[key] = dict(row)
    return list(found.values())


def _supply(row: Values, state: str) -> Values:
    return {"sply_ty": "INTRA" if row["pos"] == state else "INTER"}


def _described(row: Values, rate: bool = True) -> Values:
    head = {"rt": row["rt"]} if rate else {}
    return {**head, "typ": row.get("typ") or "OE", "pos": row["pos"], **_share(row)}


def _share(row: Values) -> Values:
    return {"diff_percent": row["diff_percent"]} if row.get("diff_percent") else {}


def _tax_of(row: Values, value: str, state: str) -> Values:
    share = row.get("diff_percent") or Decimal(1)
    taxes = _taxes(row[value], row["rt"], share, kind="", is_intra=row["pos"] == state)
    return {**taxes, "csamt": row.get("csamt", Decimal(0))}


def _month(row: Values) -> str:
    return original_month(row["year"], row["month"]) if "year" in row else ""


def untaxed(rows: Iterable[Values], state: str) -> Section:
    """nil: one record for each kind of supply."""
    keys = ("expt_amt", "nil_amt", "ngsup_amt")
    made = [{"sply_ty": row["nil"], **{key: row[key] for key in keys}} for row in rows]
    return {"inv": [each for each in made if any(each[key] for key in keys)]}


def codes(name: str, text: str) -> Callable[[Iterable[Values], str], Section]:
    """hsn.data, hsn.hsn_b2b or hsn.hsn_b2c; `text` is the key of the description."""
    keys = ["uqc", "qty", "val", "rt", "txval", "iamt", "samt", "camt", "csamt"]
    if name != "data":
        keys.remove("val")

    def made(rows: Iterable[Values], state: str) -> Section:
        return {
            name: [
                {"num": number, "hsn_sc": row["hsn_sc"]}
                | ({text: row["desc"]} if row.get("desc") else {})
                | {key: row[key] for key in keys if key in row}
                for number, row in enumerate(rows, 1)
            ]
        }

    return made


def issued(rows: Iterable[Values], state: str) -> Section:
    """doc_issue: the ranges of each nature of document."""
    natures: dict[int, Values] = {}
    for row in rows:
        number, name = row["doc_typ"]
        nature = natures.setdefault(number, {"doc_num": number, "doc_typ": name, "docs": []})
        ranges: list[Values] = nature["docs"]
        total, cancelled = row["totnum"], row.get("cancel", 0)
        counts = {"totnum": total, "cancel": cancelled, "net_issue": total - cancelled}
        ranges.append({"num": len(ranges) + 1, "from": row["from"], "to": row["to"], **counts})
    return {"doc_det": [natures[number] for number in sorted(natures)]}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of the workbook: its section, the fields it must have, those it may have, and how it is nested."""

    section: str
    required: Sequence[str]
    made: Callable[[Iterable[Values], str], Section]
    optional: Sequence[str] = ()


def _sheet_of(section: str, shape: Documents, required: str, optional: str = "diff_percent csamt") -> Sheet:
    def made(rows: Iterable[Values], state: str) -> Section:
        return documents(shape, rows, state)

    return Sheet(section, required.split(), made, optional.split())


_B2B = ("inum", "idt", "val", "pos", "rchrg", "diff_percent", "inv_typ")
_B2CL = ("inum", "idt", "val", "diff_percent")
_CDNR = ("nt_num", "nt_dt", "ntty", "val", "pos", "rchrg", "inv_typ", "diff_percent")
_CDNUR = ("typ", "nt_num", "nt_dt", "ntty", "val", "pos", "diff_percent")
_EXP = ("inum", "idt", "val", "sbpcode", "sbnum", "sbdt")
_OLD, _OLD_NOTE = ("oinum", "oidt"), ("ont_num", "ont_dt")
_PLACE_RATE = ("pos", "rt")
_HSN = ("hsn_sc", "uqc", "qty", "txval", "iamt", "camt", "samt")

SHEETS: Mapping[str, Sheet] = {
    "b2b": _sheet_of("b2b", Documents("ctin", "inv", "inum", _B2B), "ctin inum idt val pos rchrg inv_typ rt txval"),
    "b2ba": _sheet_of(
        "b2ba", Documents("ctin", "inv", "inum", _OLD + _B2B), "ctin oinum oidt inum idt val pos rchrg inv_typ rt txval"
    ),
    "b2cl": _sheet_of("b2cl", Documents("pos", "inv", "inum", _B2CL), "inum idt val pos rt txval"),
    "b2cla": _sheet_of("b2cla", Documents("pos", "inv", "inum", _OLD + _B2CL), "oinum oidt inum idt val pos rt txval"),
    "b2cs": Sheet("b2cs", (*_PLACE_RATE, "txval"), small, ("typ", "diff_percent", "csamt")),
    "b2csa": Sheet("b2csa", ("year", "month", *_PLACE_RATE, "txval"), small_amended, ("typ", "diff_percent", "csamt")),
    "cdnr": _sheet_of(
        "cdnr",
        Documents("ctin", "nt", "nt_num", _CDNR),
        "ctin nt_num nt_dt ntty val rt txval",
        "pos rchrg inv_typ diff_percent csamt",
    ),
    "cdnra": _sheet_of(
        "cdnra",
        Documents("ctin", "nt", "nt_num", _OLD_NOTE + _CDNR),
        "ctin ont_num ont_dt nt_num nt_dt ntty val rt txval",
        "pos rchrg inv_typ diff_percent csamt",
    ),
    "cdnur": _sheet_of(
        "cdnur",
        Documents(None, "", "nt_num", _CDNUR),
        "typ nt_num nt_dt ntty val rt txval",
        "pos diff_percent csamt",
    ),
    "cdnura": _sheet_of(
        "cdnura",
        Documents(None, "", "nt_num", _OLD_NOTE + _CDNUR),
        "typ ont_num ont_dt nt_num nt_dt ntty val rt txval",
        "pos diff_percent csamt",
    ),
    "exp": _sheet_of(
        "exp",
        Documents("exp_typ", "inv", "inum", _EXP, is_bare=True),
        "exp_typ inum idt val rt txval",
        "sbpcode sbnum sbdt csamt",
    ),
    "expa": _sheet_of(
        "expa",
        Documents("exp_typ", "inv", "inum", _OLD + _EXP, is_bare=True),
        "exp_typ oinum oidt inum idt val rt txval",
        "sbpcode sbnum sbdt csamt",
    ),
    "at": Sheet("at", (*_PLACE_RATE, "ad_amt"), advances, ("diff_percent", "csamt")),
    "ata": Sheet("ata", ("year", "month", *_PLACE_RATE, "ad_amt"), advances, ("diff_percent", "csamt")),
    "atadj": Sheet("txpd", (*_PLACE_RATE, "ad_amt"), advances, ("diff_percent", "csamt")),
    "atadja": Sheet("txpda", ("year", "month", *_PLACE_RATE, "ad_amt"), advances, ("diff_percent", "csamt")),
    "exemp": Sheet("nil", ("nil", "nil_amt", "expt_amt", "ngsup_amt"), untaxed),
    "hsn": Sheet("hsn", _HSN, codes("data", "desc"), ("desc", "val", "rt", "csamt")),
    "hsnb2b": Sheet("hsn", (*_HSN, "rt"), codes("hsn_b2b", "user_desc"), ("desc", "csamt")),
    "hsnb2c": Sheet("hsn", (*_HSN, "rt"), codes("hsn_b2c", "user_desc"), ("desc", "csamt")),
    "docs": Sheet("doc_issue", ("doc_typ", "from", "to", "totnum"), issued, ("cancel",)),
}
"""By the key of the sheet's name; `b2b,sez,de` is `b2b`."""

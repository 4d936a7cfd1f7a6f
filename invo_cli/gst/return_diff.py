"""Two GSTR-1 files compared document by document: what only one has, and where they differ, in words.

Only what a return states is compared: the portal's own marks (flag, updby, cflag, chksum and the like), names and the
numbering of items are ignored, and an amount that is absent is 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from invo_cli.gst.document import ZERO

Facts = dict[str, Any]
"""What a file says of one document or row, by field; amounts at a rate are called `txval 18`."""
File = Mapping[tuple[str, str], Facts]
"""The facts by section and subject: a number, or what a row stands for."""
_AMOUNTS = ("txval", "ad_amt", "iamt", "camt", "samt", "csamt")
_TAXES = ("suppval", "igst", "cgst", "sgst", "cess")
WORDS: Mapping[str, str] = MappingProxyType(
    {
        "ctin": "recipient", "idt": "date", "nt_dt": "date", "val": "value", "pos": "place of supply",
        "rchrg": "reverse charge", "inv_typ": "type", "ntty": "kind of note", "typ": "type", "exp_typ": "type",
        "diff_percent": "differential rate", "sbpcode": "port", "sbnum": "shipping bill", "sbdt": "shipping bill date",
        "oinum": "original number", "oidt": "original date", "ont_num": "original number", "ont_dt": "original date",
        "txval": "taxable value", "ad_amt": "advance", "iamt": "IGST", "camt": "CGST", "samt": "SGST", "csamt": "cess",
        "igst": "IGST", "cgst": "CGST", "sgst": "SGST", "cess": "cess", "suppval": "value", "qty": "quantity",
        "expt_amt": "exempt", "nil_amt": "nil rated", "ngsup_amt": "non-GST", "totnum": "total number",
        "cancel": "cancelled", "net_issue": "net issued",
    }
)  # fmt: skip
"""What the keys mean."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs; `field` is None where one of the files lacks the whole document or row."""

    section: str
    subject: str
    field: str | None
    first: Any
    second: Any

    def message(self, first: str, second: str) -> str:
        """The difference as a sentence; the arguments are what the files are called."""
        if self.field is None:
            where = second if self.first is None else first
            return f"{self.subject} ({self.section}) is only in {where}."
        name, _, rate = self.field.partition(" ")
        what = WORDS.get(name, name) + (f" at {rate} %" if rate else "")
        return (
            f"{self.subject} ({self.section}): {what} is {_shown(self.first)} in {first}"
            f" and {_shown(self.second)} in {second}."
        )


def differences(first: Mapping[str, Any], second: Mapping[str, Any]) -> Iterator[Difference]:
    """What differs between two returns read from JSON, in the order of the first, then what only the second has."""
    here, there = facts(first), facts(second)
    for key, found in here.items():
        if key not in there:
            yield Difference(*key, None, key[1], None)
            continue
        other = there[key]
        for field in dict.fromkeys((*found, *other)):
            usual = ZERO if _is_amount(field) else None
            one, two = found.get(field, usual), other.get(field, usual)
            if one != two:
                yield Difference(*key, field, one, two)
    yield from (Difference(*key, None, None, key[1]) for key in there if key not in here)


def facts(sections: Mapping[str, Any]) -> File:
    """What a file says, by section and subject; sections and keys that are not of a return are left out."""
    found: dict[tuple[str, str], Facts] = {}
    for name in ("gstin", "fp"):
        found["header", name] = {"value": sections.get(name)}
    for section, read in _READERS.items():
        for subject, fields in read(sections.get(section) or ()):
            place = (section, subject)
            while place in found:  # a number that stands twice is told as often
                place = (section, f"{place[1]} again")
            found[place] = {name: value for name, value in fields.items() if value not in (None, "")}
    return found


def _documents(number: str, fields: Sequence[str], outer: str | None, inner: str | None) -> Any:
    """A reader of documents by number; `outer` is what their group is known by, `inner` the key of its list."""

    def read(section: Any) -> Iterator[tuple[str, Facts]]:
        for group in _objects(section):
            for each in _objects(group.get(inner, ()) if inner else [group]):
                known = {outer: group.get(outer)} if outer else {}
                own = {name: _plain(each.get(name)) for name in fields}
                yield str(each.get(number)).upper(), known | own | _items(each)

    return read


def _rows(keys: Sequence[str], fields: Sequence[str], members: Sequence[str] = ()) -> Any:
    """A reader of rows, which are known by their keys; `members` are the lists of an object."""

    def read(section: Any) -> Iterator[tuple[str, Facts]]:
        lists = [(f"{member} ", section.get(member)) for member in members] if members and section else [("", section)]
        for prefix, rows in lists:
            for row in _objects(rows):
                name = " ".join(str(_plain(row[key])) for key in keys if row.get(key) not in (None, ""))
                yield prefix + name, {field: _plain(row.get(field)) for field in fields} | _items(row)

    return read


def _issued(section: Any) -> Iterator[tuple[str, Facts]]:
    for nature in _objects((section or {}).get("doc_det")):
        for each in _objects(nature.get("docs")):
            name = f"{nature.get('doc_num')}: {each.get('from')} to {each.get('to')}"
            yield name, {field: _plain(each.get(field)) for field in ("totnum", "cancel", "net_issue")}


def _items(each: Mapping[str, Any]) -> Facts:
    """The amounts at each rate, added up."""
    found: Facts = {}
    for item in _objects(each.get("itms")):
        detail = item.get("itm_det", item)
        rate = _plain(detail.get("rt", 0))
        for name in _AMOUNTS:
            if name in detail:
                key = f"{name} {rate}"
                found[key] = found.get(key, ZERO) + Decimal(detail[name])
    return {name: _plain(value) for name, value in found.items()}


def _objects(section: Any) -> Iterator[Mapping[str, Any]]:
    yield from (each for each in section or () if isinstance(each, Mapping))


def _plain(value: Any) -> Any:
    """A number without idle zeros, a text in upper case; 0 of an amount is the same as none."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        number = Decimal(value)
        return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()
    return value.upper() if isinstance(value, str) else value


def _is_amount(field: str) -> bool:
    return field.partition(" ")[0] in (*_AMOUNTS, *_TAXES, "qty", "expt_amt", "nil_amt", "ngsup_amt", "cancel")


def _shown(value: Any) -> str:
    return "absent" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


_INVOICE = ("idt", "val", "pos", "rchrg", "inv_typ", "diff_percent", "oinum", "oidt")
_NOTE = ("nt_dt", "ntty", "val", "pos", "rchrg", "inv_typ", "typ", "diff_percent", "ont_num", "ont_dt")
_EXPORT = ("idt", "val", "sbpcode", "sbnum", "sbdt", "oinum", "oidt")
_HSN = ("qty", "val", "txval", "iamt", "camt", "samt", "csamt")
_READERS: Mapping[str, Any] = MappingProxyType(
    {
        **dict.fromkeys(("b2b", "b2ba"), _documents("inum", _INVOICE, "ctin", "inv")),
        **dict.fromkeys(("b2cl", "b2cla"), _documents("inum", _INVOICE, "pos", "inv")),
        **dict.fromkeys(("exp", "expa"), _documents("inum", _EXPORT, "exp_typ", "inv")),
        **dict.fromkeys(("cdnr", "cdnra"), _documents("nt_num", _NOTE, "ctin", "nt")),
        **dict.fromkeys(("cdnur", "cdnura"), _documents("nt_num", _NOTE, None, None)),
        **dict.fromkeys(("b2cs", "b2csa"), _rows(("omon", "sply_ty", "pos", "rt", "diff_percent"), _AMOUNTS)),
        **dict.fromkeys(("at", "ata", "txpd", "txpda"), _rows(("omon", "sply_ty", "pos", "diff_percent"), ())),
        "nil": _rows(("sply_ty",), ("expt_amt", "nil_amt", "ngsup_amt"), ("inv",)),
        "hsn": _rows(("hsn_sc", "uqc", "rt"), _HSN, ("data", "hsn_b2b", "hsn_b2c")),
        **dict.fromkeys(("supeco", "supecoa"), _rows(("omon", "etin"), _TAXES, ("clttx", "paytx", "clttxa", "paytxa"))),
        "doc_issue": _issued,
    }
)

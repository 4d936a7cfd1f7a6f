"""The tool's "View Summary": what each section states, as one row per section."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from invo_cli.gst.returns.arrays import IFF
from invo_cli.gst.returns.choice import AMENDED
from invo_cli.gst.returns.gstr1 import Gstr1

TITLES: Mapping[str, str] = MappingProxyType(
    {
        "b2b": "Registered, SEZ and deemed exports - 4A, 4B, 6B, 6C",
        "b2ba": "Registered, amended - 9A",
        "b2cl": "Unregistered, large - 5",
        "b2cla": "Unregistered, large, amended - 9A",
        "b2cs": "Unregistered, small - 7",
        "b2csa": "Unregistered, small, amended - 10",
        "cdnr": "Notes to registered - 9B",
        "cdnra": "Notes to registered, amended - 9C",
        "cdnur": "Notes to unregistered - 9B",
        "cdnura": "Notes to unregistered, amended - 9C",
        "exp": "Exports - 6A",
        "expa": "Exports, amended - 9A",
        "at": "Advances received - 11A",
        "ata": "Advances received, amended - 11A",
        "txpd": "Advances adjusted - 11B",
        "txpda": "Advances adjusted, amended - 11B",
        "nil": "Nil rated, exempt, non-GST - 8",
        "supeco": "Through e-commerce operators - 14",
        "supecoa": "Through e-commerce operators, amended - 14A",
        "hsn": "By HSN - 12",
        "hsn_b2b": "By HSN, registered - 12",
        "hsn_b2c": "By HSN, unregistered - 12",
        "doc_issue": "Documents issued - 13",
    }
)
"""The sections in the order of the tool's summary, with the tables of the form."""


_WITH_VALUE = frozenset((*AMENDED, *AMENDED.values()))
_HSN = {"hsn": ("hsn", "data"), "hsn_b2b": ("hsn", "hsn_b2b"), "hsn_b2c": ("hsn", "hsn_b2c")}


@dataclass(frozen=True, slots=True)
class SectionSummary:
    """One section: how many documents or rows, and their sums in paise with credit notes taken back."""

    section: str
    title: str
    count: int
    """Documents, or rows where the section has no documents; of table 13 what was issued and not cancelled."""
    value_paise: int | None
    """Invoice values; None where the section states none."""
    taxable_paise: int
    igst_paise: int
    cgst_paise: int
    sgst_paise: int
    cess_paise: int


def summarize(gstr1: Gstr1, *, iff: bool = False) -> list[SectionSummary]:
    """The sections that are not empty; of the invoice furnishing facility only its own."""
    rows = (_row(gstr1, section) for section in TITLES if not iff or section in IFF)
    return [row for row in rows if row.count]


def _row(gstr1: Gstr1, section: str) -> SectionSummary:
    figures = gstr1.stated[section]
    value = figures.value if section in _WITH_VALUE else None
    return SectionSummary(section, TITLES[section], _count(gstr1, section), value, *figures.heads)


def _count(gstr1: Gstr1, section: str) -> int:
    if section == "doc_issue":
        return sum(found.total - found.cancelled for _, found in gstr1.issued)
    if section == "b2csa":
        return sum(place in gstr1.touched_places for place, _ in gstr1.restated.rows)
    top, member = _HSN.get(section, (section, None))
    return sum(len(array) for name, array in gstr1.arrays.items() if name[0] == top and member in (None, name[1]))

"""Which section of GSTR-1 the taxable lines of a document belong to, and which month's rules hold."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from invo_cli.gst.document import Supply
from invo_cli.gst.returns.books import Document, Filer
from invo_cli.gst.states import OVERSEAS

_LIMIT_BEFORE, _LIMIT = 250_000_00, 100_000_00


class Section(StrEnum):
    """Where a value is reported; every taxable line lands in exactly one, untaxed lines in `NIL`."""

    B2B = "b2b"
    B2CL = "b2cl"
    B2CS = "b2cs"
    EXP = "exp"
    CDNR = "cdnr"
    CDNUR = "cdnur"
    NIL = "nil"
    PAYTX = "paytx"
    """Supplies on which an e-commerce operator pays the tax (s.9(5)); part of `supeco`."""

    __hash__ = str.__hash__  # that of Enum is a call in Python, and every document is looked up by its section


AMENDED: Mapping[Section, str] = MappingProxyType(
    {
        Section.B2B: "b2ba",
        Section.B2CL: "b2cla",
        Section.EXP: "expa",
        Section.CDNR: "cdnra",
        Section.CDNUR: "cdnura",
    }
)
"""The section in which a document of the key's section is corrected; small supplies are restated in b2csa."""

INVOICE_TYPES: Mapping[Supply, str] = MappingProxyType(
    {
        Supply.REGULAR: "R",
        Supply.SEZ_WITH_PAYMENT: "SEWP",
        Supply.SEZ_WITHOUT_PAYMENT: "SEWOP",
        Supply.DEEMED_EXPORT: "DE",
        Supply.INTRA_STATE_IGST: "CBW",
        Supply.EXPORT_WITH_PAYMENT: "R",
        Supply.EXPORT_WITHOUT_PAYMENT: "R",
    }
)
"""`inv_typ` of b2b and cdnr."""


def ordinal(period: str) -> int:
    """MMYYYY as YYYYMM, a number that grows with time."""
    return int(period[2:] + period[:2])


def large_limit(period: str) -> int:
    """Paise which an inter-state invoice to an unregistered buyer must exceed to be reported singly.

    2,50,000 rupees until July 2024, 1,00,000 since (12/2024-Central Tax).
    """
    return _LIMIT if ordinal(period) >= 202408 else _LIMIT_BEFORE


def section_of(document: Document, filer: Filer) -> Section:
    """The section of the document's taxable lines, by the rules of `document.period`."""
    if document.ecommerce_section == "9(5)":
        return Section.PAYTX
    is_note = document.is_note
    if is_foreign(document):
        return Section.CDNUR if is_note else Section.EXP
    if document.gstin is not None:
        return Section.CDNR if is_note else Section.B2B
    if is_note:
        return Section.CDNUR if document.pos != filer.state and _is_large_note(document) else Section.B2CS
    is_inter = document.pos != filer.state or filer.is_sez
    return Section.B2CL if is_inter and document.value_paise > large_limit(document.period) else Section.B2CS


def is_foreign(document: Document) -> bool:
    """An export: a foreign buyer whose goods or services are delivered in India is none."""
    if document.supply is not Supply.REGULAR and document.supply.is_export:  # most are regular: no call for them
        return True
    return document.pos == OVERSEAS and document.gstin is None


def export_without_payment(document: Document) -> bool:
    """Whether the export bears no tax."""
    return document.supply is not Supply.EXPORT_WITH_PAYMENT and document.supply.is_without_payment


def _is_large_note(note: Document) -> bool:
    """A note follows its original, by the limit of the original's own period; the note itself may be large too."""
    original = note.original
    if original is not None and original.value_paise > large_limit(original.period):
        return True
    return note.value_paise > large_limit(note.period)

"""Which documents are reported to the invoice portal, until when, and how long a report can be cancelled."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from invo_cli.errors import InvalidError
from invo_cli.gst.document import Document, Kind, Taxability
from invo_cli.gst.einvoice.conditions import EARLIEST
from invo_cli.gst.einvoice.irn import TYPES
from invo_cli.gst.text import quoted

CANCEL_WITHIN = dt.timedelta(hours=24)
"""From the acknowledgement (CGST Rules 48(4) with the portal's rules)."""
CANCEL_REASONS: Mapping[int, str] = MappingProxyType(
    {1: "duplicate", 2: "data-entry-mistake", 3: "order-cancelled", 4: "others"}
)
"""The codes of the invoice portal; those of the e-way bill are others."""

DAYS = 30
_UIN = re.compile("[0-9]{4}[A-Z]{3}[0-9]{5}[UO]N[0-9A-Z]")
# From these days on the portal refuses what is older than 30 days, the day of its date included, from this aggregate
# turnover on. What counts is the day of the report: older documents could be reported until the day before.
_LIMITS = ((dt.date(2025, 4, 1), Decimal(100_000_000)), (dt.date(2023, 11, 1), Decimal(1_000_000_000)))


def why_not(document: Document) -> str | None:
    """Why a document is not reported, as the rest of the sentence "INV/1 …"; None when it is."""
    if not document.seller.gstin:
        return "has a seller without GSTIN"
    if document.kind not in TYPES:
        return f"is {_NAMES.get(document.kind, 'no tax invoice')}, which is not reported"
    if document.seller.is_composition:
        return "is of a composition taxable person, whose documents are not reported"
    if document.amends is not None:
        return "amends a reported document: the portal takes no amendments, GSTR-1 does"
    return _why_not_party(document) or _why_not_value(document)


def _why_not_party(document: Document) -> str | None:
    if document.supply.is_export:
        return None
    gstin = document.buyer.gstin
    if not gstin:
        return "goes to an unregistered person (B2C), which is not reported"
    # UIN holders count as consumers (Circular 156/12/2021).
    return "goes to a holder of a UIN, which is not reported" if _UIN.fullmatch(gstin) else None


def _why_not_value(document: Document) -> str | None:
    if not any(line.taxability is Taxability.TAXABLE for line in document.lines):
        return "has no taxable line, so it is not reported"
    if document.date < EARLIEST:
        return f"is dated before {EARLIEST}, when e-invoices began"
    return None


def reason_code(text: str, reasons: Mapping[int, str]) -> int:
    """The code of a reason of cancellation, given by its digit or its name; InvalidError lists them."""
    given = text.strip().lower()
    code = next((code for code, name in reasons.items() if given in (str(code), name)), None)
    if code is None:
        listed = ", ".join(f"{code} {name}" for code, name in reasons.items())
        raise InvalidError(f"There is no reason {quoted(text)}.", hint=f"One of: {listed}.")
    return code


def last_day(on: dt.date, turnover: Decimal | None) -> dt.date | None:
    """The last day on which the portal takes a document of this date; None when there is none for this turnover."""
    applied = [since for since, least in _LIMITS if turnover is not None and turnover >= least]
    if not applied:
        return None
    return max(on + dt.timedelta(days=DAYS - 1), min(applied) - dt.timedelta(days=1))


_NAMES = {
    Kind.BILL_OF_SUPPLY: "a bill of supply",
    Kind.INVOICE_CUM_BILL_OF_SUPPLY: "an invoice-cum-bill of supply",
}

"""The invoice reference number: a hash that anybody can compute before the portal does."""

from __future__ import annotations

import datetime as dt
import hashlib
from enum import StrEnum

from invo_cli.gst.document import Kind
from invo_cli.gst.periods import FinancialYear

UPPER_CASE_SINCE = dt.date(2025, 6, 1)
"""From this document date on the portal takes numbers without regard to case (GSTN advisory of 2025-04-04)."""


class DocumentType(StrEnum):
    """DocDtls.Typ: the kinds of documents that are reported."""

    INVOICE = "INV"
    CREDIT_NOTE = "CRN"
    DEBIT_NOTE = "DBN"


TYPES = {
    Kind.TAX_INVOICE: DocumentType.INVOICE,
    Kind.CREDIT_NOTE: DocumentType.CREDIT_NOTE,
    Kind.DEBIT_NOTE: DocumentType.DEBIT_NOTE,
}
"""An invoice-cum-bill of supply goes to unregistered persons alone, so it is never reported."""


def irn(gstin: str, on: dt.date, kind: DocumentType, number: str) -> str:
    """SHA-256 of GSTIN, financial year of the document date, type and number, 64 hexadecimal digits in lower case."""
    counted = number.upper() if on >= UPPER_CASE_SINCE else number
    return hashlib.sha256(f"{gstin}{FinancialYear.of(on)}{kind}{counted}".encode()).hexdigest()

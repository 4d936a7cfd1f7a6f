"""Which documents need an e-way bill, until when one can be made, and why one can be cancelled (CGST Rules 138)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from invo_cli.gst.document import Document, Kind, Taxability
from invo_cli.gst.tax import DocumentTax

THRESHOLD = Decimal(50_000)
"""Rupees with tax; States may have raised it for movements inside them, many to 1,00,000."""
OLDEST = dt.timedelta(days=180)
"""How old a document may be when its e-way bill is made, from 2025-01-01."""
CANCEL_REASONS: Mapping[int, str] = MappingProxyType(
    {1: "duplicate", 2: "order-cancelled", 3: "data-entry-mistake", 4: "others"}
)
"""The codes of the e-way bill portal: 2 and 3 mean the reverse of what they mean on the invoice portal."""


def consignment_value(tax: DocumentTax) -> Decimal:
    """The total with tax; on a document of taxable and other goods without the value of the others (Explanation 2)."""
    untaxed = [line.total for line in tax.lines if line.line.taxability is not Taxability.TAXABLE]
    has_taxable = len(untaxed) < len(tax.lines)
    return tax.total - sum(untaxed, Decimal(0)) if has_taxable else tax.total


def is_needed(tax: DocumentTax) -> bool:
    """Whether the value of the consignment asks for an e-way bill."""
    return consignment_value(tax) > THRESHOLD


def why_not(document: Document, today: dt.date) -> str | None:
    """Why no e-way bill can be made of a document, as the rest of the sentence "INV/1 …"; None when one can."""
    if document.kind is Kind.DEBIT_NOTE:
        return "is a debit note: nothing moves with it"
    if all(line.is_service for line in document.lines):
        return "has no goods, and services need no e-way bill"
    if document.date < today - OLDEST:
        return f"is older than {OLDEST.days} days: the portal makes no e-way bill of it"
    return None

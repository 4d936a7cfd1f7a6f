"""A composed document as rows of `invoices` and `invoice_lines`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session

from invo_cli.gst.completing import settled
from invo_cli.gst.document import Buyer, Document, Line, Seller
from invo_cli.gst.money import to_paise, to_thousandths
from invo_cli.gst.periods import FinancialYear, return_period
from invo_cli.gst.reading import write_document
from invo_cli.gst.tax import LineTax
from invo_cli.models import Base
from invo_cli.services.audit import canonical
from invo_cli.services.composing import Composed
from invo_cli.services.documents import as_document
from invo_cli.services.row_writing import add_rows

Row = dict[str, Any]

_BLANK = {column.name: getattr(column.default, "arg", None) for column in Base.metadata.tables["invoices"].c}


def add(session: Session, header: Row, lines: Sequence[Row]) -> None:
    """Insert a new document: its lines first, since the database lets nobody add a line to an issued one."""
    add_lines(session, lines)
    add_rows(session, "invoices", [header])


def add_lines(session: Session, lines: Sequence[Row]) -> None:
    """Insert the lines of a document."""
    add_rows(session, "invoice_lines", lines)


def as_stored(composed: Composed, header: Row, lines: Sequence[Row], *, business: str, today: date) -> dict[str, Any]:
    """A document that was just added, as it would be read back; no note, since that has changed with its originals."""
    return as_document(_BLANK | header, lines, business=business, customer=composed.customer.code, today=today)


def header_values(composed: Composed) -> dict[str, Any]:
    """The columns that follow from the document alone: neither its keys, nor its number, nor its state."""
    document, tax = composed.document, composed.tax
    shipping = document.shipping_bill
    return {
        "kind": document.kind.value,
        "financial_year": FinancialYear.of(document.date).label,
        "return_period": document.return_period or return_period(document.date),
        "dated_on": document.date,
        "due_on": document.due_date,
        "customer_id": composed.customer.id,
        "buyer_name": document.buyer.name,
        "buyer_gstin": document.buyer.gstin,
        "buyer_state": document.buyer.state,
        "seller": _snapshot(document.seller),
        "buyer": _snapshot(document.buyer),
        "supply": document.supply.value,
        "place_of_supply": document.place_of_supply,
        "reverse_charge": document.reverse_charge,
        "prices_include_tax": document.prices_include_tax,
        "taxable_paise": to_paise(tax.taxable),
        "cgst_paise": to_paise(tax.cgst),
        "sgst_paise": to_paise(tax.sgst),
        "igst_paise": to_paise(tax.igst),
        "cess_paise": to_paise(tax.cess),
        "discount_paise": to_paise(tax.discount),
        "other_charges_paise": to_paise(tax.other_charges),
        "round_off_paise": to_paise(tax.round_off),
        "total_paise": to_paise(tax.total),
        "against_id": composed.originals.invoices[0].id if composed.originals else None,
        "amends_id": composed.amended.id if composed.amended else None,
        "reason": document.reason,
        "shipping_port": shipping and shipping.port,
        "shipping_number": shipping and shipping.number,
        "shipping_on": shipping and shipping.date,
        "ecommerce_gstin": document.ecommerce_gstin,
        "ecommerce_section": document.ecommerce_section,
        "differential_thousandths": _thousandths(document),
        "allow_rate": document.allow_rate,
        "reference": document.reference,
        "notes": document.notes,
    }


@lru_cache(1024)
def _snapshot(party: Seller | Buyer) -> str:
    """Seller or buyer as stored; the same few stand on many documents."""
    return canonical(asdict(party))


def entered_as_is(composed: Composed) -> str:
    """What was entered, for a draft: items and defaults are looked up again when it is issued."""
    return canonical(write_document(composed.entered))


def entered_settled(composed: Composed) -> str:
    """What was entered with every default written down, for an issued document."""
    return canonical(write_document(settled(composed.document, composed.entered)))


def line_values(composed: Composed, business_id: int, invoice_id: int) -> list[dict[str, Any]]:
    """The rows of the lines, in order, counted from 1."""
    return [
        {"business_id": business_id, "invoice_id": invoice_id, "line_no": number, **_line(line, composed)}
        for number, line in enumerate(composed.tax.lines, 1)
    ]


def _line(taxed: LineTax, composed: Composed) -> dict[str, Any]:
    line = taxed.line
    return {
        "item_id": _item_id(line, composed),
        "is_charge": line.is_charge,
        "against_line_no": line.against_line,
        "description": line.description,
        "serial": line.serial,
        "hsn": line.hsn,
        "quantity_thousandths": to_thousandths(line.quantity),
        "unit": line.unit,
        "unit_price_thousandths": to_thousandths(line.unit_price),
        "gross_paise": to_paise(taxed.gross),
        "discount_paise": to_paise(taxed.discount),
        "taxable_paise": to_paise(taxed.taxable),
        "taxability": line.taxability.value,
        "gst_rate_thousandths": to_thousandths(line.gst_rate),
        "cess_rate_thousandths": to_thousandths(line.cess_rate),
        "cess_per_unit_thousandths": to_thousandths(line.cess_per_unit),
        "cgst_paise": to_paise(taxed.cgst),
        "sgst_paise": to_paise(taxed.sgst),
        "igst_paise": to_paise(taxed.igst),
        "cess_ad_valorem_paise": to_paise(taxed.cess_ad_valorem),
        "cess_specific_paise": to_paise(taxed.cess_specific),
        "total_paise": to_paise(taxed.total),
    }


def _item_id(line: Line, composed: Composed) -> int | None:
    """The item of a line; that of a note's line is the one of the original line it takes back."""
    if line.item is not None:
        return composed.item_ids.get(line.item)
    if line.against_line is None or composed.originals is None:
        return None
    original = composed.originals.remains[0].lines.get(line.against_line)
    return None if original is None else original.item_id


def _thousandths(document: Document) -> int | None:
    percent = document.differential_percent
    return None if percent is None else to_thousandths(percent)

"""Issued documents as values for the government's files: a few statements, however many documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from invo_cli.gst.document import (
    Address,
    Buyer,
    Document,
    Kind,
    Line,
    Original,
    Seller,
    ShippingBill,
    Supply,
    Taxability,
)
from invo_cli.gst.einvoice.countries import country_code
from invo_cli.gst.einvoice.places import is_pin_of, pin_code
from invo_cli.gst.money import from_thousandths, rupees
from invo_cli.gst.reading import load_json, read_document
from invo_cli.gst.states import OVERSEAS
from invo_cli.gst.tax import DocumentTax, LineTax
from invo_cli.models import Business, Customer, Invoice, InvoiceLine
from invo_cli.services import businesses, customers, originals, snapshots

CHUNK = 500
SHORTEST = 3
"""Characters of a name that the portals take."""
Party = TypeVar("Party", Seller, Buyer)
# Rows, not objects: a period has many lines, and nobody changes them.
_LINES = InvoiceLine.__table__.c


@dataclass(frozen=True, slots=True)
class Paper:
    """One document as stored, and the same as values."""

    invoice: Invoice
    document: Document
    tax: DocumentTax


def load(session: Session, business: Business, invoices: Sequence[Invoice]) -> Iterator[Paper]:
    """The papers of these documents of one business, in their order."""
    for some in _chunks(invoices):
        lines = _lines(session, business, [invoice.id for invoice in some])
        corrected = originals.of_notes(session, business.id, [each.id for each in some if each.against_id is not None])
        buyers = _customers(session, business, {invoice.customer_id for invoice in some})
        for invoice in some:
            found = _document(invoice, lines[invoice.id], corrected.get(invoice.id, ()))
            document = _completed(found, business, buyers[invoice.customer_id])
            yield Paper(invoice, document, _tax(invoice, document, lines[invoice.id]))


def _chunks(invoices: Sequence[Invoice]) -> Iterator[Sequence[Invoice]]:
    return (invoices[start : start + CHUNK] for start in range(0, len(invoices), CHUNK))


def _lines(session: Session, business: Business, ids: Sequence[int]) -> Mapping[int, list[Any]]:
    """The rows of `invoice_lines` of each document, in order."""
    found: dict[int, list[Any]] = defaultdict(list)
    ours = (_LINES.business_id == business.id, _LINES.invoice_id.in_(ids))
    for line in session.execute(select(*_LINES).where(*ours).order_by(_LINES.line_no)):
        found[line.invoice_id].append(line)
    return found


def _customers(session: Session, business: Business, ids: set[int]) -> dict[int, Customer]:
    query = select(Customer).where(Customer.business_id == business.id, Customer.id.in_(ids))
    return {customer.id: customer for customer in session.scalars(query)}


def _document(invoice: Invoice, lines: Sequence[Any], corrected: tuple[Original, ...]) -> Document:
    entered = read_document(load_json(invoice.entered))
    share = invoice.differential_thousandths
    return Document(
        kind=Kind(invoice.kind),
        number=invoice.number,
        date=invoice.dated_on,
        seller=snapshots.seller_of(invoice.seller),
        buyer=snapshots.buyer_of(invoice.buyer),
        lines=tuple(map(_line, lines)),
        supply=Supply(invoice.supply),
        place_of_supply=invoice.place_of_supply,
        reverse_charge=invoice.reverse_charge,
        prices_include_tax=invoice.prices_include_tax,
        other_charges=rupees(invoice.other_charges_paise),
        originals=corrected,
        amends=None if invoice.amends_id is None else str(entered.amends or invoice.amends_id),
        reason=invoice.reason,
        shipping_bill=_shipping_bill(invoice),
        ship_to=entered.ship_to,
        transport=entered.transport,
        ecommerce_gstin=invoice.ecommerce_gstin,
        ecommerce_section=invoice.ecommerce_section,
        differential_percent=None if share is None else from_thousandths(share),
    )


def _completed(document: Document, business: Business, customer: Customer) -> Document:
    """The document with what the portals ask for and it was issued without: it cannot be changed any more."""
    seller = _completed_party(document.seller, businesses.seller(business))
    return replace(document, seller=seller, buyer=_completed_party(document.buyer, customers.buyer_of(customer)))


def _completed_party(issued: Party, today: Party) -> Party:
    """A name that is too short and an address that is not whole give way to those of today, in the same state.

    An address gives way as a whole: half of an old one with half of a new one would be no place at all.
    """
    name = issued.name if len(issued.name) >= SHORTEST else today.name
    is_kept = issued.state != today.state or _is_whole(issued.address, issued.state)
    return replace(issued, name=name, address=issued.address if is_kept else today.address)


def _is_whole(address: Address, state: str) -> bool:
    """A line, a town, and a PIN code of the state or abroad a country that there is: what the portals ask for."""
    if not (address.line1 and address.city):
        return False
    if state == OVERSEAS:
        return country_code(address.country) is not None
    pin = pin_code(address.pincode)
    return pin is not None and is_pin_of(pin, state)


def _shipping_bill(invoice: Invoice) -> ShippingBill | None:
    parts = (invoice.shipping_port, invoice.shipping_number, invoice.shipping_on)
    return ShippingBill(port=parts[0], number=parts[1], date=parts[2]) if any(parts) else None


def _line(row: Any) -> Line:
    return Line(
        description=row.description,
        quantity=from_thousandths(row.quantity_thousandths),
        unit_price=from_thousandths(row.unit_price_thousandths),
        unit=row.unit,
        hsn=row.hsn,
        serial=row.serial,
        taxability=Taxability(row.taxability),
        gst_rate=from_thousandths(row.gst_rate_thousandths),
        cess_rate=from_thousandths(row.cess_rate_thousandths),
        cess_per_unit=from_thousandths(row.cess_per_unit_thousandths),
        is_charge=row.is_charge,
        against_line=row.against_line_no,
    )


def _tax(invoice: Invoice, document: Document, rows: Sequence[Any]) -> DocumentTax:
    lines = tuple(_line_tax(line, row) for line, row in zip(document.lines, rows, strict=True))
    return DocumentTax(
        lines=lines,
        taxable=rupees(invoice.taxable_paise),
        cgst=rupees(invoice.cgst_paise),
        sgst=rupees(invoice.sgst_paise),
        igst=rupees(invoice.igst_paise),
        cess=rupees(invoice.cess_paise),
        discount=rupees(invoice.discount_paise),
        other_charges=rupees(invoice.other_charges_paise),
        round_off=rupees(invoice.round_off_paise),
        total=rupees(invoice.total_paise),
        groups=(),
    )


def _line_tax(line: Line, row: Any) -> LineTax:
    return LineTax(
        line=line,
        gross=rupees(row.gross_paise),
        discount=rupees(row.discount_paise),
        taxable=rupees(row.taxable_paise),
        cgst=rupees(row.cgst_paise),
        sgst=rupees(row.sgst_paise),
        igst=rupees(row.igst_paise),
        cess_ad_valorem=rupees(row.cess_ad_valorem_paise),
        cess_specific=rupees(row.cess_specific_paise),
        total=rupees(row.total_paise),
    )

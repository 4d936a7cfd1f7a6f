"""What a paper needs beside the document, and the audit event of each print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from invo_cli.gst.reading import load_json
from invo_cli.models import Business, Invoice
from invo_cli.services import audit, invoice_lookup, snapshots
from invo_cli.services.acting import Act

_ENTERED = ("terms", "ship_to", "transport", "shipping_bill", "ecommerce_gstin", "differential_percent", "reason")


def paper(
    session: Session, business: Business, invoice: Invoice, *, today: date
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The document in the form of docs/document.md, and the particulars that are kept elsewhere."""
    document = invoice_lookup.document(session, business, invoice.id, today=today)
    entered = load_json(invoice.entered)
    seller = snapshots.seller_of(invoice.seller)
    original = None
    if invoice.against_id is not None:
        original = session.get_one(Invoice, (invoice.business_id, invoice.against_id))
    return document, {
        **{key: entered.get(key) for key in _ENTERED},
        "logo": business.logo,
        "bank": business.bank,
        "upi": business.upi,
        "mobile": business.mobile,
        "email": business.email,
        "composition": seller.is_composition,
        "lut": seller.lut,
        "turnover": None if seller.turnover is None else str(seller.turnover),
        "against_date": original and original.dated_on.isoformat(),
    }


def issued_between(session: Session, business: Business, first: date, last: date) -> Sequence[str]:
    """The ids of the documents dated in a period that have a number and are not hidden, in order."""
    query = (
        select(Invoice.document_no)
        .where(
            Invoice.business_id == business.id,
            Invoice.number.is_not(None),
            Invoice.is_deleted.is_(False),
            Invoice.dated_on >= first,
            Invoice.dated_on <= last,
        )
        .order_by(Invoice.dated_on, Invoice.document_no)
    )
    return [f"D-{number}" for number in session.scalars(query)]


def record(session: Session, business: Business, *, act: Act, prints: Sequence[Mapping[str, Any]]) -> None:
    """Note in the audit trail what was printed; each has the document's `id` and how it was printed."""
    events = [audit.Event(action="invoice.print", subject=f"invoice:{each['id']}", after=dict(each)) for each in prints]
    if events:
        audit.append(session, business.id, act, events)

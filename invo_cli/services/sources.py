"""What can be set against documents or given back: receipts, and credit notes in the form of payments."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from invo_cli.errors import ConflictError, NotFoundError
from invo_cli.gst.document import Kind
from invo_cli.gst.money import rupees
from invo_cli.models import Business, Customer, Invoice, Payment
from invo_cli.services import invoice_lookup, payments
from invo_cli.services.allocating import Source, free_of
from invo_cli.services.rereading import reread


def get(session: Session, business: Business, name: str) -> Source:
    """The live receipt or issued credit note of that number, freshly read; the caller holds the book."""
    found = _find(session, business, name)
    reread(session, found)
    if isinstance(found, Payment):
        _refuse_unusable(found)
    elif found.status != "issued":
        raise ConflictError(
            f"{found.number or f'D-{found.document_no}'} is {found.status}.", hint="Name an issued credit note."
        )
    return found


def as_row(session: Session, found: Source) -> dict[str, Any]:
    """A payment, or a credit note with what it gives and what it is set against."""
    if isinstance(found, Payment):
        return payments.as_row(session, found)
    customer = session.get_one(Customer, (found.business_id, found.customer_id))
    return {
        "number": found.number,
        "date": found.dated_on.isoformat(),
        "customer": customer.code,
        "direction": "credit_note",
        "status": "live",
        "method": None,
        "reference": found.reference,
        "amount": str(rupees(found.total_paise)),
        "allocated": str(rupees(found.allocated_paise)),
        "unallocated": str(rupees(free_of(found))),
        "allocations": payments.parts(session, found.business_id, note_ids=[found.id]).get(found.id, []),
        "voucher": None,
    }


def _find(session: Session, business: Business, name: str) -> Source:
    try:
        return payments.get(session, business, name)
    except NotFoundError as missing:
        try:
            note: Invoice = invoice_lookup.get(session, business, name)
        except NotFoundError:
            raise missing from None
        if note.kind != Kind.CREDIT_NOTE.value:
            raise ConflictError(
                f"{name} is neither a payment nor a credit note.", hint="See: invo payment list"
            ) from None
        return note


def _refuse_unusable(payment: Payment) -> None:
    if payment.direction == "refund":
        raise ConflictError(f"{payment.number} is a refund.", hint="Name the payment that was received.")
    if payment.voided_on is not None:
        raise ConflictError(f"{payment.number} is void.", hint="Record the payment again.")

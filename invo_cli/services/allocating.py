"""Setting payments and credit notes against what is owed: never more than was paid, never more than is owed.

The counters on both sides change in the transaction that stores the allocation, under the lock of the book, and the
database checks them once more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from invo_cli.db.types import new_id
from invo_cli.errors import ConflictError, InvalidError, NotFoundError
from invo_cli.gst.document import Kind
from invo_cli.gst.money import rupees, to_paise
from invo_cli.models import Allocation, Business, Customer, Invoice, Payment
from invo_cli.services import invoice_lookup
from invo_cli.services.acting import Act

Source = Payment | Invoice


def source(session: Session, business: Business, name: str) -> Source:
    """The payment or credit note of that number, freshly read; the caller holds the book."""
    from invo_cli.services import payments

    try:
        found: Source = payments.get(session, business, name)
    except NotFoundError:
        found = invoice_lookup.get(session, business, name)
        if found.kind != Kind.CREDIT_NOTE.value:
            raise
    session.refresh(found)
    _refuse_dead(found)
    return found


def free_of(found: Source) -> int:
    """What is neither set against a document nor given back, in paise."""
    if isinstance(found, Payment):
        return found.amount_paise + found.tds_paise - found.allocated_paise - found.refunded_paise
    return found.total_paise - found.allocated_paise


def owed_by(invoice: Invoice) -> int:
    """What is still owed on a document, in paise."""
    return invoice.total_paise - invoice.paid_paise - invoice.credited_paise


def spread(
    session: Session,
    business: Business,
    found: Source,
    wanted: Sequence[tuple[str, Decimal | None]],
    *,
    act: Act,
    on: date,
    oldest: bool,
) -> None:
    """Set a source against the documents wanted (None: as much as both sides allow), then against the oldest."""
    for name, amount in wanted:
        invoice = invoice_lookup.get(session, business, name)
        session.refresh(invoice)
        _refuse_other(found, invoice)
        paise = min(free_of(found), owed_by(invoice)) if amount is None else to_paise(amount)
        _require(found, invoice, paise)
        _set(session, found, invoice, paise, act=act, on=on)
    if oldest:
        for invoice in _owing(session, business, found.customer_id):
            paise = min(free_of(found), owed_by(invoice))
            if paise:
                _set(session, found, invoice, paise, act=act, on=on)


def take_back(session: Session, found: Source, *, act: Act, invoice: Invoice | None = None) -> int:
    """Undo the live allocations of a source, all or those of one document; return how much, in paise."""
    column = Allocation.payment_id if isinstance(found, Payment) else Allocation.note_id
    query = select(Allocation).where(
        Allocation.business_id == found.business_id, column == found.id, Allocation.undone_on.is_(None)
    )
    if invoice is not None:
        query = query.where(Allocation.invoice_id == invoice.id)
    undone = 0
    for part in session.scalars(query.order_by(Allocation.allocated_on, Allocation.invoice_id)).all():
        target = session.get_one(Invoice, (found.business_id, part.invoice_id))
        session.refresh(target)
        part.undone_on = max(act.today, part.allocated_on)
        _move(found, target, -part.amount_paise)
        undone += part.amount_paise
        session.flush()
    return undone


def _owing(session: Session, business: Business, customer_id: int) -> Sequence[Invoice]:
    """What a customer owes, the longest due first."""
    query = (
        select(Invoice)
        .where(
            Invoice.business_id == business.id,
            Invoice.customer_id == customer_id,
            Invoice.status.in_(("issued", "amended")),
            Invoice.kind != Kind.CREDIT_NOTE.value,
            Invoice.total_paise > Invoice.paid_paise + Invoice.credited_paise,
        )
        .order_by(Invoice.dated_on, Invoice.document_no)
    )
    return session.scalars(query.execution_options(populate_existing=True)).all()


def _set(session: Session, found: Source, invoice: Invoice, paise: int, *, act: Act, on: date) -> None:
    is_payment = isinstance(found, Payment)
    session.add(
        Allocation(
            business_id=found.business_id,
            id=new_id(),
            payment_id=found.id if is_payment else None,
            note_id=None if is_payment else found.id,
            invoice_id=invoice.id,
            amount_paise=paise,
            allocated_on=max(on, invoice.dated_on, found.dated_on),
            created_at=act.at,
        )
    )
    _move(found, invoice, paise)
    session.flush()


def _move(found: Source, invoice: Invoice, paise: int) -> None:
    found.allocated_paise += paise
    if isinstance(found, Payment):
        invoice.paid_paise += paise
    else:
        invoice.credited_paise += paise


def _require(found: Source, invoice: Invoice, paise: int) -> None:
    if paise <= 0:
        nothing = owed_by(invoice) == 0
        what = f"Nothing is owed on {invoice.number}" if nothing else f"Nothing is left of {found.number}"
        raise ConflictError(f"{what}.", hint="See: invo payment show, invo invoice show")
    if paise > owed_by(invoice):
        raise ConflictError(
            f"{invoice.number} owes {rupees(owed_by(invoice))}, not {rupees(paise)}.",
            hint="Allocate less; the rest stays on account of the customer.",
        )
    if paise > free_of(found):
        raise ConflictError(
            f"{rupees(free_of(found))} is left to allocate of {found.number}, not {rupees(paise)}.",
            hint="Allocate less.",
        )


def _refuse_other(found: Source, invoice: Invoice) -> None:
    if invoice.status not in ("issued", "amended") or invoice.kind == Kind.CREDIT_NOTE.value:
        what = invoice.status if invoice.status in ("draft", "cancelled") else "a credit note"
        raise ConflictError(
            f"{invoice.number or f'D-{invoice.document_no}'} is {what}.", hint="Name an issued invoice."
        )
    if invoice.customer_id != found.customer_id:
        raise InvalidError(
            f"{invoice.number} belongs to another customer than {found.number}.",
            hint="Record a payment of that customer, or merge the two: invo customer merge",
        )


def _refuse_dead(found: Source) -> None:
    if isinstance(found, Payment):
        if found.direction == "refund":
            raise ConflictError(f"{found.number} is a refund.", hint="Name the payment that was received.")
        if found.voided_on is not None:
            raise ConflictError(f"{found.number} is void.", hint="Record the payment again.")
    elif found.status != "issued":
        raise ConflictError(
            f"{found.number or f'D-{found.document_no}'} is {found.status}.", hint="Name an issued credit note."
        )


def parts_of(session: Session, found: Source) -> list[dict[str, str]]:
    """What a source is set against now, the earliest first."""
    column = Allocation.payment_id if isinstance(found, Payment) else Allocation.note_id
    parts = session.execute(
        select(Invoice.number, Allocation.amount_paise, Allocation.allocated_on)
        .join(Invoice, (Invoice.business_id == Allocation.business_id) & (Invoice.id == Allocation.invoice_id))
        .where(Allocation.business_id == found.business_id, column == found.id, Allocation.undone_on.is_(None))
        .order_by(Allocation.allocated_on, Invoice.document_no)
    )
    return [
        {"invoice": part.number, "amount": str(rupees(part.amount_paise)), "date": part.allocated_on.isoformat()}
        for part in parts
    ]


def note_row(session: Session, note: Invoice) -> dict[str, object]:
    """A credit note in the form of a payment: what it gives and what it is set against."""
    customer = session.get_one(Customer, (note.business_id, note.customer_id))
    return {
        "number": note.number,
        "date": note.dated_on.isoformat(),
        "customer": customer.code,
        "direction": "credit_note",
        "status": "live",
        "method": None,
        "reference": note.reference,
        "amount": str(rupees(note.total_paise)),
        "allocated": str(rupees(note.allocated_paise)),
        "unallocated": str(rupees(free_of(note))),
        "allocations": parts_of(session, note),
        "voucher": None,
    }

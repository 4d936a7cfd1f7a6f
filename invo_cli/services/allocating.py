"""Setting payments and credit notes against what is owed: never more than was paid, never more than is owed.

The counters on both sides change in the transaction that stores the allocation, under the lock of the book, and the
database checks them once more. An allocation begins when both sides are free for it, never before an earlier one of
theirs was undone, so that at every day of the past no side was set off twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from invo_cli.db.types import new_id
from invo_cli.errors import ConflictError, InvalidError
from invo_cli.gst.document import Kind
from invo_cli.gst.money import rupees, to_paise
from invo_cli.models import Allocation, Business, Invoice, Payment
from invo_cli.services import invoice_lookup, period_locks, settling
from invo_cli.services.acting import Act
from invo_cli.services.rereading import reread

Source = Payment | Invoice
"""What is set against documents: a receipt or a credit note."""


def free_of(source: Source) -> int:
    """What is neither set against a document nor given back, in paise."""
    if isinstance(source, Payment):
        return source.amount_paise + source.tds_paise - source.allocated_paise - source.refunded_paise
    return source.total_paise - source.allocated_paise


def owed_by(invoice: Invoice) -> int:
    """What is still owed on a document, in paise."""
    return invoice.total_paise - invoice.paid_paise - invoice.credited_paise


def spread(
    session: Session,
    business: Business,
    source: Source,
    wanted: Sequence[tuple[str, Decimal | None]],
    *,
    act: Act,
    on: date,
    oldest: bool,
) -> None:
    """Set a source against the documents wanted (None: as much as both sides allow), then against the oldest.

    `on` is the first day on which that holds. The source is fresh and the caller holds the book.
    """
    if on > act.today:
        raise InvalidError(f"{on} has not come yet.", hint="Date the allocation today or earlier.")
    since = max(on, free_since(session, source))
    for name, amount in wanted:
        invoice = invoice_lookup.get(session, business, name)
        reread(session, invoice)
        _refuse_other(source, invoice)
        paise = min(free_of(source), owed_by(invoice)) if amount is None else to_paise(amount)
        _require(source, invoice, paise)
        _set(session, source, invoice, paise, act=act, since=since)
    for invoice in _owing(session, source) if oldest else ():
        if paise := min(free_of(source), owed_by(invoice)):
            _set(session, source, invoice, paise, act=act, since=since)


def take_back(session: Session, source: Source, *, act: Act, invoice: Invoice | None = None) -> None:
    """Undo the live allocations of a source from today on, all or those of one document."""
    query = select(Allocation).where(*_of(source), Allocation.undone_on.is_(None))
    if invoice is not None:
        query = query.where(Allocation.invoice_id == invoice.id)
    for part in session.scalars(query).all():
        target = session.get_one(Invoice, (source.business_id, part.invoice_id))
        reread(session, target)
        part.undone_on = max(act.today, part.allocated_on)
        _move(session, source, target, -part.amount_paise)
    session.flush()


def carry_over(session: Session, old: Invoice, new: Invoice, *, act: Act, on: date) -> None:
    """Set against `new`, from `on`, what is set against `old`; what `new` does not need is free again.

    Raises ConflictError when the two have different customers, or in a locked month.
    """
    query = select(Allocation).where(*_of(old), Allocation.undone_on.is_(None))
    for part in session.scalars(query.order_by(Allocation.allocated_on, Allocation.id)).all():
        if old.customer_id != new.customer_id:
            raise ConflictError(
                f"{old.number} is paid by its customer, and {new.number} names another.",
                hint="Take the payment back first: invo payment unallocate",
            )
        source = _source_of(session, part)
        part.undone_on = max(on, part.allocated_on)
        _move(session, source, old, -part.amount_paise)
        session.flush()
        if paise := min(part.amount_paise, owed_by(new)):
            _set(session, source, new, paise, act=act, since=part.undone_on)
    session.flush()


def free_since(session: Session, side: Source) -> date:
    """The day from which nothing that was set off before and undone, or refunded and voided, stands in the way."""
    days = [side.dated_on, session.scalar(select(func.max(Allocation.undone_on)).where(*_of(side)))]
    if isinstance(side, Payment) or side.kind == Kind.CREDIT_NOTE.value:
        given_back = Payment.refund_of_id if isinstance(side, Payment) else Payment.refund_of_note_id
        mine = (Payment.business_id == side.business_id, given_back == side.id)
        days.append(session.scalar(select(func.max(Payment.voided_on)).where(*mine)))
    return max(day for day in days if day is not None)


def _of(side: Source) -> tuple[ColumnElement[bool], ...]:
    """The allocations of a payment or credit note, or those of a document that is owed."""
    if isinstance(side, Payment):
        mine = Allocation.payment_id == side.id
    else:
        mine = (Allocation.note_id if side.kind == Kind.CREDIT_NOTE.value else Allocation.invoice_id) == side.id
    return Allocation.business_id == side.business_id, mine


def _source_of(session: Session, part: Allocation) -> Source:
    source: Source
    if part.payment_id is not None:
        source = session.get_one(Payment, (part.business_id, part.payment_id))
    else:
        source = session.get_one(Invoice, (part.business_id, part.note_id))
    reread(session, source)
    return source


def _owing(session: Session, source: Source) -> Sequence[Invoice]:
    """What the customer of a source owes, the oldest document first."""
    query = (
        select(Invoice)
        .where(
            Invoice.business_id == source.business_id,
            Invoice.customer_id == source.customer_id,
            Invoice.status == "issued",
            Invoice.kind != Kind.CREDIT_NOTE.value,
            Invoice.total_paise > Invoice.paid_paise + Invoice.credited_paise,
        )
        .order_by(Invoice.dated_on, Invoice.document_no)
    )
    return session.scalars(query.execution_options(populate_existing=True)).all()


def _set(session: Session, source: Source, invoice: Invoice, paise: int, *, act: Act, since: date) -> None:
    since = max(since, free_since(session, invoice))
    period_locks.require_open(session, source.business_id, f"The allocation to {invoice.number}", since)
    is_payment = isinstance(source, Payment)
    session.add(
        Allocation(
            business_id=source.business_id,
            id=new_id(),
            payment_id=source.id if is_payment else None,
            note_id=None if is_payment else source.id,
            invoice_id=invoice.id,
            amount_paise=paise,
            allocated_on=since,
            created_at=act.at,
        )
    )
    _move(session, source, invoice, paise)


def _move(session: Session, source: Source, invoice: Invoice, paise: int) -> None:
    settling.touch(session, invoice)
    source.allocated_paise += paise
    if isinstance(source, Payment):
        invoice.paid_paise += paise
    else:
        invoice.credited_paise += paise


def _require(source: Source, invoice: Invoice, paise: int) -> None:
    free, owed = free_of(source), owed_by(invoice)
    if not free or not owed:
        what = f"Nothing is owed on {invoice.number}" if free else f"Nothing is left of {source.number}"
        raise ConflictError(f"{what}.", hint="See: invo payment show, invo invoice show")
    if paise == 0:
        raise InvalidError("An allocation of 0.00 does nothing.", hint="Give an amount, or leave it out for all.")
    if paise > owed:
        raise ConflictError(
            f"{invoice.number} owes {rupees(owed)}, not {rupees(paise)}.",
            hint="Allocate less; the rest stays on account of the customer.",
        )
    if paise > free:
        raise ConflictError(
            f"{rupees(free)} is left to allocate of {source.number}, not {rupees(paise)}.", hint="Allocate less."
        )


def _refuse_other(source: Source, invoice: Invoice) -> None:
    if invoice.status != "issued" or invoice.kind == Kind.CREDIT_NOTE.value:
        what = "a credit note" if invoice.status == "issued" else invoice.status
        raise ConflictError(
            f"{invoice.number or f'D-{invoice.document_no}'} is {what}.", hint="Name an issued invoice."
        )
    if invoice.customer_id != source.customer_id:
        raise InvalidError(
            f"{invoice.number} belongs to another customer than {source.number}.",
            hint="Record a payment of that customer, or merge the two: invo customer merge",
        )

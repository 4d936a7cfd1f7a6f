"""What a customer owes at any date: every document, note, payment, refund and their taking back, by its own date.

balance = invoiced + debit notes − credit notes − payments + refunds; negative is a credit of the customer. Nothing
here looks at the counters of today, so a date in the past gives the same answer for ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, Subquery, and_, case, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from invo_cli.gst.document import Kind
from invo_cli.gst.money import rupees
from invo_cli.models import Allocation, Business, Customer, Invoice, Payment
from invo_cli.services.access import Right, demands

CREDIT = Kind.CREDIT_NOTE.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The movements of a customer between two dates, with the balance before and after; amounts in paise."""

    opening: int
    entries: Sequence[Any]
    closing: int


def movements(business_id: int) -> Subquery:
    """Every movement: customer_id, on, kind, number, rank and no for their order, paise (above 0: he owes more)."""
    sign = case((Invoice.kind == CREDIT, -1), else_=1)
    is_issued = and_(Invoice.business_id == business_id, Invoice.status != "draft")
    settles = Payment.amount_paise + Payment.tds_paise
    flow = case((Payment.direction == "refund", settles), else_=-settles)
    kind = case((Payment.direction == "refund", "refund"), else_="payment")
    ours = Payment.business_id == business_id
    parts = (
        _movement(
            Invoice, 0, Invoice.dated_on, Invoice.kind, Invoice.document_no, sign * Invoice.total_paise, is_issued
        ),
        _movement(
            Invoice,
            1,
            Invoice.cancelled_on,
            case((Invoice.status == "amended", "amendment"), else_="cancellation"),
            Invoice.document_no,
            -sign * Invoice.total_paise,
            and_(is_issued, Invoice.cancelled_on.is_not(None)),
        ),
        _movement(Payment, 2, Payment.dated_on, kind, Payment.serial, flow, ours),
        _movement(
            Payment,
            3,
            Payment.voided_on,
            literal("void"),
            Payment.serial,
            -flow,
            and_(ours, Payment.voided_on.is_not(None)),
        ),
    )
    return union_all(*parts).subquery("movements")


@demands(Right.REPORT_READ)
def balance(session: Session, business: Business, customer: Customer, *, as_of: date) -> dict[str, Any]:
    """What a customer owes at the end of a day, and what of his money was not set against anything then."""
    moved = movements(business.id)
    total = session.scalar(
        select(func.coalesce(func.sum(moved.c.paise), 0)).where(moved.c.customer_id == customer.id, moved.c.on <= as_of)
    )
    free = dict(_unallocated(session, business.id, as_of, customer.id)).get(customer.id, 0)
    return {
        "customer": customer.code,
        "as_of": as_of.isoformat(),
        "balance": str(rupees(int(total or 0))),
        "unallocated": str(rupees(free)),
    }


@demands(Right.REPORT_READ)
def statement(session: Session, business: Business, customer: Customer, *, first: date, last: date) -> Statement:
    """The movements from `first` to `last`, in the order of their dates, documents before payments."""
    moved = movements(business.id)
    mine = moved.c.customer_id == customer.id
    opening = session.scalar(select(func.coalesce(func.sum(moved.c.paise), 0)).where(mine, moved.c.on < first))
    rows = session.execute(
        select(moved)
        .where(mine, moved.c.on >= first, moved.c.on <= last)
        .order_by(moved.c.on, moved.c.rank, moved.c.no)
    ).all()
    start = int(opening or 0)
    return Statement(opening=start, entries=rows, closing=start + sum(int(row.paise) for row in rows))


def statement_row(customer: Customer, found: Statement) -> dict[str, Any]:
    """A statement as scripts see it, with the running balance."""
    running, entries = found.opening, []
    for row in found.entries:
        paise = int(row.paise)
        running += paise
        entries.append(
            {
                "date": row.on.isoformat(),
                "kind": row.kind,
                "number": row.number,
                "debit": str(rupees(max(paise, 0))),
                "credit": str(rupees(max(-paise, 0))),
                "balance": str(rupees(running)),
            }
        )
    return {
        "customer": customer.code,
        "name": customer.name,
        "opening": str(rupees(found.opening)),
        "entries": entries,
        "closing": str(rupees(found.closing)),
    }


def owed(business_id: int, as_of: date) -> Subquery:
    """Every document that something was owed on at the end of a day: customer_id, dated_on, due_on, paise."""
    set_off = (
        select(Allocation.invoice_id, func.sum(Allocation.amount_paise).label("paise"))
        .where(Allocation.business_id == business_id, *_live(as_of))
        .group_by(Allocation.invoice_id)
        .subquery()
    )
    paise = Invoice.total_paise - func.coalesce(set_off.c.paise, 0)
    return (
        select(
            Invoice.customer_id,
            Invoice.dated_on,
            func.coalesce(Invoice.due_on, Invoice.dated_on).label("due_on"),
            paise.label("paise"),
        )
        .outerjoin(set_off, set_off.c.invoice_id == Invoice.id)
        .where(_stood(business_id, as_of), Invoice.kind != CREDIT, paise != 0)
        .subquery("owed")
    )


def unallocated(session: Session, business: Business, *, as_of: date) -> dict[int, int]:
    """Money and credit of each customer that was set against nothing at the end of a day, in paise."""
    return dict(_unallocated(session, business.id, as_of, None))


def _movement(table: Any, rank: int, on: Any, kind: Any, no: Any, paise: Any, condition: Any) -> Select[Any]:
    return select(
        table.customer_id.label("customer_id"),
        on.label("on"),
        kind.label("kind"),
        table.number.label("number"),
        literal(rank).label("rank"),
        no.label("no"),
        paise.label("paise"),
    ).where(condition)


def _live(as_of: date) -> tuple[Any, ...]:
    return (
        Allocation.allocated_on <= as_of,
        or_(Allocation.undone_on.is_(None), Allocation.undone_on > as_of),
    )


def _stood(business_id: int, as_of: date) -> Any:
    """Documents issued by that day and neither cancelled nor replaced by an amendment by then."""
    return and_(
        Invoice.business_id == business_id,
        Invoice.status != "draft",
        Invoice.dated_on <= as_of,
        or_(Invoice.cancelled_on.is_(None), Invoice.cancelled_on > as_of),
    )


def _unallocated(session: Session, business_id: int, as_of: date, customer_id: int | None) -> Iterator[tuple[int, int]]:
    """Receipts and credit notes that stood, less what was set off or refunded by then, by customer."""
    stood = and_(
        Payment.business_id == business_id,
        Payment.dated_on <= as_of,
        or_(Payment.voided_on.is_(None), Payment.voided_on > as_of),
    )
    settles = Payment.amount_paise + Payment.tds_paise
    used = -func.sum(Allocation.amount_paise)
    mine = (Allocation.business_id == business_id, *_live(as_of))
    by_payment = (Payment.business_id == Allocation.business_id) & (Payment.id == Allocation.payment_id)
    by_note = (Invoice.business_id == Allocation.business_id) & (Invoice.id == Allocation.note_id)
    whose = () if customer_id is None else (customer_id,)
    parts = (
        select(Payment.customer_id, func.sum(case((Payment.direction == "refund", -settles), else_=settles)))
        .where(stood)
        .group_by(Payment.customer_id),
        select(Invoice.customer_id, func.sum(Invoice.total_paise))
        .where(_stood(business_id, as_of), Invoice.kind == CREDIT)
        .group_by(Invoice.customer_id),
        select(Payment.customer_id, used).join(Allocation, by_payment).where(*mine).group_by(Payment.customer_id),
        select(Invoice.customer_id, used)
        .join(Allocation, by_note)
        .where(*mine, Allocation.note_id.is_not(None), Invoice.kind == CREDIT)
        .group_by(Invoice.customer_id),
    )
    found: dict[int, int] = {}
    for part in parts:
        owner = part.selected_columns[0]
        for name, paise in session.execute(part.where(owner.in_(whose)) if whose else part):
            found[name] = found.get(name, 0) + int(paise)
    yield from ((name, paise) for name, paise in found.items() if paise)

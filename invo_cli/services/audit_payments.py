"""Comparing every payment with the events about it, and what is set against each document with its balance.

The balance of a document is itself compared with the trail (`audit_documents`), so that no allocation can be added,
altered or removed without a finding.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import ColumnElement, Row, Text, case, except_, func, literal, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from invo_cli.gst.money import rupees
from invo_cli.gst.periods import FinancialYear
from invo_cli.models import Allocation, AuditEvent, Business, Customer, Invoice, Payment
from invo_cli.services import advances, payments
from invo_cli.services.audit_chain import Finding, Tally, shown

BATCH = 500
CREATE = ("payment.create", "payment.refund")
REMOVE = "payment.remove"
"""An import was undone: the only way in which a payment goes."""
_WHOLE = (*CREATE, "payment.void", "payment.amend", "payment.allocate", "payment.unallocate")
"""Events that tell a payment whole."""
_TELLING = (*_WHOLE, "payment.settle", "payment.move", REMOVE)
_KEPT = ("number", "date", "customer", "direction", "status", "method", "reference", "amount", "tds", "refunded")
_ALSO_KEPT = ("is_advance", "notes", "voided_on", "void_reason", "voucher", "tax", "description", "amendments")
_DAYS = ("dated_on", "voided_on")
_COLUMNS = tuple(Payment.__table__.columns.keys())
Event = Row[*tuple[Any, ...]]
Problem = tuple[int | None, str, str]
"""Sequence number, subject, sentence."""


def verify(session: Session, business: Business, tally: Tally) -> Iterator[Finding]:
    """Compare the payments and allocations of a business with the trail, in bounded memory."""
    with session.connection().execute(_payments(business.id), execution_options={"yield_per": BATCH}) as found:
        for batch in found.partitions():
            tally.payments += len(batch)
            for problem in _problems(session, business.id, batch):
                yield Finding(*problem, business.code)
    for problem in (*_vanished(session, business.id), *_unbalanced(session, business.id)):
        yield Finding(*problem, business.code)
    mine = select(func.count()).select_from(Allocation).where(Allocation.business_id == business.id)
    tally.allocations += session.scalar(mine) or 0


def _problems(session: Session, business_id: int, batch: Sequence[Event]) -> Iterator[Problem]:
    events = _events_of(session, business_id, batch)
    corrections = advances.corrections(session, business_id, [row.id for row in batch if row.is_advance])
    for row in batch:
        subject = f"payment:{row.number}"
        try:
            is_now, (seq, was) = _as_now(row, corrections), _as_told(events[subject], row.financial_year)
        except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
            yield None, subject, "It, or an event about it, cannot be read."
            continue
        if seq is None:
            yield None, subject, "It is there, but the trail has no event of it."
            continue
        for name in (*_KEPT, *_ALSO_KEPT):
            if name in was and is_now[name] != was[name]:
                yield seq, subject, f"{name} is {shown(is_now[name])}, but the trail says {shown(was[name])}."


def _as_now(row: Event, corrections: advances.Corrections) -> dict[str, Any]:
    # SQLite's driver gives the text of a date and a number for a truth, PostgreSQL's what they are.
    values = dict(zip(_COLUMNS, row, strict=False))
    values |= {name: values[name] and date.fromisoformat(str(values[name])) for name in _DAYS}
    values["is_advance"] = bool(values["is_advance"])
    payment: Any = SimpleNamespace(**values)
    told = payments.header(payment, row.customer_code) | advances.as_row(payment)
    amendments = list(map(advances.amendment_row, corrections.get(payment.id, ())))
    return told | {"voucher": payment.voucher, "amendments": amendments}


def _as_told(events: Sequence[Event], year: str) -> tuple[int | None, dict[str, Any]]:
    """The first event of the payment of that number and financial year, and what all of them say together."""
    rows = [(event, json.loads(event.after)) for event in events if event.action in _TELLING and event.after]
    years = [_year(told["date"]) if event.action in _WHOLE else None for event, told in rows]
    seq: int | None = None
    said: dict[str, Any] = {}
    for (event, told), its_year in zip(rows, years, strict=True):
        if its_year not in (None, year):
            continue  # a payment of another year with the same number
        if event.action == REMOVE:
            seq, said = None, {}
            continue
        seq = event.seq if event.action in CREATE else seq
        said |= told
    if len({*years} - {None}) == 1:
        return seq, said
    # What a short event says is of one of the years, nobody knows which.
    return seq, {name: said[name] for name in said if name not in ("customer", "refunded")}


@lru_cache
def _year(day: str) -> str:
    return FinancialYear.of(date.fromisoformat(day)).label


def _events_of(session: Session, business_id: int, batch: Sequence[Event]) -> Mapping[str, list[Event]]:
    subjects = {f"payment:{row.number}" for row in batch}
    query = (
        select(AuditEvent.seq, AuditEvent.action, AuditEvent.subject, AuditEvent.after)
        .where(AuditEvent.business_id == business_id, AuditEvent.subject.in_(subjects))
        .order_by(AuditEvent.subject, AuditEvent.seq)  # as the index is: wide rows need no sorting
    )
    found: dict[str, list[Event]] = defaultdict(list)
    for event in session.connection().execute(query).all():
        found[event.subject].append(event)
    return found


def _vanished(session: Session, business_id: int) -> Iterator[Problem]:
    """Payments that the trail tells of and that are gone."""
    ours = AuditEvent.business_id == business_id
    names = select(literal("payment:", Text) + Payment.number).where(Payment.business_id == business_id)
    undone = select(AuditEvent.subject).where(ours, AuditEvent.action == REMOVE)
    made = ours & AuditEvent.action.in_(CREATE)
    gone = except_(select(AuditEvent.subject).where(made), names, undone).subquery()
    first = func.min(AuditEvent.seq)
    query = select(first, AuditEvent.subject).where(made, AuditEvent.subject.in_(select(gone)))
    for seq, subject in session.execute(query.group_by(AuditEvent.subject).order_by(first)):
        yield seq, subject, "It was recorded, but there is no such payment any more: it was removed."


def _unbalanced(session: Session, business_id: int) -> Iterator[Problem]:
    """Documents on which the allocations come to something else than they say was paid and credited."""
    live = (Allocation.business_id == business_id) & Allocation.undone_on.is_(None)
    sums = (
        select(
            Allocation.invoice_id,
            _sum(Allocation.payment_id.is_not(None)).label("paid"),
            _sum(Allocation.note_id.is_not(None)).label("credited"),
        )
        .where(live)
        .group_by(Allocation.invoice_id)
        .subquery()
    )
    paid, credited = func.coalesce(sums.c.paid, 0), func.coalesce(sums.c.credited, 0)
    query = (
        select(Invoice.document_no, paid, credited, Invoice.paid_paise, Invoice.credited_paise)
        .outerjoin(sums, sums.c.invoice_id == Invoice.id)
        .where(Invoice.business_id == business_id)
        .where((paid != Invoice.paid_paise) | (credited != Invoice.credited_paise))
        .order_by(Invoice.document_no)
    )
    for number, *amounts in session.execute(query):
        is_paid, is_credited, was_paid, was_credited = (_amount(paise) for paise in amounts)
        yield (
            *(None, f"invoice:D-{number}"),
            f"Allocations of {is_paid} and credit notes of {is_credited} are set against it, not the {was_paid} and"
            f" {was_credited} of its balance.",
        )


def _amount(paise: Any) -> str:
    """Rupees, or what stands there instead of a number of paise."""
    return str(rupees(int(paise))) if isinstance(paise, int | Decimal) else repr(paise)[:40]


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, Allocation.amount_paise), else_=0))


def _payments(business_id: int) -> Any:
    same = (Customer.business_id == Payment.business_id) & (Customer.id == Payment.customer_id)
    columns = [type_coerce(column, NullType()).label(column.key) for column in Payment.__table__.columns]
    return (
        select(*columns, Customer.code.label("customer_code"))
        .outerjoin(Customer, same)
        .where(Payment.business_id == business_id)
        .order_by(Payment.id)
    )

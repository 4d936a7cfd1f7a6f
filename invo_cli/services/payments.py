"""Money from and to customers: received, given back, voided; its setting against documents is in `allocating`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from invo_cli.db.types import new_id
from invo_cli.errors import ConflictError, InvalidError, NotFoundError
from invo_cli.gst.document import Voucher
from invo_cli.gst.money import rupees, to_paise
from invo_cli.gst.numbering import number_key
from invo_cli.gst.periods import FinancialYear
from invo_cli.gst.text import nearest
from invo_cli.models import Business, Customer, Invoice, Payment
from invo_cli.services import advances, allocating, audit, books, period_locks, series
from invo_cli.services.acting import Act


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What was received; amounts in rupees. `place_of_supply` None of an advance means inter-state (Rule 50)."""

    amount: Decimal
    method: str
    on: date
    tds: Decimal = Decimal(0)
    reference: str | None = None
    notes: str | None = None
    is_advance: bool = False
    gst_rate: Decimal | None = None
    place_of_supply: str | None = None


def create(
    session: Session,
    business: Business,
    customer: Customer,
    receipt: Receipt,
    *,
    act: Act,
    wanted: Sequence[tuple[str, Decimal | None]] = (),
    oldest: bool = False,
) -> dict[str, Any]:
    """Record a receipt and set it against documents: those `wanted`, then with `oldest` whatever is owed longest.

    Raises InvalidError for amounts or dates that cannot be, ConflictError beyond what is owed or in a locked month.
    """
    books.take(session, business.id)
    _check(receipt.amount, receipt.on, act)
    period_locks.require_open(session, business.id, "The payment", receipt.on)
    payment = _new(session, business, customer, act, receipt, direction="receipt")
    if receipt.is_advance:
        advances.receive(session, business, payment, rate=receipt.gst_rate, place=receipt.place_of_supply)
    session.add(payment)
    session.flush()
    allocating.spread(session, business, payment, wanted, act=act, on=receipt.on, oldest=oldest)
    return _recorded(session, business, payment, act, "payment.create")


def refund(
    session: Session,
    business: Business,
    name: str,
    *,
    act: Act,
    amount: Decimal | None,
    method: str,
    on: date,
    reference: str | None,
) -> dict[str, Any]:
    """Give back what is unallocated of a payment or of a credit note; that of an advance gets a voucher (Rule 51)."""
    books.take(session, business.id)
    source = allocating.source(session, business, name)
    free = allocating.free_of(source)
    given = rupees(free) if amount is None else amount
    if to_paise(given) > free or free == 0:
        raise ConflictError(f"{name} has {rupees(free)} to give back, not {given}.", hint="Unallocate something first.")
    _check(given, on, act)
    if on < source.dated_on:
        raise InvalidError(f"{name} was received on {source.dated_on}, after {on}.", hint="Date the refund later.")
    period_locks.require_open(session, business.id, "The refund", on)
    customer = session.get_one(Customer, (business.id, source.customer_id))
    receipt = Receipt(amount=given, method=method, on=on, reference=reference)
    payment = _new(session, business, customer, act, receipt, direction="refund")
    if isinstance(source, Payment):
        payment.refund_of_id = source.id
        source.refunded_paise += payment.amount_paise
        advances.give_back(session, business, source, payment)
    else:
        payment.refund_of_note_id = source.id
        source.allocated_paise += payment.amount_paise
    session.add(payment)
    session.flush()
    return _recorded(session, business, payment, act, "payment.refund")


def void(session: Session, business: Business, payment: Payment, *, act: Act, reason: str) -> dict[str, Any]:
    """Take a payment back as never received: what it was set against is owed again. Again: nothing to do."""
    books.take(session, business.id)
    session.refresh(payment)
    if payment.voided_on is not None:
        return as_row(session, payment)
    period_locks.require_open(session, business.id, payment.number, payment.dated_on)
    if payment.refunded_paise:
        raise ConflictError(f"A part of {payment.number} was refunded.", hint="Void the refund first.")
    before = as_row(session, payment)
    allocating.take_back(session, payment, act=act)
    _give_back(session, payment)
    payment.voided_on, payment.void_reason = max(act.today, payment.dated_on), reason
    session.flush()
    return _recorded(session, business, payment, act, "payment.void", before=before, reason=reason)


def get(session: Session, business: Business, name: str) -> Payment:
    """The payment called by its number or voucher, or by NUMBER@2026-27; raises NotFoundError or ConflictError."""
    number, _, year = name.strip().partition("@")
    key = number_key(number)
    query = select(Payment).where(
        Payment.business_id == business.id, (Payment.number_key == key) | (Payment.voucher == key)
    )
    if year:
        query = query.where(Payment.financial_year == FinancialYear.parse(year).label)
    found = session.scalars(query.order_by(Payment.financial_year)).all()
    if not found:
        numbers = session.scalars(
            select(Payment.number)
            .where(Payment.business_id == business.id)
            .order_by(Payment.dated_on.desc())
            .limit(500)
        )
        near = nearest(key, list(numbers))
        raise NotFoundError(f"No payment {name}.", hint=f"Did you mean {near}?" if near else "See: invo payment list")
    if len(found) > 1:
        which = ", ".join(f"{each.number}@{each.financial_year}" for each in found)
        raise ConflictError(f"{number} names {len(found)} payments.", hint=f"Say which: {which}")
    return found[0]


def as_row(session: Session, payment: Payment) -> dict[str, Any]:
    """A payment as scripts see it, with what it is set against now."""
    customer = session.get_one(Customer, (payment.business_id, payment.customer_id))
    return header(payment, customer.code) | {
        "allocations": allocating.parts_of(session, payment),
        "voucher": payment.voucher,
        "tax": advances.as_row(payment) if payment.is_advance else None,
    }


def header(payment: Any, customer: str) -> dict[str, Any]:
    """A payment without its allocations, as listings have it."""
    settles = payment.amount_paise + payment.tds_paise
    is_live = payment.voided_on is None and payment.direction == "receipt"
    free = settles - payment.allocated_paise - payment.refunded_paise if is_live else 0
    return {
        "number": payment.number,
        "date": payment.dated_on.isoformat(),
        "customer": customer,
        "direction": payment.direction,
        "status": "void" if payment.voided_on else "live",
        "method": payment.method,
        "reference": payment.reference,
        "amount": str(rupees(payment.amount_paise)),
        "tds": str(rupees(payment.tds_paise)),
        "allocated": str(rupees(payment.allocated_paise)),
        "refunded": str(rupees(payment.refunded_paise)),
        "unallocated": str(rupees(free)),
        "is_advance": payment.is_advance,
        "notes": payment.notes,
        "void_reason": payment.void_reason,
    }


def _check(amount: Decimal, on: date, act: Act) -> None:
    if amount <= 0:
        raise InvalidError("The amount is not above zero.", hint="Give what was received or paid back.")
    if on > act.today:
        raise InvalidError(f"{on} has not come yet.", hint="Date the payment today or earlier.")


def _new(
    session: Session, business: Business, customer: Customer, act: Act, receipt: Receipt, *, direction: str
) -> Payment:
    year = FinancialYear.of(receipt.on)
    taken = series.take_number(session, business.id, Voucher.PAYMENT, year)
    return Payment(
        business_id=business.id,
        id=new_id(),
        direction=direction,
        number=taken.number,
        number_key=number_key(taken.number),
        series=taken.series,
        serial=taken.serial,
        financial_year=year.label,
        dated_on=receipt.on,
        customer_id=customer.id,
        method=receipt.method,
        reference=receipt.reference,
        notes=receipt.notes,
        amount_paise=to_paise(receipt.amount),
        tds_paise=to_paise(receipt.tds),
        allocated_paise=0,
        refunded_paise=0,
        is_advance=receipt.is_advance,
        taxable_paise=0,
        cgst_paise=0,
        sgst_paise=0,
        igst_paise=0,
        created_at=act.at,
        created_by=act.actor,
    )


def _give_back(session: Session, payment: Payment) -> None:
    """A voided refund can be given again."""
    if payment.refund_of_id is not None:
        source = session.get_one(Payment, (payment.business_id, payment.refund_of_id))
        session.refresh(source)
        source.refunded_paise -= payment.amount_paise
    if payment.refund_of_note_id is not None:
        note = session.get_one(Invoice, (payment.business_id, payment.refund_of_note_id))
        session.refresh(note)
        note.allocated_paise -= payment.amount_paise


def _recorded(
    session: Session,
    business: Business,
    payment: Payment,
    act: Act,
    action: str,
    *,
    before: dict[str, Any] | None = None,
    reason: str | None = None,
) -> dict[str, Any]:
    session.flush()
    session.refresh(payment)
    row = as_row(session, payment)
    event = audit.Event(action=action, subject=f"payment:{payment.number}", before=before, after=row, reason=reason)
    audit.append(session, business.id, act, [event])
    return row

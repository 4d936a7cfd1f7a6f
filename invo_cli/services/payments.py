"""Money from customers: received, found, voided; `allocating` sets it against documents, `refunds` gives it back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
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
from invo_cli.gst.periods import GST_BEGAN, FinancialYear
from invo_cli.gst.text import nearest
from invo_cli.models import Allocation, Business, Customer, Invoice, Payment
from invo_cli.services import advances, allocating, audit, books, customers, given_numbers, period_locks, settling
from invo_cli.services.access import Right, demands
from invo_cli.services.acting import Act
from invo_cli.services.rereading import reread

Parts = list[dict[str, str]]


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
    description: str | None = None
    """Of an advance: the goods or services it is for (Rule 50(e))."""
    number: str | None = None
    """Of imported history: the number it had, else it takes the next; `voucher` likewise."""
    voucher: str | None = None


@demands(Right.PAYMENT_WRITE)
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
    reread(session, customer)
    customer = customers.get(session, business.id, customer.code)
    payment = new(session, business, customer, act, receipt, direction="receipt")
    if receipt.is_advance:
        rate, place, voucher = receipt.gst_rate, receipt.place_of_supply, receipt.voucher
        advances.receive(session, business, customer, payment, rate=rate, place=place, voucher=voucher)
        payment.description = receipt.description
    session.add(payment)
    session.flush()
    allocating.spread(session, business, payment, wanted, act=act, on=receipt.on, oldest=oldest)
    return recorded(session, business, payment, act, "payment.create")


@demands(Right.PAYMENT_REVERSE)
def void(session: Session, business: Business, payment: Payment, *, act: Act, reason: str) -> dict[str, Any]:
    """Take a payment back as never received: what it was set against is owed again. Again: nothing to do."""
    books.take(session, business.id)
    reread(session, payment)
    if payment.voided_on is not None:
        return as_row(session, payment)
    days = (payment.dated_on, act.today)
    period_locks.require_open(session, business.id, payment.number, *days, way_out="Record a refund instead")
    if payment.refunded_paise:
        raise ConflictError(f"A part of {payment.number} was refunded.", hint="Void the refund first.")
    before = as_row(session, payment)
    allocating.take_back(session, payment, act=act)
    _take_back_refund(session, payment)
    payment.voided_on, payment.void_reason = max(act.today, payment.dated_on), reason
    return recorded(session, business, payment, act, "payment.void", before=before, reason=reason)


@demands(Right.PAYMENT_READ)
def get(session: Session, business: Business, name: str) -> Payment:
    """The payment called by its number or voucher, or by NUMBER@2026-27; raises NotFoundError or ConflictError."""
    number, _, year = name.strip().partition("@")
    key = number_key(number)
    query = select(Payment).where(Payment.business_id == business.id).order_by(Payment.financial_year)
    if year:
        query = query.where(Payment.financial_year == FinancialYear.parse(year).label)
    found = session.scalars(query.where(Payment.number_key == key)).all()
    found = found or session.scalars(query.where(Payment.voucher.in_((key, number)))).all()
    if not found:
        raise _not_found(session, business, name)
    if len(found) > 1:
        which = ", ".join(f"{each.number}@{each.financial_year}" for each in found)
        raise ConflictError(f"{number} names {len(found)} payments.", hint=f"Say which: {which}")
    return found[0]


@demands(Right.PAYMENT_READ)
def as_row(session: Session, payment: Payment) -> dict[str, Any]:
    """A payment as scripts see it, with what it is set against now and, of an advance, all its voucher prints."""
    customer = session.get_one(Customer, (payment.business_id, payment.customer_id))
    set_against = parts(session, payment.business_id, payment_ids=[payment.id]).get(payment.id, [])
    return (
        header(payment, customer.code)
        | {"allocations": set_against, "voucher": payment.voucher, "refund_of": _refund_of(session, payment)}
        | advances.as_row(payment)
        | {"amendments": _amendments(session, payment)}
    )


def header(payment: Any, customer: str) -> dict[str, Any]:
    """A payment without its allocations."""
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
        "voided_on": payment.voided_on and payment.voided_on.isoformat(),
        "void_reason": payment.void_reason,
    }


def parts(
    session: Session, business_id: int, *, payment_ids: Sequence[int] = (), note_ids: Sequence[int] = ()
) -> Mapping[int, Parts]:
    """What payments, or credit notes, are set against now, by their ids, the earliest first."""
    source = Allocation.payment_id if payment_ids else Allocation.note_id
    rows: Any = session.execute(
        select(source, Invoice.number, Allocation.amount_paise, Allocation.allocated_on)
        .join(Invoice, (Invoice.business_id == Allocation.business_id) & (Invoice.id == Allocation.invoice_id))
        .where(Allocation.business_id == business_id, source.in_(payment_ids or note_ids))
        .where(Allocation.undone_on.is_(None))
        .order_by(Allocation.allocated_on, Invoice.dated_on, Invoice.document_no, Allocation.id)
    )
    found: dict[int, Parts] = defaultdict(list)
    for owner, number, paise, on in rows:
        found[owner].append({"invoice": number, "amount": str(rupees(paise)), "date": on.isoformat()})
    return found


def new(
    session: Session, business: Business, customer: Customer, act: Act, receipt: Receipt, *, direction: str
) -> Payment:
    """A numbered payment of a day that is open, not stored yet; the caller holds the book."""
    _check(receipt, act)
    what = "The refund" if direction == "refund" else "The payment"
    period_locks.require_open(session, business.id, what, receipt.on)
    year = FinancialYear.of(receipt.on)
    taken = given_numbers.take(session, business.id, Voucher.PAYMENT, year, receipt.number)
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
        is_advance=False,
        taxable_paise=0,
        cgst_paise=0,
        sgst_paise=0,
        igst_paise=0,
        created_at=act.at,
        created_by=act.actor,
    )


def recorded(
    session: Session,
    business: Business,
    payment: Payment,
    act: Act,
    action: str,
    *,
    before: dict[str, Any] | None = None,
    reason: str | None = None,
) -> dict[str, Any]:
    """The payment as it is stored now, noted in the audit trail."""
    session.flush()
    reread(session, payment)
    row = as_row(session, payment)
    event = audit.Event(
        action=action,
        subject=f"payment:{payment.number}",
        before=before,
        after=row,
        reason=reason,
        personal=audit.PERSONAL,
    )
    settled = settling.events(session, business.id, f"{action} {payment.number}")
    audit.append(session, business.id, act, [event, *settled])
    return row


def _check(receipt: Receipt, act: Act) -> None:
    if receipt.amount <= 0:
        raise InvalidError("The amount is not above zero.", hint="Give what was received or paid back.")
    if receipt.tds > receipt.amount:
        raise InvalidError(
            f"TDS of {receipt.tds} is more than the amount of {receipt.amount}.",
            hint="The amount is what was received; the TDS comes on top of it.",
        )
    if receipt.on > act.today:
        raise InvalidError(f"{receipt.on} has not come yet.", hint="Date the payment today or earlier.")
    if receipt.on < GST_BEGAN:
        raise InvalidError(f"{receipt.on} lies before {GST_BEGAN}, when GST began.", hint="Check the year.")


def _amendments(session: Session, payment: Payment) -> list[dict[str, Any]]:
    """How the tax of an advance was corrected after it was reported, the earliest first."""
    if not payment.is_advance:
        return []
    found = advances.corrections(session, payment.business_id, [payment.id]).get(payment.id, ())
    return list(map(advances.amendment_row, found))


def _not_found(session: Session, business: Business, name: str) -> NotFoundError:
    newest = select(Payment.number).where(Payment.business_id == business.id).order_by(Payment.dated_on.desc())
    near = nearest(name.upper(), list(session.scalars(newest.limit(500))))
    return NotFoundError(f"No payment {name}.", hint=f"Did you mean {near}?" if near else "See: invo payment list")


def _refund_of(session: Session, payment: Payment) -> dict[str, Any] | None:
    """What a refund gives back: a receipt with its voucher, or a credit note (Rule 51)."""
    source: Payment | Invoice
    if payment.refund_of_id is not None:
        source = session.get_one(Payment, (payment.business_id, payment.refund_of_id))
    elif payment.refund_of_note_id is not None:
        source = session.get_one(Invoice, (payment.business_id, payment.refund_of_note_id))
    else:
        return None
    voucher = source.voucher if isinstance(source, Payment) else None
    return {"number": source.number, "date": source.dated_on.isoformat(), "voucher": voucher}


def _take_back_refund(session: Session, payment: Payment) -> None:
    """A voided refund can be given again."""
    if payment.refund_of_id is not None:
        source = session.get_one(Payment, (payment.business_id, payment.refund_of_id))
        reread(session, source)
        settling.give_back(session, source, -payment.amount_paise)
    if payment.refund_of_note_id is not None:
        note = session.get_one(Invoice, (payment.business_id, payment.refund_of_note_id))
        reread(session, note)
        settling.give_back(session, note, -payment.amount_paise)

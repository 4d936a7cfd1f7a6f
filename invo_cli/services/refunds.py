"""Giving back what is unallocated of a payment or of a credit note; that of an advance gets a voucher (Rule 51)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from invo_cli.errors import ConflictError, InvalidError
from invo_cli.gst.money import rupees
from invo_cli.models import Business, Customer, Payment
from invo_cli.services import advances, allocating, books, payments, settling, sources
from invo_cli.services.access import Right, demands
from invo_cli.services.acting import Act
from invo_cli.services.payments import Receipt


@demands(Right.PAYMENT_REVERSE)
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
    """Give back an amount, or all that is left; InvalidError for a day on which it was not left yet.

    Raises ConflictError beyond what is left; tax deducted at source was never received and is not given back.
    """
    books.take(session, business.id)
    source = sources.get(session, business, name)
    left = rupees(_refundable(source))
    given = left if amount is None else amount
    if given > left or not left:
        raise ConflictError(
            f"{source.number} has {left} to give back, not {given}.", hint="Unallocate something first."
        )
    since = allocating.free_since(session, source)
    if on < since:
        raise InvalidError(f"{source.number} is free since {since}, after {on}.", hint=f"Date it {since} or later.")
    customer = session.get_one(Customer, (business.id, source.customer_id))
    receipt = Receipt(amount=given, method=method, on=on, reference=reference)
    payment = payments.new(session, business, customer, act, receipt, direction="refund")
    if isinstance(source, Payment):
        payment.refund_of_id = source.id
        advances.give_back(session, business, customer, source, payment)
    else:
        payment.refund_of_note_id = source.id
    settling.give_back(session, source, payment.amount_paise)
    session.add(payment)
    return payments.recorded(session, business, payment, act, "payment.refund")


def _refundable(source: allocating.Source) -> int:
    free = allocating.free_of(source)
    return min(free, source.amount_paise - source.refunded_paise) if isinstance(source, Payment) else free

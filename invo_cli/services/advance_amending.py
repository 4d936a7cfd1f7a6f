"""Correcting the rate or the place of supply of an advance that a return has reported (CGST Act s.37(3)).

The voucher stays as it was printed. The return of the day of the correction states tables 11A and 11B of the earlier
periods anew, and from then on the advance bears the corrected tax.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from invo_cli.db.types import new_id
from invo_cli.errors import ConflictError, InvalidError
from invo_cli.gst.money import from_thousandths
from invo_cli.gst.periods import return_period
from invo_cli.gst.rules.dates import correctable_until
from invo_cli.gst.supply import current_state
from invo_cli.gst.tax import Heads
from invo_cli.models import AdvanceAmendment, Business, Customer, Payment
from invo_cli.services import advances, books, businesses, payments, period_locks
from invo_cli.services.access import Right, demands
from invo_cli.services.acting import Act
from invo_cli.services.rereading import reread


@demands(Right.PAYMENT_REVERSE)
def amend(
    session: Session,
    business: Business,
    payment: Payment,
    *,
    act: Act,
    rate: Decimal | None,
    place: str | None,
    reason: str,
    on: date,
) -> dict[str, Any]:
    """Correct the rate or place of a reported advance; what is None stays. The same again: nothing to do.

    Raises InvalidError for what is no advance or a day that cannot be, ConflictError for one that is not reported yet
    or is void.
    """
    books.take(session, business.id)
    reread(session, payment)
    _refuse_unfit(session, payment)
    bears = advances.bearing(session, payment)
    _refuse_day(business, payment, bears, on, today=act.today)
    period_locks.require_open(session, business.id, f"The correction of {payment.number}", on)
    rate = from_thousandths(bears.gst_rate_thousandths or 0) if rate is None else rate
    place = bears.place_of_supply if place is None else current_state(place, payment.dated_on)
    if (rate, place) == (from_thousandths(bears.gst_rate_thousandths or 0), bears.place_of_supply):
        return payments.as_row(session, payment)
    before = payments.as_row(session, payment)
    session.add(_amendment(session, business, payment, rate=rate, place=place, on=on, act=act))
    return payments.recorded(session, business, payment, act, "payment.amend", before=before, reason=reason)


def _amendment(
    session: Session, business: Business, payment: Payment, *, rate: Decimal, place: str | None, on: date, act: Act
) -> AdvanceAmendment:
    customer = session.get_one(Customer, (business.id, payment.customer_id))
    due = advances.heads(businesses.seller(business), customer, place)
    if due is Heads.NONE:
        raise InvalidError(f"{business.code} collects no tax on advances.", hint="See: invo business show")
    made = AdvanceAmendment(
        business_id=business.id,
        id=new_id(),
        payment_id=payment.id,
        amended_on=on,
        created_at=act.at,
        created_by=act.actor,
    )
    advances.write_terms(made, payment, rate=rate, place=place, due=due)
    return made


def _refuse_unfit(session: Session, payment: Payment) -> None:
    if not payment.is_advance or payment.direction == "refund":
        raise InvalidError(f"{payment.number} is no advance.", hint="Only advances bear tax: invo payment list")
    if payment.voided_on is not None:
        raise ConflictError(f"{payment.number} is void.", hint="See: invo payment list")
    period = return_period(payment.dated_on)
    if period_locks.locked_among(session, payment.business_id, {period}) is None:
        raise ConflictError(
            f"{payment.number} is not reported yet: {period_locks.in_words(period)} is not locked.",
            hint=f'Void it and record it anew: invo payment void {payment.number} --reason "…"',
        )


def _refuse_day(
    business: Business, payment: Payment, bears: Payment | AdvanceAmendment, on: date, *, today: date
) -> None:
    since = bears.amended_on if isinstance(bears, AdvanceAmendment) else payment.dated_on
    if not since <= on <= today:
        raise InvalidError(f"{on} is not between {since} and today.", hint=f"Date it {since} or later.")
    last = correctable_until(payment.dated_on)
    if on.replace(day=1) > last:
        raise InvalidError(
            f"{payment.number} could be corrected until {last} (CGST Act s.37(3)).",
            hint="The annual return takes the difference.",
        )

"""The tax inside an advance and its refund, with the vouchers of Rules 50 and 51."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from invo_cli.errors import InvalidError
from invo_cli.gst.document import Kind, Seller, Supply, Voucher
from invo_cli.gst.money import format_rate, from_thousandths, round_paise, rupees, to_paise, to_thousandths
from invo_cli.gst.periods import FinancialYear
from invo_cli.gst.rates import RATE_PERIODS, rate_problem
from invo_cli.gst.supply import current_state, heads_for
from invo_cli.gst.tax import Heads
from invo_cli.models import AdvanceAmendment, Business, Customer, Payment
from invo_cli.services import businesses, customers, given_numbers
from invo_cli.services.audit import canonical

Corrections = Mapping[int, Sequence[AdvanceAmendment]]
"""The amendments of advances by the ids of these, the earliest first."""
UNKNOWN_RATE = Decimal(18)
"""An advance whose rate is not known yet is taxed at 18 % (Rule 50, first proviso)."""


def receive(
    session: Session,
    business: Business,
    customer: Customer,
    payment: Payment,
    *,
    rate: Decimal | None,
    place: str | None,
    voucher: str | None = None,
) -> None:
    """Tax an advance, inclusive, at its rate or 18 %, inter-state without a place, and number its voucher.

    An imported one has its voucher's number already.

    Raises InvalidError for a rate that nothing bears on the day.
    """
    seller = businesses.seller(business)
    place = place and current_state(place, payment.dated_on)
    due = heads(seller, customer, place)
    rate = Decimal(0) if due is Heads.NONE else UNKNOWN_RATE if rate is None else rate
    write_terms(payment, payment, rate=rate, place=place, due=due)
    _take_voucher(session, business, customer, payment, Voucher.RECEIPT_VOUCHER, voucher)


def write_terms(
    bears: Payment | AdvanceAmendment, payment: Payment, *, rate: Decimal, place: str | None, due: Heads
) -> None:
    """Write onto an advance, or its amendment, what it bears; InvalidError for a rate that nothing bore on its day."""
    _require_rate(rate, payment.dated_on)
    bears.gst_rate_thousandths = to_thousandths(rate)
    bears.place_of_supply = place
    _write_tax(bears, payment.amount_paise + payment.tds_paise, rate, due)


def give_back(session: Session, business: Business, customer: Customer, source: Payment, payment: Payment) -> None:
    """A refunded advance gives back its tax in proportion, with a refund voucher (Rule 51).

    `source` does not count the refund yet: the tax of all refunds together is that of their sum.
    """
    if not source.is_advance:
        return
    bears = bearing(session, source)
    payment.gst_rate_thousandths = bears.gst_rate_thousandths
    payment.place_of_supply = bears.place_of_supply
    payment.description = source.description
    rate = from_thousandths(bears.gst_rate_thousandths or 0)
    due = Heads.IGST if bears.igst_paise else Heads.CGST_SGST
    _write_tax(payment, payment.amount_paise, rate, due, before=source.refunded_paise)
    _take_voucher(session, business, customer, payment, Voucher.REFUND_VOUCHER)


def bearing(session: Session, payment: Payment) -> Payment | AdvanceAmendment:
    """What tells the rate, place and taxes of an advance now: its newest amendment, or itself."""
    return corrections(session, payment.business_id, [payment.id]).get(payment.id, [payment])[-1]


def corrections(session: Session, business_id: int, payment_ids: Sequence[int] | None = None) -> Corrections:
    """The amendments of these advances; left out, of every one."""
    query = select(AdvanceAmendment).where(AdvanceAmendment.business_id == business_id)
    if payment_ids is not None:
        query = query.where(AdvanceAmendment.payment_id.in_(payment_ids))
    found: dict[int, list[AdvanceAmendment]] = defaultdict(list)
    for each in session.scalars(query.order_by(AdvanceAmendment.amended_on, AdvanceAmendment.created_at)):
        found[each.payment_id].append(each)
    return found


def amendment_row(found: AdvanceAmendment) -> dict[str, Any]:
    """How an advance was corrected, as scripts see it."""
    return {"date": found.amended_on.isoformat(), **_tax_row(found)}


def as_row(payment: Payment) -> dict[str, Any]:
    """What a voucher states besides amount, number and date: the tax, what for, by whom and to whom; else None."""
    if not payment.is_advance:
        return dict.fromkeys(("tax", "description", "seller", "buyer"))
    tax = _tax_row(payment) | {"reverse_charge": False}
    seller, buyer = json.loads(payment.seller or "{}"), json.loads(payment.buyer or "{}")
    return {
        "tax": tax,
        "description": payment.description,
        "seller": {key: seller.get(key) for key in ("name", "gstin", "state", "address")},
        "buyer": {key: buyer.get(key) for key in ("name", "gstin", "state", "mobile", "email", "address")},
    }


def _tax_row(bears: Payment | AdvanceAmendment) -> dict[str, Any]:
    return {
        "gst_rate": format_rate(from_thousandths(bears.gst_rate_thousandths or 0)),
        "place_of_supply": bears.place_of_supply,
        "taxable_value": str(rupees(bears.taxable_paise)),
        "cgst": str(rupees(bears.cgst_paise)),
        "sgst": str(rupees(bears.sgst_paise)),
        "igst": str(rupees(bears.igst_paise)),
    }


def heads(seller: Seller, customer: Customer, place: str | None) -> Heads:
    """Which taxes an advance bears: none of a seller who collects none, as for the supply, inter-state if unknown."""
    if seller.is_composition or seller.gstin is None:
        return Heads.NONE
    supply = Supply.SEZ_WITH_PAYMENT if customer.is_sez else Supply.REGULAR
    return Heads.IGST if place is None else heads_for(seller, Kind.TAX_INVOICE, supply, place)


def _require_rate(rate: Decimal, on: date) -> None:
    """An advance has no HSN code yet: a rate that only some goods bear on that day is right too."""
    problem = rate_problem(rate, on)
    if problem and not any(each.rate == rate and each.since <= on <= each.until for each in RATE_PERIODS):
        raise InvalidError(problem.reason, hint=problem.hint)


def _take_voucher(
    session: Session, business: Business, customer: Customer, payment: Payment, kind: Voucher, number: str | None = None
) -> None:
    taken = given_numbers.take(session, business.id, kind, FinancialYear.of(payment.dated_on), number)
    payment.is_advance = True
    payment.voucher, payment.voucher_series, payment.voucher_serial = taken.number, taken.series, taken.serial
    payment.seller = canonical(asdict(businesses.seller(business)))
    payment.buyer = canonical(asdict(customers.buyer_of(customer)))


def _write_tax(
    bears: Payment | AdvanceAmendment, amount_paise: int, rate: Decimal, due: Heads, *, before: int = 0
) -> None:
    """The tax inside an amount that comes after `before` paise; what rounding leaves is taxable value."""
    half, igst = (
        tax_inside(before + amount_paise, rate, due, head) - tax_inside(before, rate, due, head)
        for head in (Heads.CGST_SGST, Heads.IGST)
    )
    bears.cgst_paise = bears.sgst_paise = half
    bears.igst_paise = igst
    bears.taxable_paise = amount_paise - 2 * half - igst


def tax_inside(amount_paise: int, rate: Decimal, heads: Heads, head: Heads) -> int:
    """What one head takes of an amount that includes tax; CGST and SGST are half each."""
    if heads is not head:
        return 0
    tax = rupees(amount_paise) * rate / (100 + rate)
    return to_paise(round_paise(tax / 2 if head is Heads.CGST_SGST else tax))

"""The tax inside an advance and its refund, with the vouchers of Rules 50 and 51."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from invo_cli.gst.document import Kind, Supply, Voucher
from invo_cli.gst.money import format_rate, from_thousandths, round_paise, rupees, to_paise, to_thousandths
from invo_cli.gst.periods import FinancialYear
from invo_cli.gst.supply import heads_for
from invo_cli.gst.tax import Heads
from invo_cli.models import Business, Payment
from invo_cli.services import businesses, series

UNKNOWN_RATE = Decimal(18)
"""An advance whose rate is not known yet is taxed at 18 % (Rule 50, first proviso)."""


def receive(session: Session, business: Business, payment: Payment, *, rate: Decimal | None, place: str | None) -> None:
    """Tax an advance, inclusive, at its rate or 18 %, inter-state without a place, and number its voucher."""
    rate = UNKNOWN_RATE if rate is None else rate
    seller = businesses.seller(business)
    heads = Heads.IGST if place is None else heads_for(seller, Kind.TAX_INVOICE, Supply.REGULAR, place)
    payment.gst_rate_thousandths = to_thousandths(rate)
    payment.place_of_supply = place
    _write_tax(payment, payment.amount_paise + payment.tds_paise, rate, heads)
    _take_voucher(session, business, payment, Voucher.RECEIPT_VOUCHER)


def give_back(session: Session, business: Business, source: Payment, payment: Payment) -> None:
    """A refunded advance gives back its tax in proportion, with a refund voucher (Rule 51)."""
    if not source.is_advance:
        return
    payment.is_advance = True
    payment.gst_rate_thousandths = source.gst_rate_thousandths
    payment.place_of_supply = source.place_of_supply
    heads = Heads.CGST_SGST if source.cgst_paise else Heads.IGST if source.igst_paise else Heads.NONE
    _write_tax(payment, payment.amount_paise, from_thousandths(source.gst_rate_thousandths or 0), heads)
    _take_voucher(session, business, payment, Voucher.REFUND_VOUCHER)


def _take_voucher(session: Session, business: Business, payment: Payment, kind: Voucher) -> None:
    taken = series.take_number(session, business.id, kind, FinancialYear.of(payment.dated_on))
    payment.voucher, payment.voucher_series, payment.voucher_serial = taken.number, taken.series, taken.serial


def as_row(payment: Payment) -> dict[str, Any]:
    """The tax of an advance as scripts see it."""
    rate = from_thousandths(payment.gst_rate_thousandths or 0)
    return {
        "gst_rate": format_rate(rate),
        "place_of_supply": payment.place_of_supply,
        "taxable_value": str(rupees(payment.taxable_paise)),
        "cgst": str(rupees(payment.cgst_paise)),
        "sgst": str(rupees(payment.sgst_paise)),
        "igst": str(rupees(payment.igst_paise)),
    }


def _write_tax(payment: Payment, amount_paise: int, rate: Decimal, heads: Heads) -> None:
    """Split an amount that includes tax; CGST and SGST are equal, what rounding leaves is taxable value."""
    amount = rupees(amount_paise)
    tax = Decimal(0) if heads is Heads.NONE else amount * rate / (100 + rate)
    half = to_paise(round_paise(tax / 2)) if heads is Heads.CGST_SGST else 0
    payment.cgst_paise = payment.sgst_paise = half
    payment.igst_paise = to_paise(round_paise(tax)) if heads is Heads.IGST else 0
    payment.taxable_paise = amount_paise - 2 * half - payment.igst_paise

"""Tables 11A and 11B: advances on which tax is due, and advances that an invoice has now used up.

At every day an advance is used, given back or left over; tax is due on what is left over. A return states what became
of it in its period, so the rows of all returns together come to what is left over in the end. A return states each
advance at the rate and place known on its last day; `advances_amended` states those of earlier returns anew.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select, union
from sqlalchemy.orm import Session

from invo_cli.gst.filing import Span
from invo_cli.gst.money import from_thousandths
from invo_cli.gst.returns.books import Advance
from invo_cli.gst.returns.ordering import NumberOrder, document_order
from invo_cli.gst.tax import Heads
from invo_cli.models import Allocation, Business, Payment
from invo_cli.services import advances
from invo_cli.services.advances import Corrections

UNKNOWN_PLACE = "97"
"""Other territory: the place of an inter-state advance whose place is not known, of a customer at home."""
Taxes = tuple[int, int, int]
"""Taxable value, IGST and CGST (SGST is the same) in paise."""
Row = tuple[bool, str, int]
"""Of 11B or not, place of supply, rate in thousandths."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Left:
    """An advance with what was left of it, tax included, in paise."""

    pos: str
    rate: int
    heads: Heads
    before: int
    """At the end of the period before; 0 of one received in this period."""
    received: int
    used: int
    """Set against invoices in this period, less what was taken back."""
    refunded: int


def of_period(session: Session, business: Business, span: Span) -> list[Advance]:
    """The rows of 11A and 11B, one for each place and rate, in the order of their first advance; none that is zero."""
    corrections = advances.corrections(session, business.id)
    return [row for row in sums(session, business, span, corrections, span.days.last).values() if row.amount_paise]


def sums(
    session: Session, business: Business, span: Span, corrections: Corrections, known: dt.date
) -> Mapping[Row, Advance]:
    """The rows of 11A and 11B in the order of their first advance, at the rates and places known on a day."""
    found: dict[Row, list[int]] = {}
    for left in _moved(session, business, span, corrections, known):
        for is_adjustment, amounts in _rows(left):
            row = found.setdefault((is_adjustment, left.pos, left.rate), [0, 0, 0])
            row[:] = map(sum, zip(row, amounts, strict=True))
    return {
        row: Advance(row[1], row[2], taxable, igst, cgst, cgst, is_adjustment=row[0])
        for row, (taxable, igst, cgst) in found.items()
    }


def _rows(left: _Left) -> Iterator[tuple[bool, Taxes]]:
    """What an advance adds to 11A (False) and to 11B (True).

    What is used in the period in which it was received is in neither; what an invoice gives back is an advance again.
    """
    if left.received:
        yield False, _between(left, left.received - left.used - left.refunded, 0)
        return
    unused = left.before - max(left.used, 0)
    yield True, _between(left, left.before, unused)
    yield False, _between(left, left.before - left.used - left.refunded, unused)


def _between(left: _Left, more: int, less: int) -> Taxes:
    """What an amount that includes tax holds beyond another one, so that steps add up to the whole."""
    rate = from_thousandths(left.rate)
    igst, cgst = (
        advances.tax_inside(more, rate, left.heads, head) - advances.tax_inside(less, rate, left.heads, head)
        for head in (Heads.IGST, Heads.CGST_SGST)
    )
    return more - less - igst - 2 * cgst, igst, cgst


def _moved(
    session: Session, business: Business, span: Span, corrections: Corrections, known: dt.date
) -> Iterator[_Left]:
    first, last = span.days.first, span.days.last
    for row in sorted(session.execute(_query(business.id, first, last)), key=_order):
        is_new = row.dated_on >= first
        total = row.amount_paise + row.tds_paise
        used_before, used_now = int(row.used_before or 0), int(row.used_now or 0)
        given_before, given_now = int(row.given_before or 0), int(row.given_now or 0)
        terms = _terms(row, corrections, known)
        if not terms.igst_paise and not terms.cgst_paise:
            continue
        heads = Heads.IGST if terms.igst_paise else Heads.CGST_SGST
        yield _Left(
            pos=_place(terms.place_of_supply, row.buyer, business, heads),
            rate=terms.gst_rate_thousandths or 0,
            heads=heads,
            before=0 if is_new else total - used_before - given_before,
            received=total if is_new else 0,
            used=used_now - (0 if is_new else used_before),
            refunded=given_now - (0 if is_new else given_before),
        )


def _query(business_id: int, first: dt.date, last: dt.date) -> Select[Any]:
    """The advances received, used, freed or refunded from `first` to `last`, with the sums before and at the end."""
    before, refund = first - dt.timedelta(days=1), Payment.direction == "refund"
    ours = Payment.business_id == business_id
    moved = or_(Allocation.allocated_on.between(first, last), Allocation.undone_on.between(first, last))
    in_period = and_(ours, Payment.is_advance, Payment.dated_on.between(first, last), Payment.voided_on.is_(None))
    candidates = union(
        select(Payment.id.label("id")).where(in_period, ~refund),
        select(Payment.refund_of_id.label("id")).where(in_period, refund),
        select(Allocation.payment_id.label("id")).where(Allocation.business_id == business_id, moved),
    ).subquery()
    used = (
        select(
            Allocation.payment_id,
            *(_live_at(day).label(name) for name, day in (("used_before", before), ("used_now", last))),
        )
        .where(Allocation.business_id == business_id, Allocation.payment_id.in_(select(candidates.c.id)))
        .group_by(Allocation.payment_id)
        .subquery()
    )
    given = (
        select(
            Payment.refund_of_id,
            *(_given_by(day).label(name) for name, day in (("given_before", before), ("given_now", last))),
        )
        .where(ours, refund, Payment.voided_on.is_(None), Payment.refund_of_id.in_(select(candidates.c.id)))
        .group_by(Payment.refund_of_id)
        .subquery()
    )
    columns: tuple[Any, ...] = (Payment.id, Payment.number, Payment.dated_on, Payment.amount_paise, Payment.tds_paise)
    columns += (Payment.gst_rate_thousandths, Payment.place_of_supply, Payment.igst_paise, Payment.cgst_paise)
    columns += (Payment.buyer,)
    return (
        select(*columns, used.c.used_before, used.c.used_now, given.c.given_before, given.c.given_now)
        .outerjoin(used, used.c.payment_id == Payment.id)
        .outerjoin(given, given.c.refund_of_id == Payment.id)
        .where(ours, Payment.is_advance, ~refund, Payment.voided_on.is_(None), Payment.dated_on <= last)
        .where(Payment.id.in_(select(candidates.c.id)))
    )


def _order(row: Any) -> tuple[dt.date, NumberOrder, str]:
    return document_order(row.dated_on, row.number)


def _live_at(day: dt.date) -> Any:
    is_live = and_(Allocation.allocated_on <= day, or_(Allocation.undone_on.is_(None), Allocation.undone_on > day))
    return func.sum(case((is_live, Allocation.amount_paise), else_=0))


def _given_by(day: dt.date) -> Any:
    return func.sum(case((Payment.dated_on <= day, Payment.amount_paise), else_=0))


def _terms(row: Any, corrections: Corrections, known: dt.date) -> Any:
    """Where rate, place and taxes of an advance are told: its newest amendment of that day, or itself."""
    return next((each for each in reversed(corrections.get(row.id, ())) if each.amended_on <= known), row)


def _place(place: str | None, buyer: str | None, business: Business, heads: Heads) -> str:
    if place is None:
        place = json.loads(buyer or "{}").get("state")
    return UNKNOWN_PLACE if place is None or (heads is Heads.IGST and place == business.state) else place

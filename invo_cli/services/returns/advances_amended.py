"""Tables 11A and 11B of earlier returns, stated anew where an advance that they reported was corrected since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from invo_cli.gst.filing import Span
from invo_cli.gst.periods import return_period
from invo_cli.gst.returns.books import Advance
from invo_cli.models import Business, Payment
from invo_cli.services import advances
from invo_cli.services.returns.advances import Row, sums


def restated(session: Session, business: Business, span: Span) -> Iterator[Advance]:
    """The places of earlier returns that amendments of this one change: every rate of a place, with what it was.

    The earliest return comes first. What nothing is left of is stated with 0.
    """
    corrections = advances.corrections(session, business.id)
    first, last = span.days.first, span.days.last
    changed = [id for id, found in corrections.items() if any(first <= each.amended_on <= last for each in found)]
    if not changed:
        return
    ours = (Payment.business_id == business.id, Payment.id.in_(changed))
    since = session.scalars(select(func.min(Payment.dated_on)).where(*ours)).one()
    for earlier in _returns_before(span, since):
        before, now = (
            sums(session, business, earlier, corrections, known) for known in (first - dt.timedelta(days=1), last)
        )
        yield from _changed_places(earlier.period, before, now)


def _changed_places(period: str, before: Mapping[Row, Advance], now: Mapping[Row, Advance]) -> Iterator[Advance]:
    rows = {
        row: (before.get(row) or _nothing(row), now.get(row) or _nothing(row)) for row in dict.fromkeys((*before, *now))
    }
    places = {row[:2] for row, (was, is_now) in rows.items() if was != is_now}
    for row, (was, is_now) in rows.items():
        if row[:2] in places and (was.amount_paise or is_now.amount_paise):
            yield is_now._replace(amended_period=period, before=was)


def _nothing(row: Row) -> Advance:
    is_adjustment, pos, rate = row
    return Advance(pos, rate, 0, is_adjustment=is_adjustment)


def _returns_before(span: Span, since: dt.date) -> list[Span]:
    """The returns before one, back to that of a day; each covers as many months."""
    found: list[Span] = []
    day = span.days.first - dt.timedelta(days=1)
    while day >= since:
        found.insert(0, Span(return_period(day), span.months))
        day = found[0].days.first - dt.timedelta(days=1)
    return found

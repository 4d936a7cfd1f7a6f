"""Locked months: nothing dated or reported in one changes until it is unlocked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from invo_cli.errors import ConflictError
from invo_cli.gst.periods import parse_return_period, return_period
from invo_cli.models import Business, PeriodLock
from invo_cli.services import audit, books
from invo_cli.services.access import Right, demands
from invo_cli.services.acting import Act

_AMONG = (
    select(PeriodLock)
    .where(PeriodLock.business_id == bindparam("business"), PeriodLock.period.in_(bindparam("periods", expanding=True)))
    .order_by(PeriodLock.period)
)


@demands(Right.PERIOD_WRITE)
def lock(
    session: Session,
    business: Business,
    period: str,
    *,
    act: Act,
    reason: str,
    arn: str | None = None,
    filed_on: date | None = None,
) -> PeriodLock:
    """Lock the month MMYYYY; again: the first lock stays, but is told the ARN and day of a return filed since.

    Raises ConflictError when another return was filed for it.
    """
    books.take(session, business.id)
    found = session.get(PeriodLock, (business.id, period))
    if found is not None:
        return _filed(session, business, found, act, arn, filed_on)
    made = PeriodLock(business_id=business.id, period=period, reason=reason, locked_at=act.at, locked_by=act.actor)
    made.arn, made.filed_on = arn, filed_on
    session.add(made)
    session.flush()
    _record(session, business, act, "period.lock", made, reason)
    return made


def _filed(
    session: Session, business: Business, found: PeriodLock, act: Act, arn: str | None, filed_on: date | None
) -> PeriodLock:
    if arn is None or (found.arn, found.filed_on) == (arn, filed_on):
        return found
    if found.arn is not None:
        raise ConflictError(
            f"{in_words(found.period)} was filed on {found.filed_on} with ARN {found.arn}.",
            hint=f"If that is wrong, unlock it first: invo return unlock {in_words(found.period)} --reason …",
        )
    before = as_row(found)
    found.arn, found.filed_on = arn, filed_on
    session.flush()
    subject = f"period:{in_words(found.period)}"
    event = audit.Event(action="period.lock", subject=subject, before=before, after=as_row(found))
    audit.append(session, business.id, act, [event])
    return found


@demands(Right.PERIOD_WRITE)
def unlock(session: Session, business: Business, period: str, *, act: Act, reason: str) -> bool:
    """Open a month again; False when it was not locked."""
    books.take(session, business.id)
    found = session.get(PeriodLock, (business.id, period))
    if found is None:
        return False
    _record(session, business, act, "period.unlock", found, reason)
    session.execute(delete(PeriodLock).where(PeriodLock.business_id == business.id, PeriodLock.period == period))
    session.expunge(found)
    return True


@demands(Right.PERIOD_READ)
def search(session: Session, business_id: int) -> Sequence[PeriodLock]:
    """The locked months, the newest first."""
    rows = session.scalars(select(PeriodLock).where(PeriodLock.business_id == business_id)).all()
    return sorted(rows, key=lambda row: (row.period[2:], row.period[:2]), reverse=True)


def locked_among(session: Session, business_id: int, periods: Iterable[str]) -> PeriodLock | None:
    """The lock of the first of these months (MMYYYY) that is locked."""
    return session.scalars(_AMONG, {"business": business_id, "periods": sorted(set(periods))}).first()


def require_open(
    session: Session,
    business_id: int,
    what: str,
    *days: date,
    periods: Iterable[str] = (),
    way_out: str = "Date it later",
) -> None:
    """Raise ConflictError when one of the days or return periods of `what` is locked; the caller holds the book."""
    found = locked_among(session, business_id, {*map(return_period, days), *periods})
    if found is not None:
        name = in_words(found.period)
        raise ConflictError(
            f"{what} falls into {name}, which is locked ({found.reason}).",
            hint=f"{way_out}, or unlock the month: invo period unlock {name} --reason …",
        )


def in_words(period: str) -> str:
    """MMYYYY as people and commands write a month: 2026-09."""
    return f"{parse_return_period(period).first:%Y-%m}"


def as_row(found: PeriodLock) -> dict[str, Any]:
    """A lock as scripts see it."""
    return {
        "period": in_words(found.period),
        "is_locked": True,
        "reason": found.reason,
        "locked_at": found.locked_at.isoformat(),
        "locked_by": found.locked_by,
        "arn": found.arn,
        "filed_on": found.filed_on and found.filed_on.isoformat(),
    }


def _record(session: Session, business: Business, act: Act, action: str, found: PeriodLock, reason: str) -> None:
    row = as_row(found)
    states: dict[str, Any] = {"before": row} if action == "period.unlock" else {"after": row}
    event = audit.Event(action=action, subject=f"period:{in_words(found.period)}", reason=reason, **states)
    audit.append(session, business.id, act, [event])

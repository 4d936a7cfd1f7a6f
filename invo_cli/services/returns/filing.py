"""When returns are due and that they were filed: one lock per month, one due date per return."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from invo_cli.errors import InvalidError
from invo_cli.gst.filing import KINDS, NAMES, Span, due_on, following, kinds_due, quarter_of
from invo_cli.gst.periods import GST_BEGAN, return_period
from invo_cli.gst.returns.choice import ordinal
from invo_cli.models import Business, Invoice, PeriodLock, ReturnDueDate
from invo_cli.services import audit, books, period_locks
from invo_cli.services.access import Right, demands
from invo_cli.services.acting import Act
from invo_cli.services.returns import reading

SHOWN = 6
"""How many months before this one are shown whether or not their returns were filed."""
QUARTERLY = ("gstr1", "gstr3b", "cmp08")


@demands(Right.RETURN_WRITE)
def lock(
    session: Session, business: Business, span: Span, *, act: Act, arn: str, filed_on: dt.date
) -> list[dict[str, Any]]:
    """Record that the return of outward supplies was filed, and lock its months. Again: nothing to do.

    Of a quarterly filer one of the first two months is its IFF. Raises InvalidError for a day on which it cannot have
    been filed, ConflictError when it was filed already with another ARN.
    """
    reading.filer_of(business)
    kind, span = _filed_return(business, span)
    if not span.days.first <= filed_on <= act.today:
        raise InvalidError(
            f"{NAMES[kind]} of {span.label} cannot have been filed on {filed_on}.", hint="Give the day of the ARN."
        )
    reason = f"{NAMES[kind]} filed"
    return [
        period_locks.as_row(
            period_locks.lock(session, business, period, act=act, reason=reason, arn=arn, filed_on=filed_on)
        )
        for period in _own_months(session, business, span, arn)
    ]


@demands(Right.RETURN_WRITE)
def unlock(session: Session, business: Business, span: Span, *, act: Act, reason: str) -> list[str]:
    """Open the months of a return again, of a quarter those that no IFF locked; the months that were locked."""
    _, span = _filed_return(business, span)
    months = _own_months(session, business, span, _arn_of(session, business, span.period))
    return [period for period in months if period_locks.unlock(session, business, period, act=act, reason=reason)]


@demands(Right.RETURN_READ)
def furnished(session: Session, business: Business, span: Span) -> frozenset[str]:
    """The months of a quarter whose IFF was filed: their ARN is not that of the quarter."""
    return _with_other_arn(session, business, span, _arn_of(session, business, span.period))


@demands(Right.RETURN_WRITE)
def set_due(
    session: Session, business: Business, kind: str, span: Span, *, act: Act, on: dt.date | None
) -> dict[str, Any]:
    """Set the due date of a return, as a notification extended it; None is the usual one again."""
    reading.filer_of(business)
    books.take(session, business.id)
    _require_kind(business, kind, span)
    key = (business.id, kind, span.period)
    found = session.get(ReturnDueDate, key)
    usual = _usual(business, kind, span.period)
    before = {"due_date": (found.due_on if found else usual).isoformat()}
    same = (ReturnDueDate.business_id == business.id, ReturnDueDate.kind == kind, ReturnDueDate.period == span.period)
    if found is not None:
        session.execute(delete(ReturnDueDate).where(*same))
        session.expunge(found)
    if on is not None and on != usual:
        session.add(ReturnDueDate(business_id=business.id, kind=kind, period=span.period, due_on=on))
        session.flush()
    after = {"due_date": (on or usual).isoformat()}
    if after != before:
        subject = f"return:{kind}:{span.label}"
        event = audit.Event(action="return.due", subject=subject, before=before, after=after)
        audit.append(session, business.id, act, [event])
    return {"business": business.code, "return": kind, "period": span.label, **after, "usual": usual.isoformat()}


@demands(Right.RETURN_READ)
def record(session: Session, business: Business, *, act: Act, subject: str, files: Sequence[Mapping[str, Any]]) -> None:
    """Note in the audit trail which files of a return were written; each has name, bytes and sha256."""
    event = audit.Event(action="return.write", subject=f"return:{subject}", after={"files": [dict(f) for f in files]})
    audit.append(session, business.id, act, [event])


@demands(Right.RETURN_READ)
def status(
    session: Session, businesses: Sequence[Business], *, today: dt.date, everything: bool = False
) -> Iterator[dict[str, Any]]:
    """The returns of each business from its first month to this one, by due date: filed or not, late or to come.

    Of months more than SHOWN before this one only returns that are not filed, unless `everything`. Whether GSTR-3B was
    filed is not recorded.
    """
    for business in businesses:
        rows = list(_of_business(session, business, today))
        oldest = _months_before(today, SHOWN)
        for row in sorted(rows, key=lambda row: (row["due_date"], row["return"])):
            is_recent = ordinal(row["_last"]) >= ordinal(oldest)
            if everything or is_recent or row["state"] == "overdue":
                yield {key: value for key, value in row.items() if not key.startswith("_")}


def _of_business(session: Session, business: Business, today: dt.date) -> Iterator[dict[str, Any]]:
    if business.gstin is None:
        return
    locks = {row.period: row for row in period_locks.search(session, business.id)}
    query = select(ReturnDueDate).where(ReturnDueDate.business_id == business.id)
    extended = {(row.kind, row.period): row.due_on for row in session.scalars(query)}
    quarterly = business.files_quarterly
    for period in _months(session, business, today):
        for kind in kinds_due(period, is_quarterly=quarterly, is_composition=business.is_composition):
            is_quarter = kind in QUARTERLY and (quarterly or business.is_composition)
            due = extended.get((kind, period), _usual(business, kind, period))
            yield _row(business, kind, Span(period, 3 if is_quarter else 1), due, locks.get(period), today)


def _row(
    business: Business, kind: str, span: Span, due: dt.date, found: PeriodLock | None, today: dt.date
) -> dict[str, Any]:
    is_recorded = kind != "gstr3b"
    filed_on = found.filed_on if found is not None and is_recorded else None
    return {
        "business": business.code,
        "gstin": business.gstin,
        "return": kind,
        "period": span.label,
        "due_date": due.isoformat(),
        "state": _state(span, due, filed_on, today, is_recorded=is_recorded, is_optional=kind == "iff"),
        "is_locked": found is not None,
        "filed_on": filed_on and filed_on.isoformat(),
        "arn": found.arn if found is not None and is_recorded else None,
        "_last": span.period,
    }


def _state(
    span: Span, due: dt.date, filed_on: dt.date | None, today: dt.date, *, is_recorded: bool, is_optional: bool
) -> str:
    if filed_on is not None:
        return "filed"
    if today <= span.days.last:
        return "running"
    if today <= due:
        return "due"
    if is_optional:
        return "lapsed"
    return "overdue" if is_recorded else "unrecorded"


def _months(session: Session, business: Business, today: dt.date) -> Iterator[str]:
    """Every month from that of the first document, or of the business itself, to that in which this quarter ends."""
    first = session.scalar(
        select(func.min(Invoice.dated_on)).where(Invoice.business_id == business.id, Invoice.status != "draft")
    )
    period = return_period(max(first or business.created_at.date(), GST_BEGAN))
    last = return_period(today)
    if business.files_quarterly or business.is_composition:
        last = quarter_of(last).period
    while ordinal(period) <= ordinal(last):
        yield period
        period = following(period)


def _months_before(today: dt.date, count: int) -> str:
    month = today.replace(day=1)
    for _ in range(count):
        month = (month - dt.timedelta(days=1)).replace(day=1)
    return return_period(month)


def _filed_return(business: Business, span: Span) -> tuple[str, Span]:
    """The return that is filed when that period is named."""
    ends_quarter = int(span.period[:2]) % 3 == 0
    is_iff = business.files_quarterly and not business.is_composition and span.months == 1 and not ends_quarter
    kind = "iff" if is_iff else "cmp08" if business.is_composition else "gstr1"
    if reading.is_unusual(business, span, iff=is_iff):
        raise InvalidError(f"{business.code} files monthly.", hint="Name a month such as 2026-10.")
    return kind, reading.span_of(business, span, iff=is_iff)


def _own_months(session: Session, business: Business, span: Span, arn: str | None) -> list[str]:
    """The months that a return locks: of a quarter those that no IFF has locked."""
    others = _with_other_arn(session, business, span, arn)
    return [period for period in span.periods if period not in others]


def _with_other_arn(session: Session, business: Business, span: Span, arn: str | None) -> frozenset[str]:
    """The first two months of a quarter that were filed, under another ARN."""
    query = select(PeriodLock.period).where(
        PeriodLock.business_id == business.id,
        PeriodLock.period.in_(span.periods[:-1]),
        PeriodLock.arn.is_not(None),
        PeriodLock.arn != (arn or ""),
    )
    return frozenset(session.scalars(query))


def _arn_of(session: Session, business: Business, period: str) -> str | None:
    found = session.get(PeriodLock, (business.id, period))
    return found.arn if found is not None else None


def _require_kind(business: Business, kind: str, span: Span) -> None:
    found = kinds_due(span.period, is_quarterly=business.files_quarterly, is_composition=business.is_composition)
    if kind not in KINDS or kind not in found:
        due = ", ".join(found) or "no return"
        raise InvalidError(f"{business.code} files {due} for {span.label}, not {kind}.", hint="See: invo return status")


def _usual(business: Business, kind: str, period: str) -> dt.date:
    return due_on(kind, period, is_quarterly=business.files_quarterly, state=business.state)

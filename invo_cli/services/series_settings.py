"""Looking at number series and setting their patterns, so that no two documents can have the same number."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from invo_cli.errors import ConflictError, InvalidError
from invo_cli.gst.numbering import DEFAULT_PATTERNS, Numbered, NumberPattern
from invo_cli.gst.periods import FinancialYear
from invo_cli.models import NumberCounter, NumberSeries
from invo_cli.services import audit, books
from invo_cli.services.access import Right, demands
from invo_cli.services.acting import Act
from invo_cli.services.series import EVERY_YEAR, pattern_for

_SERIAL = re.compile(r"\{seq[^{}]*\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The series of one kind of document in one year; `last_serial` is one less than the first when none is taken."""

    kind: Numbered
    year: FinancialYear
    pattern: NumberPattern
    set_for: str | None
    """The year it was set for, '' for every year, None for the usual pattern."""
    first_serial: int = 1
    last_serial: int = 0


@demands(Right.SERIES_READ)
def get(session: Session, business_id: int, kind: Numbered, year: FinancialYear) -> Series:
    """The series that a document of this kind and year takes its number from."""
    pattern = pattern_for(session, business_id, kind, year)
    rows = _rows(session, business_id, kind)
    set_for = next((name for name in (year.label, EVERY_YEAR) if name in rows), None)
    counter = session.get(NumberCounter, (business_id, kind.value, pattern.text, year.label))
    serials = {"first_serial": counter.first_serial, "last_serial": counter.last_serial} if counter else {}
    return Series(kind=kind, year=year, pattern=pattern, set_for=set_for, **serials)


@demands(Right.SERIES_READ)
def search(session: Session, business_id: int, year: FinancialYear) -> list[Series]:
    """The series of every kind in a year."""
    return [get(session, business_id, kind, year) for kind in DEFAULT_PATTERNS]


@demands(Right.SERIES_WRITE)
def set_pattern(
    session: Session,
    business_id: int,
    kind: Numbered,
    pattern: NumberPattern,
    *,
    act: Act,
    year: FinancialYear | None,
    start: int | None = None,
) -> Series:
    """Give a kind a pattern from now on, in one year or in every year without one of its own.

    `start` is the first serial of a series that has no number yet; the ones before it were issued elsewhere.
    Raises ConflictError when its numbers could meet those of another kind, or of a series used before in the year, and
    when the series is under way: another start would then leave a gap or repeat a number.
    """
    books.take(session, business_id)
    effective = year or FinancialYear.of(act.today)
    before = _rows(session, business_id, kind).get(year.label if year else EVERY_YEAR)
    if before != pattern.text:
        _refuse_meeting(session, business_id, kind, pattern.text, effective)
        _store(session, business_id, kind, pattern.text, year.label if year else EVERY_YEAR, before)
        change = {"kind": kind.value, "financial_year": year and year.label}
        event = audit.Event(
            action="series.set",
            subject=f"series:{kind.value}",
            before=None if before is None else change | {"pattern": before},
            after=change | {"pattern": pattern.text},
        )
        audit.append(session, business_id, act, [event])
    series = get(session, business_id, kind, effective)
    if start is None:
        return series
    if series.pattern != pattern:
        raise ConflictError(
            f"{effective} keeps {series.pattern}, which was set for that year alone.",
            hint=f"Set the pattern for that year: --year {effective}",
        )
    return _start_at(session, business_id, series, start, act)


def as_row(series: Series) -> dict[str, Any]:
    """A series as scripts see it; the year is the one its numbers are shown for."""
    return {
        "kind": series.kind.value,
        "financial_year": series.year.label,
        "pattern": series.pattern.text,
        "set_for": {None: "default", "": "every year"}.get(series.set_for, series.set_for),
        "last_number": _number(series, series.last_serial) if series.last_serial >= series.first_serial else None,
        "next_number": _number(series, series.last_serial + 1),
        "first_serial": series.first_serial,
        "last_serial": series.last_serial,
    }


def _start_at(session: Session, business_id: int, series: Series, serial: int, act: Act) -> Series:
    if serial == series.last_serial + 1:
        return series
    if series.last_serial >= series.first_serial:
        last = series.pattern.render(series.year, series.last_serial)
        raise ConflictError(
            f"Series {series.pattern} has reached {last}: its next serial is {series.last_serial + 1}, not {serial}.",
            hint="A series goes on without a gap; start another one with another pattern.",
        )
    key = {"kind": series.kind.value, "series": series.pattern.text, "financial_year": series.year.label}
    counter = session.get(NumberCounter, (business_id, *key.values()))
    if counter is None:
        counter = NumberCounter(business_id=business_id, **key)
        session.add(counter)
    counter.first_serial, counter.last_serial = serial, serial - 1
    session.flush()
    event = audit.Event(
        action="series.start",
        subject=f"series:{series.kind.value}",
        before=key | {"first_serial": series.first_serial},
        after=key | {"first_serial": serial},
    )
    audit.append(session, business_id, act, [event])
    return replace(series, first_serial=serial, last_serial=serial - 1)


def _rows(session: Session, business_id: int, kind: Numbered) -> dict[str, str]:
    """The patterns set for a kind, by year."""
    query = select(NumberSeries.financial_year, NumberSeries.pattern).where(
        NumberSeries.business_id == business_id, NumberSeries.kind == kind.value
    )
    return {year: pattern for year, pattern in session.execute(query)}


def _store(session: Session, business_id: int, kind: Numbered, pattern: str, year: str, before: str | None) -> None:
    key = {"business_id": business_id, "kind": kind.value, "financial_year": year}
    if before is None:
        session.execute(insert(NumberSeries).values(**key, pattern=pattern))
    else:
        session.execute(update(NumberSeries).filter_by(**key).values(pattern=pattern))


def _refuse_meeting(session: Session, business_id: int, kind: Numbered, pattern: str, year: FinancialYear) -> None:
    for other_kind, other in sorted(_others(session, business_id, kind, pattern, year)):
        if _may_meet(pattern, other, year):
            raise ConflictError(
                f"Numbers of {pattern} could be the same as those of {other}, the series of {other_kind}.",
                hint="Begin the pattern with letters of its own, such as CN/{fy}/{seq:04}.",
            )


def _others(
    session: Session, business_id: int, kind: Numbered, pattern: str, year: FinancialYear
) -> set[tuple[str, str]]:
    """Kind and pattern of what other kinds are set to, whatever the year, and of all other series with numbers."""
    set_patterns = select(NumberSeries.kind, NumberSeries.pattern, NumberSeries.financial_year).where(
        NumberSeries.business_id == business_id, NumberSeries.kind != kind.value
    )
    counters = select(NumberCounter.kind, NumberCounter.series).where(
        NumberCounter.business_id == business_id,
        NumberCounter.financial_year == year.label,
        NumberCounter.last_serial >= NumberCounter.first_serial,
    )
    rows = session.execute(set_patterns).all()
    chosen = {row.kind for row in rows if row.financial_year in (EVERY_YEAR, year.label)}
    usual = {
        (other.value, DEFAULT_PATTERNS[other])
        for other in DEFAULT_PATTERNS
        if other is not kind and other not in chosen
    }
    taken = {(row.kind, row.series) for row in session.execute(counters)}
    return usual | {(row.kind, row.pattern) for row in rows} | (taken - {(kind.value, pattern)})


def _may_meet(first: str, second: str, year: FinancialYear) -> bool:
    """Whether two patterns can give one number in a year: what stands around the serials differs by digits at most."""
    prefixes, suffixes = zip(_around_serial(first, year), _around_serial(second, year), strict=True)
    short, long = sorted(prefixes, key=len)
    short_end, long_end = sorted(suffixes, key=len)
    extra = (long.removeprefix(short), long_end.removesuffix(short_end))
    return long.startswith(short) and long_end.endswith(short_end) and all(not part or part.isdigit() for part in extra)


def _around_serial(pattern: str, year: FinancialYear) -> list[str]:
    return _SERIAL.split(pattern.replace("{fy}", year.short).upper().replace("{SEQ", "{seq"))


def _number(series: Series, serial: int) -> str | None:
    """The number of a serial; None when the pattern has come to its end."""
    try:
        return series.pattern.render(series.year, serial)
    except InvalidError:
        return None

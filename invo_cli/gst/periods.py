"""Dates, financial years, return periods, and the periods that reports are asked for."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

from invo_cli.errors import InvalidError
from invo_cli.gst.text import quoted

GST_BEGAN = dt.date(2017, 7, 1)

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PERIOD_HINT = (
    "Write today, -7d, this-month, last-quarter, 2026-04, 2026q2, apr26, fy, fy26-27 or 2026-04-01..2026-04-30."
)


@dataclass(frozen=True, slots=True, order=True)
class FinancialYear:
    """The year from 1 April of `start` to 31 March of the next."""

    start: int

    @property
    def label(self) -> str:
        """As returns and the e-invoice write it: 2026-27."""
        return f"{self.start}-{(self.start + 1) % 100:02}"

    @property
    def short(self) -> str:
        """As document numbers carry it: 26-27."""
        return self.label[2:]

    @property
    def first_day(self) -> dt.date:
        """1 April."""
        return dt.date(self.start, 4, 1)

    @property
    def last_day(self) -> dt.date:
        """31 March of the next calendar year."""
        return dt.date(self.start + 1, 3, 31)

    def __str__(self) -> str:
        return self.label

    @classmethod
    def of(cls, day: dt.date) -> FinancialYear:
        """The financial year a day lies in."""
        return cls(day.year if day.month >= 4 else day.year - 1)

    @classmethod
    def parse(cls, text: str) -> FinancialYear:
        """The year of 2026-27, 26-27 or fy26-27; the century is always 20."""
        match = re.fullmatch("(?:fy)?(?:20)?([0-9]{2})-([0-9]{2})", text.strip().lower())
        if match is None or (int(match[1]) + 1) % 100 != int(match[2]):
            raise InvalidError(f"{quoted(text)} is not a financial year.", hint="Write it as 2026-27 or 26-27.")
        return cls(2000 + int(match[1]))


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included."""

    first: dt.date
    last: dt.date

    def __contains__(self, day: dt.date) -> bool:
        return self.first <= day <= self.last


def parse_date(text: str, *, what: str = "Date") -> dt.date:
    """The day of YYYY-MM-DD, and of no other spelling; `what` begins the refusal's sentence."""
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise InvalidError(f"{what} {quoted(text)} is not a date.", hint="Write year, month and day: 2026-04-30.")
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise InvalidError(
            f"{what} {text} is not a day of the calendar.", hint="Check its month and its day: 2026-04-30."
        ) from None


def return_period(day: dt.date) -> str:
    """The month of a return as MMYYYY."""
    return f"{day.month:02}{day.year:04}"


def parse_return_period(text: str) -> Period:
    """The days of the month MMYYYY; InvalidError for another spelling and before July 2017, when GST began."""
    match = re.fullmatch("(0[1-9]|1[0-2])(20[0-9]{2})", text)
    if match is None:
        raise InvalidError(
            f"{quoted(text)} is not a return period.", hint="Write month and year as MMYYYY: 042026 is April 2026."
        )
    month = _month(int(match[2]), int(match[1]))
    if month.first < GST_BEGAN:
        raise InvalidError(f"Return period {text} is before GST.", hint="The first return period is 072017.")
    return month


def parse_period(text: str, today: dt.date) -> Period:
    """The days that a word, a month, a quarter, a financial year, a day or `FIRST..LAST` stands for, in any case.

    `-7d` is the seven days that end today. Quarters are named after the calendar: 2026q2 is April to June 2026.
    Only 1 to 12 make a month, so 2026-04 is April and 2026-27 the financial year.
    """
    given = text.strip().lower()
    if given in _WORDS:
        return _WORDS[given](today)
    for pattern, period in _SHAPES:
        match = pattern.fullmatch(given)
        if match:
            return period(match, today)
    raise InvalidError(f"{quoted(text)} is not a period.", hint=_PERIOD_HINT)


def _month(year: int, month: int) -> Period:
    return Period(dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1]))


def _quarter(year: int, month: int) -> Period:
    """The quarter of the calendar, and of the financial year, that holds the month."""
    first = month - (month - 1) % 3
    return Period(dt.date(year, first, 1), _month(year, first + 2).last)


def _year(year: FinancialYear) -> Period:
    return Period(year.first_day, year.last_day)


def _day(day: dt.date) -> Period:
    return Period(day, day)


def _month_before(day: dt.date) -> Period:
    before = day.replace(day=1) - dt.timedelta(days=1)
    return _month(before.year, before.month)


def _quarter_before(day: dt.date) -> Period:
    before = _quarter(day.year, day.month).first - dt.timedelta(days=1)
    return _quarter(before.year, before.month)


def _last_days(match: re.Match[str], today: dt.date) -> Period:
    return Period(today - dt.timedelta(days=int(match[1]) - 1), today)


def _range(match: re.Match[str], _today: dt.date) -> Period:
    first, last = parse_date(match[1]), parse_date(match[2])
    if last < first:
        raise InvalidError(f"The period {match[0]} ends before it begins.", hint="Write the earlier day first.")
    return Period(first, last)


_WORDS: dict[str, Callable[[dt.date], Period]] = {
    "today": _day,
    "yesterday": lambda today: _day(today - dt.timedelta(days=1)),
    "this-month": lambda today: _month(today.year, today.month),
    "last-month": _month_before,
    "this-quarter": lambda today: _quarter(today.year, today.month),
    "last-quarter": _quarter_before,
    "fy": lambda today: _year(FinancialYear.of(today)),
    "last-fy": lambda today: _year(FinancialYear(FinancialYear.of(today).start - 1)),
}

_SHAPES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], dt.date], Period]], ...] = (
    (re.compile("-([1-9][0-9]{0,3})d"), _last_days),
    (re.compile("(20[0-9]{2})-(0[1-9]|1[0-2])"), lambda m, _: _month(int(m[1]), int(m[2]))),
    (re.compile("(20[0-9]{2})q([1-4])"), lambda m, _: _quarter(int(m[1]), int(m[2]) * 3)),
    (re.compile(f"({'|'.join(_MONTHS)})([0-9]{{2}})"), lambda m, _: _month(2000 + int(m[2]), _MONTHS.index(m[1]) + 1)),
    (re.compile("(?:fy)?(?:20)?[0-9]{2}-[0-9]{2}"), lambda m, _: _year(FinancialYear.parse(m[0]))),
    (re.compile(r"(.+)\.\.(.+)"), _range),
    (re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}"), lambda m, _: _day(parse_date(m[0]))),
)

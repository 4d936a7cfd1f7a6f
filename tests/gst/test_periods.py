from __future__ import annotations

import datetime as dt

import pytest

from invo_cli.errors import InvalidError
from invo_cli.gst.periods import FinancialYear, parse_date, parse_period, parse_return_period, return_period

TODAY = dt.date(2026, 5, 15)


@pytest.mark.parametrize(
    ("day", "label"),
    [("2026-03-31", "2025-26"), ("2026-04-01", "2026-27"), ("2027-01-01", "2026-27"), ("2099-12-31", "2099-00")],
)
def test_a_financial_year_begins_on_1_april(day: str, label: str) -> None:
    year = FinancialYear.of(dt.date.fromisoformat(day))
    assert (str(year), year.label, year.short) == (label, label, label[2:])
    assert year.first_day <= dt.date.fromisoformat(day) <= year.last_day


@pytest.mark.parametrize("text", ["2026-27", "26-27", "fy26-27", "FY2026-27", " 26-27 "])
def test_a_financial_year_is_read_in_every_usual_spelling(text: str) -> None:
    assert FinancialYear.parse(text) == FinancialYear(2026)


@pytest.mark.parametrize("text", ["2026-28", "2026", "2026-2027", "26/27", "1999-00", "", "२६-२७", "2026-26"])
def test_other_years_are_refused(text: str) -> None:
    with pytest.raises(InvalidError, match="is not a financial year"):
        FinancialYear.parse(text)


def test_years_are_in_order() -> None:
    assert FinancialYear(2025) < FinancialYear(2026)
    assert FinancialYear.parse("99-00").last_day == dt.date(2100, 3, 31)


def test_dates_are_iso_only() -> None:
    assert parse_date("2024-02-29") == dt.date(2024, 2, 29)
    for text in [
        "2026-4-1",
        "20260401",
        "01-04-2026",
        "2026-W14-3",
        "2026-04-01T00:00",
        " 2026-04-01",
        "2026-04-01\n",
        "",
        "२०२६-०४-०१",
    ]:
        with pytest.raises(InvalidError, match=r"^Due date .* is not a date"):
            parse_date(text, what="Due date")


@pytest.mark.parametrize("text", ["2026-02-29", "2026-13-01", "2026-00-10", "0000-01-01", "2026-04-31"])
def test_impossible_days_are_refused(text: str) -> None:
    with pytest.raises(InvalidError) as refusal:
        parse_date(text)
    assert refusal.value.message == f"Date {text} is not a day of the calendar."


def test_the_return_period_is_month_and_year() -> None:
    assert return_period(dt.date(2026, 10, 5)) == "102026"
    assert return_period(dt.date(2027, 1, 31)) == "012027"
    february = parse_return_period("022028")
    assert (february.first, february.last) == (dt.date(2028, 2, 1), dt.date(2028, 2, 29))
    assert parse_return_period("072017").first == dt.date(2017, 7, 1)


@pytest.mark.parametrize("text", ["132026", "002026", "42026", "2026-04", "202604", "", "०४2026", "042026\n", "062017"])
def test_other_return_periods_are_refused(text: str) -> None:
    with pytest.raises(InvalidError, match="eturn period"):
        parse_return_period(text)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("today", "2026-05-15", "2026-05-15"),
        ("Yesterday", "2026-05-14", "2026-05-14"),
        ("-1d", "2026-05-15", "2026-05-15"),
        ("-7d", "2026-05-09", "2026-05-15"),
        ("this-month", "2026-05-01", "2026-05-31"),
        ("last-month", "2026-04-01", "2026-04-30"),
        ("this-quarter", "2026-04-01", "2026-06-30"),
        ("last-quarter", "2026-01-01", "2026-03-31"),
        ("2026-04", "2026-04-01", "2026-04-30"),
        ("2028-02", "2028-02-01", "2028-02-29"),
        ("2026q2", "2026-04-01", "2026-06-30"),
        ("2026Q4", "2026-10-01", "2026-12-31"),
        ("fy", "2026-04-01", "2027-03-31"),
        ("last-fy", "2025-04-01", "2026-03-31"),
        ("fy26-27", "2026-04-01", "2027-03-31"),
        ("26-27", "2026-04-01", "2027-03-31"),
        ("2026-27", "2026-04-01", "2027-03-31"),
        ("apr26", "2026-04-01", "2026-04-30"),
        ("DEC25", "2025-12-01", "2025-12-31"),
        ("2026-04-01..2026-04-30", "2026-04-01", "2026-04-30"),
        ("2026-04-01", "2026-04-01", "2026-04-01"),
    ],
)
def test_periods_are_read_from_words_and_numbers(text: str, first: str, last: str) -> None:
    period = parse_period(text, TODAY)
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)
    assert period.first in period
    assert period.last + dt.timedelta(days=1) not in period


def test_the_month_and_quarter_before_january_lie_in_the_year_before() -> None:
    january = dt.date(2027, 1, 31)
    assert parse_period("last-month", january).first == dt.date(2026, 12, 1)
    assert parse_period("last-quarter", january).first == dt.date(2026, 10, 1)
    assert parse_period("fy", january).first == dt.date(2026, 4, 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "'' is not a period."),
        ("next-month", "'next-month' is not a period."),
        ("2026q5", "'2026q5' is not a period."),
        ("-0d", "'-0d' is not a period."),
        ("2026-13", "'2026-13' is not a financial year."),
        ("2026-02-30", "Date 2026-02-30 is not a day of the calendar."),
        ("2026-04-01..apr26", "Date 'apr26' is not a date."),
        ("2026-04-30..2026-04-01", "The period 2026-04-30..2026-04-01 ends before it begins."),
    ],
)
def test_other_periods_are_refused(text: str, message: str) -> None:
    with pytest.raises(InvalidError) as refusal:
        parse_period(text, TODAY)
    assert refusal.value.message == message
    assert refusal.value.hint

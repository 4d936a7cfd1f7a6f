"""Periods and the ones before them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from invo_cli.errors import InvalidError
from invo_cli.services.comparing import Comparison, changes, percent

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("first", "last", "before"),
    [
        ("2026-10-01", "2026-10-31", ("2026-09-01", "2026-09-30")),
        ("2026-03-01", "2026-03-31", ("2026-02-01", "2026-02-28")),
        ("2026-04-01", "2027-03-31", ("2025-04-01", "2026-03-31")),
        ("2026-01-01", "2026-03-31", ("2025-10-01", "2025-12-31")),
        ("2024-02-01", "2024-02-29", ("2024-01-01", "2024-01-31")),
        ("2026-10-20", "2026-10-20", ("2026-10-19", "2026-10-19")),
        ("2026-10-14", "2026-10-20", ("2026-10-07", "2026-10-13")),
        ("2026-10-01", "2026-10-30", ("2026-09-01", "2026-09-30")),
        ("2026-10-02", "2026-10-31", ("2026-09-02", "2026-10-01")),
    ],
)
def test_the_period_before_is_as_long(first: str, last: str, before: tuple[str, str]) -> None:
    found = Comparison(date.fromisoformat(first), date.fromisoformat(last)).before
    assert tuple(map(str, found)) == before


@pytest.mark.parametrize(("first", "last"), [("0001-01-01", "0001-01-31"), ("2026-01-01", "9999-12-31")])
def test_no_period_lies_before_the_calendar(first: str, last: str) -> None:
    with pytest.raises(InvalidError, match="No period of the calendar"):
        _ = Comparison(date.fromisoformat(first), date.fromisoformat(last)).before


def test_months_and_days_meet_those_in_the_same_place() -> None:
    quarter = Comparison(date(2026, 1, 1), date(2026, 3, 31))
    now = [{"month": "2026-02", "net": Decimal(3)}]
    before = [{"month": "2025-11", "net": Decimal(2)}, {"month": "2025-12", "net": Decimal(7)}]
    rows = quarter.compared(now, before, ("month",), "net")
    assert [(row["month"], row["net"], row["previous_net"]) for row in rows] == [("2026-02", 3, 2), ("2026-03", 0, 7)]
    week = Comparison(date(2026, 3, 2), date(2026, 3, 8))
    days = [{"date": date(2026, 2, 28), "net": Decimal(5)}]
    (row,) = week.compared([], days, ("date",), "net")
    assert (row["date"], row["net"], row["change"]) == (date(2026, 3, 7), 0, -5)


def test_a_change_is_told_with_its_sign() -> None:
    assert changes(Decimal(50), Decimal(200), "net") == {
        "previous_net": Decimal(200),
        "change": Decimal(-150),
        "change_percent": Decimal("-75.0"),
    }
    assert changes(Decimal(-50), Decimal(-200), "net")["change_percent"] == Decimal("75.0")


@pytest.mark.parametrize(
    ("part", "whole", "told"), [(1, 3, "33.3"), (1, 8, "12.5"), (1, 2000, "0.1"), (-1, 100_000, "0.0"), (5, 0, "None")]
)
def test_per_cent_have_one_decimal_rounded_away_from_zero(part: int, whole: int, told: str) -> None:
    assert str(percent(Decimal(part), Decimal(whole))) == told

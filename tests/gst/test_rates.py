from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from invo_cli.gst.rates import (
    COMPOSITION_RATES,
    RATE_PERIODS,
    cess_problem,
    is_rate_valid,
    rate_problem,
    rates_ever,
    rates_on,
)
from tests.gst.vectors import load

pytestmark = pytest.mark.unit

VECTORS = load("rates")


@pytest.mark.parametrize("row", VECTORS["rows"], ids=lambda row: f"{row['rate']} on {row['on']} for {row['hsn']}")
def test_a_rate_is_legal_only_on_its_days_and_for_its_goods(row: dict[str, Any]) -> None:
    rate, on = Decimal(row["rate"]), dt.date.fromisoformat(row["on"])
    assert is_rate_valid(rate, on, row["hsn"]) is row["legal"]
    assert (rate_problem(rate, on, row["hsn"]) is None) is row["legal"]


def test_every_rate_of_the_portal_was_legal_on_some_day() -> None:
    assert [str(rate) for rate in rates_ever()] == VECTORS["ever"]


def test_every_period_has_a_source() -> None:
    assert all(period.source and period.since <= period.until for period in RATE_PERIODS)


def test_the_reform_of_2025_took_12_and_28_away_and_brought_40() -> None:
    before, after = rates_on(dt.date(2025, 9, 21)), rates_on(dt.date(2025, 9, 22))
    assert set(before) - set(after) == {Decimal(12), Decimal(28)}
    assert set(after) - set(before) == {Decimal(40)}


@pytest.mark.parametrize(
    ("rate", "on", "reason"),
    [
        ("17", "2026-10-05", "17 % has never been a rate of GST."),
        ("40", "2025-09-01", "The rate of 40 % begins on 2025-09-22."),
        ("28", "2026-02-01", "The rate of 28 % ended on 2026-01-31."),
        ("28", "2025-10-01", "On 2025-10-01 the rate of 28 % is only for HSN 24, 21069020."),
        ("12", "2026-10-05", "On 2026-10-05 the rate of 12 % is only for HSN 6815, 69010010, 69041000, 69051000."),
        ("18", "2017-06-30", "The rate of 18 % begins on 2017-07-01."),
    ],
)
def test_a_refused_rate_comes_with_its_reason(rate: str, on: str, reason: str) -> None:
    problem = rate_problem(Decimal(rate), dt.date.fromisoformat(on), "8471")
    assert problem is not None
    assert problem.reason == reason


def test_the_hint_names_the_rates_of_the_day() -> None:
    problem = rate_problem(Decimal(17), dt.date(2026, 10, 5))
    assert problem is not None
    assert problem.hint == "Rates on 2026-10-05 are 0, 0.1, 0.25, 1, 1.5, 3, 5, 6, 7.5, 18, 40."
    early = rate_problem(Decimal(18), dt.date(2017, 6, 30))
    assert early is not None
    assert early.hint == "GST began on 2017-07-01."


@pytest.mark.parametrize(
    ("on", "hsn", "is_legal"),
    [
        ("2017-06-30", "2402", False),
        ("2017-07-01", "8703", True),
        ("2025-09-21", None, True),
        ("2025-09-22", "8703", False),
        ("2025-09-22", None, False),
        ("2025-09-22", "2402", True),
        ("2026-01-31", "21069020", True),
        ("2026-02-01", "2402", False),
    ],
)
def test_cess_ended_in_two_steps(on: str, hsn: str | None, is_legal: bool) -> None:
    day = dt.date.fromisoformat(on)
    assert (cess_problem(Decimal(12), Decimal(0), day, hsn) is None) is is_legal
    assert (cess_problem(Decimal(0), Decimal("4.17"), day, hsn) is None) is is_legal
    assert cess_problem(Decimal(0), Decimal(0), day, hsn) is None


def test_composition_rates_are_those_of_rule_7() -> None:
    assert dict(COMPOSITION_RATES) == {"manufacturer": 1, "trader": 1, "restaurant": 5, "services": 6}

"""GST, composition and cess rates with the days on which they are legal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from invo_cli.gst.money import format_rate

GST_SINCE = dt.date(2017, 7, 1)
_LAST_DAY_BEFORE_REFORM = dt.date(2025, 9, 21)
_REFORM = dt.date(2025, 9, 22)
_LAST_DAY_OF_TOBACCO_28 = dt.date(2026, 1, 31)
_END = dt.date.max

TOBACCO_AND_PAN_MASALA = ("24", "21069020")
BRICKS = ("6815", "69010010", "69041000", "69051000")


@dataclass(frozen=True, slots=True)
class RatePeriod:
    """A combined GST rate in per cent and the days, both inclusive, on which it may be charged."""

    rate: Decimal
    since: dt.date
    until: dt.date
    source: str
    codes: tuple[str, ...] = ()
    """Beginnings of the HSN codes it is for; empty for all."""


@dataclass(frozen=True, slots=True)
class RateProblem:
    """Why a rate is refused, as a sentence, and what to do."""

    reason: str
    hint: str


def _general(rate: str, source: str, since: dt.date = GST_SINCE, until: dt.date = _END) -> RatePeriod:
    return RatePeriod(Decimal(rate), since, until, source)


RATE_PERIODS: tuple[RatePeriod, ...] = (
    _general("0", "10/2025-Central Tax (Rate), before 2/2017-Central Tax (Rate)"),
    _general("0.1", "40/2017-Central Tax (Rate), supply to a merchant exporter", dt.date(2017, 10, 23)),
    _general("0.25", "9/2025-Central Tax (Rate) Schedule V, before 1/2017-Central Tax (Rate)"),
    _general("1", "3/2019-Central Tax (Rate), affordable housing", dt.date(2019, 4, 1)),
    _general("1.5", "3/2019-Central Tax (Rate), housing on the value with land", dt.date(2019, 4, 1)),
    _general("3", "9/2025-Central Tax (Rate) Schedule IV, before 1/2017-Central Tax (Rate)"),
    _general("5", "9/2025-Central Tax (Rate) Schedule I, before 1/2017-Central Tax (Rate)"),
    _general("6", "2/2022-Central Tax (Rate), bricks without input tax credit", dt.date(2022, 4, 1)),
    _general("7.5", "3/2019-Central Tax (Rate), housing on the value with land", dt.date(2019, 4, 1)),
    _general("12", "1/2017-Central Tax (Rate) Schedule II", until=_LAST_DAY_BEFORE_REFORM),
    RatePeriod(Decimal(12), _REFORM, _END, "14/2025-Central Tax (Rate)", BRICKS),
    _general("18", "9/2025-Central Tax (Rate) Schedule II, before 1/2017-Central Tax (Rate)"),
    _general("28", "1/2017-Central Tax (Rate) Schedule IV", until=_LAST_DAY_BEFORE_REFORM),
    RatePeriod(
        Decimal(28),
        _REFORM,
        _LAST_DAY_OF_TOBACCO_28,
        "9/2025-Central Tax (Rate) Schedule VII, deleted by 19/2025-Central Tax (Rate)",
        TOBACCO_AND_PAN_MASALA,
    ),
    _general("40", "9/2025-Central Tax (Rate) Schedule III", _REFORM),
)

COMPOSITION_RATES: Mapping[str, Decimal] = MappingProxyType(
    {"manufacturer": Decimal(1), "trader": Decimal(1), "restaurant": Decimal(5), "services": Decimal(6)}
)
"""Per cent of turnover, half of it central: CGST Act s.10(1), s.10(2A), CGST Rules, rule 7."""


def rates_on(on: dt.date) -> tuple[Decimal, ...]:
    """The rates that any goods or services may bear on a day, in rising order."""
    return tuple(period.rate for period in RATE_PERIODS if not period.codes and period.since <= on <= period.until)


def rates_ever() -> tuple[Decimal, ...]:
    """Every rate that was legal on some day, in rising order."""
    return tuple(sorted({period.rate for period in RATE_PERIODS}))


def is_rate_valid(rate: Decimal, on: dt.date, hsn: str | None = None) -> bool:
    """Whether a combined rate in per cent may be charged on a day; without a code only rates for all codes may.

    For credit and debit notes and amendments `on` is the date of the original document.
    """
    return any(
        period.rate == rate
        and period.since <= on <= period.until
        and (not period.codes or _is_within(hsn, period.codes))
        for period in RATE_PERIODS
    )


def rate_problem(rate: Decimal, on: dt.date, hsn: str | None = None) -> RateProblem | None:
    """Why a combined rate in per cent may not be charged on a day, or None; dates as for `is_rate_valid`."""
    if is_rate_valid(rate, on, hsn):
        return None
    current = ", ".join(format_rate(each) for each in rates_on(on))
    hint = f"Rates on {on} are {current}." if current else f"GST began on {GST_SINCE}."
    return RateProblem(_rate_reason(rate, on), hint)


def cess_problem(cess_rate: Decimal, cess_per_unit: Decimal, on: dt.date, hsn: str | None = None) -> RateProblem | None:
    """Why compensation cess may not be charged on a day, or None; dates as for `is_rate_valid`.

    1/2017-Compensation Cess (Rate); nil but for tobacco and pan masala by 2/2025 and for these too by 3/2025.
    """
    if not (cess_rate or cess_per_unit) or GST_SINCE <= on <= _LAST_DAY_BEFORE_REFORM:
        return None
    if on < GST_SINCE:
        return RateProblem(f"There was no compensation cess on {on}.", f"It began on {GST_SINCE}.")
    if on > _LAST_DAY_OF_TOBACCO_28:
        return RateProblem(
            f"There is no compensation cess on {on}.", f"It ended on {_LAST_DAY_OF_TOBACCO_28}: leave it out."
        )
    if _is_within(hsn, TOBACCO_AND_PAN_MASALA):
        return None
    return RateProblem(
        f"On {on} only tobacco and pan masala bear compensation cess.",
        f"For other goods it ended on {_LAST_DAY_BEFORE_REFORM}: leave it out.",
    )


def _rate_reason(rate: Decimal, on: dt.date) -> str:
    periods = [period for period in RATE_PERIODS if period.rate == rate]
    name = f"{format_rate(rate)} %"
    if not periods:
        return f"{name} has never been a rate of GST."
    restricted = [period for period in periods if period.codes and period.since <= on <= period.until]
    if restricted:
        return f"On {on} the rate of {name} is only for HSN {', '.join(restricted[0].codes)}."
    if on < periods[0].since:
        return f"The rate of {name} begins on {periods[0].since}."
    return f"The rate of {name} ended on {periods[-1].until}."


def _is_within(hsn: str | None, codes: tuple[str, ...]) -> bool:
    """Whether a code lies under one of the codes, or is a shorter form (four digits or more) of it."""
    if hsn is None:
        return False
    return any(hsn.startswith(code) or (len(hsn) >= 4 and code.startswith(hsn)) for code in codes)

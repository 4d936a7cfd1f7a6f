"""What one return covers and when it is due: months, quarters of small filers (QRMP), and the days of the law."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from invo_cli.gst.periods import Period, parse_return_period, return_period

KINDS = ("gstr1", "iff", "gstr3b", "cmp08")
NAMES: Mapping[str, str] = MappingProxyType({"gstr1": "GSTR-1", "iff": "IFF", "gstr3b": "GSTR-3B", "cmp08": "CMP-08"})
_QUARTERLY_GROUP_X = frozenset(["22", "23", "24", "26", "27", "29", "30", "31", "32", "33", "34", "35", "36", "37"])
"""States whose quarterly GSTR-3B is due on the 22nd, the others on the 24th (76/2020-Central Tax, proviso)."""


@dataclass(frozen=True, slots=True)
class Span:
    """A month, or the quarter that ends with it."""

    period: str
    """MMYYYY; of a quarter its last month, as in returns."""
    months: int = 1

    @property
    def periods(self) -> tuple[str, ...]:
        """The months as MMYYYY, the earliest first."""
        month = parse_return_period(self.period).first
        found = [self.period]
        for _ in range(1, self.months):
            month = (month - dt.timedelta(days=1)).replace(day=1)
            found.insert(0, return_period(month))
        return tuple(found)

    @property
    def days(self) -> Period:
        """The first and the last day."""
        return Period(parse_return_period(self.periods[0]).first, parse_return_period(self.period).last)

    @property
    def label(self) -> str:
        """As people write it: 2026-10, or 2026-Q4 for October to December."""
        year, month = self.period[2:], int(self.period[:2])
        return f"{year}-{month:02}" if self.months == 1 else f"{year}-Q{month // 3}"


def quarter_of(period: str) -> Span:
    """The quarter that a month MMYYYY lies in."""
    month = int(period[:2])
    return Span(f"{month + (-month) % 3:02}{period[2:]}", 3)


def following(period: str) -> str:
    """The month after MMYYYY."""
    return return_period(parse_return_period(period).last + dt.timedelta(days=1))


def due_on(kind: str, period: str, *, is_quarterly: bool, state: str) -> dt.date:
    """The usual last day for a return of the month, or of the quarter that ends with it.

    GSTR-1 on the 11th, quarterly and IFF on the 13th, GSTR-3B on the 20th, quarterly on the 22nd or 24th by state,
    CMP-08 on the 18th (Rules 59, 61, 61A, 62).
    """
    if kind == "gstr1":
        day = 13 if is_quarterly else 11
    elif kind == "gstr3b":
        day = 20 if not is_quarterly else 22 if state in _QUARTERLY_GROUP_X else 24
    else:
        day = {"iff": 13, "cmp08": 18}[kind]
    return parse_return_period(following(period)).first.replace(day=day)


def kinds_due(period: str, *, is_quarterly: bool, is_composition: bool) -> tuple[str, ...]:
    """The returns that are due for a month; those of a quarter belong to its last month."""
    ends_quarter = int(period[:2]) % 3 == 0
    if is_composition:
        return ("cmp08",) if ends_quarter else ()
    if is_quarterly and not ends_quarter:
        return ("iff",)
    return ("gstr1", "gstr3b")

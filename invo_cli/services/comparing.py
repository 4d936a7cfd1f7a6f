"""A period beside the one before it: differences, and per cent of what was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from invo_cli.errors import InvalidError
from invo_cli.services.report_sums import order

_TENTH = Decimal("0.1")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The days from `first` to `last`, both included, beside the period before them."""

    first: date
    last: date

    @property
    def before(self) -> tuple[date, date]:
        """The days before: as many calendar months for whole months, else as many days."""
        try:
            last = self.first - _DAY
            if self.first.day == 1 and (self.last + _DAY).day == 1:
                return _first_of(2 * _months(self.first) - _months(self.last) - 1), last
            return last - (self.last - self.first), last
        except (OverflowError, ValueError):
            raise InvalidError(
                f"No period of the calendar lies before {self.first}..{self.last}.", hint="Compare shorter periods."
            ) from None

    @property
    def year_before(self) -> date:
        """The first day of the twelve months that end with this period."""
        return _first_of(_months(self.last) - 11)

    def compared(
        self, now: Iterable[Mapping[str, Any]], before: Iterable[Mapping[str, Any]], names: Sequence[str], measure: str
    ) -> list[dict[str, Any]]:
        """The rows of now with `previous_MEASURE`, `change` and `change_percent`; those that were only before, too.

        Rows are the same when they agree in `names`; a month or day meets the one in the same place of its period.
        """
        found = {tuple(row[name] for name in names): row for row in now}
        was = {tuple(self._moved(name, row[name]) for name in names): row for row in before}
        rows = []
        for key in sorted(found.keys() | was.keys(), key=order):
            named = dict(zip(names, key, strict=True))
            row = named | dict(found[key] if key in found else _nothing(was[key], names))
            previous = was[key][measure] if key in was else row[measure] - row[measure]
            rows.append(row | changes(row[measure], previous, measure))
        return rows

    def _moved(self, name: str, value: Any) -> Any:
        """A month or day of the period before as the one in the same place of this period."""
        first, _ = self.before
        if name == "month":
            month = _months(date.fromisoformat(f"{value}-01")) - _months(first) + _months(self.first)
            return f"{_first_of(month):%Y-%m}"
        return value + (self.first - first) if name == "date" else value


def changes(amount: Decimal, previous: Decimal, measure: str) -> dict[str, Any]:
    """What an amount was, by how much it grew, and by how many per cent; None where it grew from nothing."""
    change = amount - previous
    return {f"previous_{measure}": previous, "change": change, "change_percent": percent(change, abs(previous))}


def percent(part: Decimal, whole: Decimal) -> Decimal | None:
    """A part of a whole in per cent with one decimal; None when there is no whole."""
    return (part * 100 / whole).quantize(_TENTH, ROUND_HALF_UP) + 0 if whole else None


def _nothing(row: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: value - value for name, value in row.items() if name not in names}


def _months(day: date) -> int:
    """The months from January of year 0 to a day."""
    return day.year * 12 + day.month - 1


def _first_of(months: int) -> date:
    return date(months // 12, months % 12 + 1, 1)

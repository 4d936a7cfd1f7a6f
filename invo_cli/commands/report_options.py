"""The options of reports: which days, compared with what, and where the page goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Annotated

import typer

from invo_cli import clock
from invo_cli.commands import parsers, selection
from invo_cli.errors import InvalidError, UsageProblemError
from invo_cli.gst.text import quoted

MOST_DAYS = 36_500
"""Of a bucket: a hundred years."""


@dataclass(frozen=True, kw_only=True)
class DaysFlags:
    """Which days; none given stands for all."""

    period: selection.Within = None
    first: selection.From = None
    last: selection.To = None

    def days(self) -> selection.Days:
        """First and last day."""
        return selection.days(self.period, self.first, self.last)


@dataclass(frozen=True, kw_only=True)
class PageFlags:
    """Where the page goes instead of the terminal."""

    html: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write the page as HTML instead of printing; - is stdout.")
    ] = None
    svg: Annotated[str | None, typer.Option(metavar="FILE", help="Write it as SVG, a picture.")] = None
    force: Annotated[bool, typer.Option("--force", help="Overwrite the files.")] = False

    @property
    def is_printed(self) -> bool:
        """Whether the report goes to the terminal or the next program, not to a file."""
        return self.html is None and self.svg is None


@dataclass(frozen=True, kw_only=True)
class CompareFlags:
    """Whether the period before is shown, too."""

    compare: Annotated[bool, typer.Option("--compare", help="Beside the period before: change and per cent.")] = False


@dataclass(frozen=True, kw_only=True)
class ReportFlags(PageFlags, CompareFlags, DaysFlags):
    """All of them."""

    def compared_days(self) -> tuple[date, date] | None:
        """The days to compare with those before, up to today when no last one is given; None: nothing to compare."""
        if not self.compare:
            return None
        first, last = self.days()
        if first is None:
            raise UsageProblemError("--compare needs the first day of a period.", hint="Add --period this-month.")
        return first, last or max(first, clock.today())


@dataclass(frozen=True, kw_only=True)
class BestFlags(ReportFlags):
    """With how many rows, the best ones."""

    limit: selection.Limit = None
    everything: selection.All = False


@dataclass(frozen=True, kw_only=True)
class DaybookFlags(PageFlags, DaysFlags):
    """The options of the daybook."""


def bounds(text: str) -> tuple[int, ...]:
    """Days late that end the buckets of an ageing: 30,60,90."""
    bounds = tuple(selection.count(part.strip()) for part in text.split(","))
    if bounds[-1] > MOST_DAYS or any(later <= earlier for earlier, later in pairwise(bounds)):
        raise InvalidError(
            f"{quoted(text)} are not buckets.", hint=f"Write days that rise, up to {MOST_DAYS}, such as 30,60,90."
        )
    return bounds


def _as_of(text: str) -> date:
    """A day from which the days of a bucket can be counted back."""
    day = parsers.day(text)
    if day.year < 1900:
        raise InvalidError(f"{day} is too long ago.", hint="GST began on 2017-07-01.")
    return day


def _since(word: str) -> str:
    return selection.one_of(word, ("due", "invoice"), "date to count from")


AsOf = Annotated[date, typer.Option(parser=_as_of, metavar="DATE", help="At the end of this day.")]
Buckets = Annotated[str, typer.Option(metavar="DAYS,...", help="Days late that end each bucket.")]
Since = Annotated[
    str, typer.Option("--by", parser=_since, metavar="due|invoice", help="Count days from the due or document date.")
]

"""The options by which lists, reports and exports choose their rows: days, and how many."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

import typer

from invo_cli.commands import parsers
from invo_cli.errors import InvalidError, UsageProblemError
from invo_cli.gst.periods import Period
from invo_cli.gst.text import nearest, quoted

Days = tuple[date | None, date | None]
"""First and last day, both included; None is open."""


def count(text: str) -> int:
    """A number of rows: at least one."""
    if not re.fullmatch("[1-9][0-9]{0,8}", text):
        raise InvalidError(f"{quoted(text)} is not a number of rows.", hint="Write a whole number such as 50.")
    return int(text)


Within = Annotated[
    Period | None, typer.Option("--period", parser=parsers.period, metavar="PERIOD", help=parsers.PERIOD_HELP)
]
From = Annotated[date | None, typer.Option("--from", parser=parsers.day, metavar="DATE", help="First day.")]
To = Annotated[date | None, typer.Option("--to", parser=parsers.day, metavar="DATE", help="Last day.")]
Limit = Annotated[int | None, typer.Option("--limit", parser=count, metavar="N", help="At most N rows.")]
All = Annotated[bool, typer.Option("--all", help="Every row, on a terminal too.")]


def days(period: Period | None, first: date | None, last: date | None) -> Days:
    """The days chosen by --period, or by --from and --to; both together are refused."""
    if period is None:
        if first and last and last < first:
            raise InvalidError(f"--to {last} is before --from {first}.", hint="Write the earlier day with --from.")
        return first, last
    if first or last:
        raise UsageProblemError("--period does not go with --from and --to.", hint="Give the one or the other.")
    return period.first, period.last


def one_of(word: str, words: tuple[str, ...], what: str) -> str:
    """The word, if it is one of those known; InvalidError names the nearest one."""
    if word in words:
        return word
    near = nearest(word, words)
    hint = f"Did you mean {near}?" if near else f"One of: {', '.join(words)}."
    raise InvalidError(f"There is no {what} {word}.", hint=hint)

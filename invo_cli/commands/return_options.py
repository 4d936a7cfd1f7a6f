"""What the commands of returns are asked: which period, and where files go."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

import typer

from invo_cli import clock
from invo_cli.commands import parsers
from invo_cli.errors import InvalidError
from invo_cli.gst.filing import Span
from invo_cli.gst.periods import Period, parse_period, parse_return_period, return_period
from invo_cli.gst.text import quoted

HELP = "2026-10 or 102026; of a quarter 2026-Q4, October to December."


def span(text: str) -> Span:
    """The month or quarter of 2026-10, 102026, last-month, 2026-Q4; InvalidError for other periods."""
    given = text.strip()
    if re.fullmatch("[0-9]{6}", given):
        parse_return_period(given)
        return Span(given)
    found = parse_period(re.sub("(?<=[0-9])-(?=[qQ][1-4]$)", "", given), clock.today())
    for months in (1, 3):
        made = Span(return_period(found.last), months)
        if _days(made) == found:
            return made
    raise InvalidError(f"{quoted(text)} is neither a month nor a quarter.", hint="Write it as 2026-10 or 2026-Q4.")


def arn(text: str) -> str:
    """The acknowledgement number of a filed return: 15 letters and digits."""
    given = text.strip().upper()
    if not re.fullmatch("[A-Z0-9]{15}", given):
        raise InvalidError(f"{quoted(text)} is not an ARN.", hint="It has 15 letters and digits: AA291026000001X.")
    return given


def due_day(text: str) -> date | None:
    """A day, or None for the word usual."""
    return None if text == "usual" else parsers.day(text)


def _days(found: Span) -> Period | None:
    try:
        return found.days
    except InvalidError:
        return None


PeriodOption = Annotated[Span, typer.Option("--period", parser=span, metavar="PERIOD", help=HELP)]
QuarterOption = Annotated[Span, typer.Option("--quarter", parser=span, metavar="QUARTER", help="2026-Q4.")]
PeriodArgument = Annotated[Span, typer.Argument(parser=span, metavar="PERIOD", help=HELP)]
Out = Annotated[
    str | None, typer.Option("--out", metavar="FILE|DIR|-", help="Write the file; a folder gets it under its own name.")
]
OutFile = Annotated[str | None, typer.Option("--out", metavar="FILE|-", help="Write the JSON to a file.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite files that are there.")]

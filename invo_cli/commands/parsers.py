"""How values on the command line are read: each option of this trade has its own strict parser."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated

import typer

from invo_cli import clock
from invo_cli.errors import InvalidError
from invo_cli.gst import money, periods
from invo_cli.gst.periods import Period
from invo_cli.gst.text import quoted


def amount(text: str) -> Decimal:
    """Rupees, with or without Indian or Western commas."""
    return money.parse_counter_decimal(text, what="Amount", places=2)


def rate(text: str) -> Decimal:
    """A rate in per cent."""
    return money.parse_counter_decimal(text.removesuffix("%"), what="Rate", places=3)


def price(text: str) -> Decimal:
    """A unit price in rupees, up to three decimals."""
    return money.parse_counter_decimal(text, what="Price", places=3)


def day(text: str) -> date:
    """An ISO date, or today and yesterday in India."""
    return (
        periods.parse_period(text, clock.today()).first if text in ("today", "yesterday") else periods.parse_date(text)
    )


def period(text: str) -> Period:
    """A period such as 2026-10, this-month, 2026q3, fy26-27."""
    return periods.parse_period(text, clock.today())


def month(text: str) -> str:
    """One month of returns as MMYYYY: from 102026, 2026-10 or last-month; another period is refused."""
    if re.fullmatch("[0-9]{6}", text):
        return periods.return_period(periods.parse_return_period(text).first)
    found = period(text)
    code = periods.return_period(found.first)
    if found != periods.parse_return_period(code):
        raise InvalidError(f"{quoted(text)} is not one month.", hint="Write it as 2026-09.")
    return code


Amount = Annotated[Decimal | None, typer.Option(parser=amount, metavar="RUPEES")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Do everything but keep nothing; show the result.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; kept in the audit trail.")]
PERIOD_HELP = "today, this-month, last-quarter, 2026-10, 2026q3, fy26-27, 2026-04-01..2026-04-30, -7d"


def examples(*lines: str) -> str:
    """The examples at the foot of a command's help: one paragraph each, so that none is wrapped into another."""
    return "\n\n".join(["Examples:", *lines])

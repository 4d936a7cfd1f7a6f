"""Invoices and notes on paper."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from invo_cli.commands import context, selection
from invo_cli.commands.flags import takes
from invo_cli.commands.papers import PaperFlags, print_all
from invo_cli.errors import UsageProblemError


@takes(PaperFlags)
def pdf(
    flags: PaperFlags,
    numbers: Annotated[list[str] | None, typer.Argument(metavar="NUMBER...", help="- reads them from stdin.")] = None,
    period: selection.Within = None,
) -> None:
    """Print documents as PDF, lawful for their kind; a reprint is the same to the byte."""
    from invo_cli import clock
    from invo_cli.services import invoice_lookup, printing

    today = clock.today()
    print_all(
        _named(numbers, period),
        flags,
        lambda session, business, name: printing.paper(
            session, business, invoice_lookup.get(session, business, name), today=today
        ),
    )


def _named(numbers: list[str] | None, period: Any) -> list[str]:
    if bool(numbers) == (period is not None):
        raise UsageProblemError("Say which documents to print.", hint="Name them, or give --period.")
    if numbers:
        return context.each_line(numbers)
    from invo_cli.commands.entering import read
    from invo_cli.services import printing

    return list(
        read(lambda session: printing.issued_between(session, context.business(session), period.first, period.last))
    )

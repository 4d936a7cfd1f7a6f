"""Locked months, in which nothing may change any more."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from invo_cli.commands import context, parsers
from invo_cli.commands.business_options import words
from invo_cli.commands.parsers import DryRun, examples
from invo_cli.views import remarks

app = typer.Typer(help=__doc__, add_completion=False, no_args_is_help=True, rich_markup_mode="rich")


Month = Annotated[str, typer.Argument(parser=parsers.month, metavar="MONTH", help="2026-09, or last-month.")]
Reason = Annotated[
    str, typer.Option("--reason", parser=words("Reason", 500), metavar="TEXT", help="Why; kept in the audit trail.")
]


@app.command(
    epilog=examples('invo period lock 2026-09 --reason "GSTR-1 filed"', "invo period lock last-month --reason filed")
)
def lock(month: Month, reason: Reason, dry_run: DryRun = False) -> None:
    """Lock a month: documents and payments of it can no longer be made, changed or cancelled."""
    from invo_cli.commands.entering import write
    from invo_cli.services import period_locks

    act = context.act()
    from invo_cli.views.periods import LISTING

    context.check_fields(LISTING)
    row = write(
        lambda session: period_locks.as_row(
            period_locks.lock(session, context.business(session), month, act=act, reason=reason)
        ),
        dry_run=dry_run,
    )
    _show(row, dry_run)


@app.command(
    epilog=examples(
        'invo period unlock 2026-09 --reason "Amendment"', "invo period unlock 2026-09 --reason x --dry-run"
    )
)
def unlock(month: Month, reason: Reason, dry_run: DryRun = False) -> None:
    """Open a locked month again; the audit trail keeps both events."""
    from invo_cli.commands.entering import write
    from invo_cli.services import period_locks

    act = context.act()

    def work(session: Any) -> bool:
        return period_locks.unlock(session, context.business(session), month, act=act, reason=reason)

    context.guard("Unlock the month?")
    if not write(work, dry_run=dry_run):
        remarks.note("It was not locked: nothing to do.")
    _show({"period": period_locks.in_words(month), "is_locked": False, "reason": reason}, dry_run)


@app.command("list", epilog=examples("invo period list", "invo period list -o json"))
def list_() -> None:
    """List the locked months, the newest first."""
    from invo_cli.commands.entering import read
    from invo_cli.services import period_locks
    from invo_cli.views.periods import LISTING

    rows = read(
        lambda session: [
            period_locks.as_row(found) for found in period_locks.search(session, context.business(session).id)
        ]
    )
    context.show_rows(rows, LISTING)


def _show(row: dict[str, Any], dry_run: bool) -> None:
    from invo_cli.views.periods import LISTING, print_page

    context.show_record(context.marked(row, dry_run), LISTING, print_page)

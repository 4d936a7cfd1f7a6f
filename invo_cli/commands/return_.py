"""Returns: GSTR-1, GSTR-3B, CMP-08; due dates and what was filed."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer

from invo_cli.commands import context, parsers, return_diff, return_forms, return_gstr1, return_options, selection
from invo_cli.commands.business_options import words
from invo_cli.commands.parsers import DryRun, examples
from invo_cli.gst.filing import KINDS, Span
from invo_cli.views import remarks

app = typer.Typer(help=__doc__, add_completion=False, no_args_is_help=True, rich_markup_mode="rich")

app.command(
    epilog=examples(
        "invo return gstr1 --period 2026-10",
        "invo return gstr1 --period 2026-10 --check",
        "invo return gstr1 --period 102026 --out gstr1.json",
        "invo return gstr1 --period last-month --xlsx gstr1.xlsx --force",
    )
)(return_gstr1.gstr1)
app.command(
    epilog=examples("invo return gstr3b --period 2026-10", "invo return gstr3b --period 2026-10 --out gstr3b.json")
)(return_forms.gstr3b)
app.command(
    epilog=examples(
        "invo return cmp08 --quarter 2026-Q3 --business STALL",
        "invo return cmp08 --quarter 2026-Q3 --class trader --business STALL",
    )
)(return_forms.cmp08)
app.command(
    epilog=examples("invo return diff ours.json portal.json", "invo return diff ours.json portal.json -o json")
)(return_diff.diff)


def _kind(text: str) -> str:
    return selection.one_of(text, KINDS, "return")


@app.command(epilog=examples("invo return status", "invo return status --all -o csv", "invo return status -o json"))
def status(
    everything: Annotated[bool, typer.Option("--all", help="Filed returns of long ago too.")] = False,
) -> None:
    """List the returns of every business, or of the one named, by due date: filed, due, overdue, to come."""
    from invo_cli import clock
    from invo_cli.commands.entering import read
    from invo_cli.options import current
    from invo_cli.services import businesses
    from invo_cli.services.returns import filing
    from invo_cli.views.returns import STATUS

    today, named = clock.today(), current.get().business

    def work(session: Any) -> list[dict[str, Any]]:
        found = [context.business(session)] if named else businesses.search(session)
        return list(filing.status(session, found, today=today, everything=everything))

    context.show_rows(read(work), STATUS)


@app.command(
    epilog=examples(
        "invo return lock 2026-09 --arn AA290926123456A --filed-on 2026-10-03",
        "invo return lock 2026-09 --arn AA290926123456A --filed-on 2026-10-03 --dry-run",
    )
)
def lock(
    period: return_options.PeriodArgument,
    arn: Annotated[
        str, typer.Option("--arn", parser=return_options.arn, metavar="ARN", help="Acknowledgement of the portal.")
    ],
    filed_on: Annotated[
        date | None, typer.Option("--filed-on", "--date", parser=parsers.day, metavar="DATE", help="Left out: today.")
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Record that GSTR-1 (IFF, CMP-08) was filed, and lock its months: what is wrong now is amended later."""
    from invo_cli.commands.entering import write
    from invo_cli.services.returns import filing
    from invo_cli.views.periods import LISTING

    context.check_fields(LISTING)
    act = context.act()
    rows = write(
        lambda session: filing.lock(
            session, context.business(session), period, act=act, arn=arn, filed_on=filed_on or act.today
        ),
        dry_run=dry_run,
    )
    context.show_rows([context.marked(row, dry_run) for row in rows], LISTING)


@app.command(
    epilog=examples(
        'invo return unlock 2026-09 --reason "Wrong ARN"', "invo return unlock 2026-09 --reason x --dry-run"
    )
)
def unlock(
    period: return_options.PeriodArgument,
    reason: Annotated[
        str, typer.Option(parser=words("Reason", 500), metavar="TEXT", help="Why; kept in the audit trail.")
    ],
    dry_run: DryRun = False,
) -> None:
    """Open the months of a return again, which forgets its ARN; the audit trail keeps it."""
    from invo_cli.commands.entering import write
    from invo_cli.services import period_locks
    from invo_cli.services.returns import filing
    from invo_cli.views.periods import LISTING

    act = context.act()

    def work(session: Any) -> list[str]:
        return filing.unlock(session, context.business(session), period, act=act, reason=reason)

    context.guard("Unlock the return?")
    opened = write(work, dry_run=dry_run)
    if not opened:
        remarks.note("It was not locked: nothing to do.")
    rows = [{"period": period_locks.in_words(each), "is_locked": False, "reason": reason} for each in opened]
    context.show_rows([context.marked(row, dry_run) for row in rows], LISTING)


@app.command(
    epilog=examples("invo return due gstr1 2026-10 2026-11-13", "invo return due gstr1 2026-10 usual --dry-run")
)
def due(
    kind: Annotated[str, typer.Argument(parser=_kind, metavar="RETURN", help=", ".join(KINDS))],
    period: return_options.PeriodArgument,
    on: Annotated[str, typer.Argument(metavar="DATE|usual", help="The day of the notification.")],
    dry_run: DryRun = False,
) -> None:
    """Set the due date of a return where it was extended; `usual` takes that back."""
    from invo_cli.commands.entering import write
    from invo_cli.services.returns import filing
    from invo_cli.views.returns import DUE, print_due

    context.check_fields(DUE)
    act, day = context.act(), return_options.due_day(on)

    def work(session: Any) -> dict[str, Any]:
        return filing.set_due(session, context.business(session), kind, _months(period, kind), act=act, on=day)

    context.show_record(context.marked(write(work, dry_run=dry_run), dry_run), DUE, print_due)


def _months(period: Span, kind: str) -> Span:
    return Span(period.period, 1) if kind == "iff" else period

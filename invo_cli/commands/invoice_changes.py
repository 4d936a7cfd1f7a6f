"""What happens to a document after it was entered: issue, cancel, delete, restore."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from invo_cli.commands import context
from invo_cli.commands.invoice_entry import AllowRate, Number, done, invoice_lookup_get
from invo_cli.commands.parsers import DryRun
from invo_cli.errors import InvoError, PartialError, UsageProblemError
from invo_cli.views import remarks

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from invo_cli.services.invoices import Outcome

Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; kept in the audit trail.")]


def issue(
    numbers: Annotated[
        list[str] | None, typer.Argument(metavar="DRAFT...", help="Ids such as D-17; - reads them.")
    ] = None,
    all_drafts: Annotated[bool, typer.Option("--all-drafts", help="Every draft, the oldest first.")] = False,
    allow_rate: AllowRate = None,
    dry_run: DryRun = False,
) -> None:
    """Issue drafts: each takes its number in a transaction of its own."""
    from invo_cli.services import invoices

    act = context.act()

    def work(session: Session, number: str) -> Outcome:
        business = context.business(session)
        return invoices.issue(session, business, invoice_lookup_get(session, number), act=act, allow_rate=allow_rate)

    wanted = _drafts(numbers, all_drafts)
    if len(wanted) == 1:
        done(lambda session: work(session, wanted[0]), dry_run)
        return
    _each(wanted, work, dry_run)


def cancel(number: Number, reason: Reason, dry_run: DryRun = False) -> None:
    """Cancel an issued document; its number stays taken and is reported as cancelled."""
    from invo_cli.commands.business_options import words
    from invo_cli.services import invoices

    act, why = context.act(), words("Reason", 500)(reason)
    context.guard(f"Cancel {number}?")
    done(
        lambda session: invoices.cancel(
            session, context.business(session), invoice_lookup_get(session, number), act=act, reason=why
        ),
        dry_run,
    )


def delete(
    number: Number,
    reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Needed for an issued one.")] = None,
    dry_run: DryRun = False,
) -> None:
    """Hide a draft; an issued document is cancelled first, and then hidden."""
    from invo_cli.commands.business_options import words
    from invo_cli.services import invoices

    context.guard(f"Delete {number}?")
    act, why = context.act(), None if reason is None else words("Reason", 500)(reason)
    done(
        lambda session: invoices.delete(
            session, context.business(session), invoice_lookup_get(session, number), act=act, reason=why
        ),
        dry_run,
    )


def restore(number: Number, dry_run: DryRun = False) -> None:
    """Show a hidden document again; a cancelled one stays cancelled."""
    from invo_cli.services import invoices

    act = context.act()
    done(
        lambda session: invoices.restore(
            session, context.business(session), invoice_lookup_get(session, number), act=act
        ),
        dry_run,
    )


def _drafts(numbers: list[str] | None, all_drafts: bool) -> list[str]:
    if bool(numbers) == all_drafts:
        raise UsageProblemError("Say which drafts to issue.", hint="Name them (D-17 D-18), or use --all-drafts.")
    if numbers:
        return context.each_line(numbers)
    from invo_cli import clock
    from invo_cli.commands.entering import stream
    from invo_cli.services import invoice_search

    wanted = invoice_search.Wanted(statuses=("draft",), sort="date")
    rows = stream(
        lambda session: invoice_search.search(session, context.business(session), wanted, today=clock.today())
    )
    return [row["id"] for row in rows]


def _each(wanted: list[str], work: object, dry_run: bool) -> None:
    """Issue one after the other; what fails is named and the rest goes on."""
    from invo_cli.commands.entering import write
    from invo_cli.views.invoices import LISTING

    context.check_fields(LISTING)
    issued, failed = [], 0
    for number in wanted:
        try:
            outcome = write(lambda session, number=number: work(session, number), dry_run=dry_run)  # type: ignore[misc, operator]
        except InvoError as problem:
            failed += 1
            remarks.warn(f"{number}: {problem.message}")
            continue
        issued.append(context.marked(outcome.document, dry_run))
        for warning in outcome.warnings:
            remarks.warn(f"{number}: {warning}")
    context.show_rows(issued, LISTING)
    if failed:
        raise PartialError(
            f"{failed} of {len(wanted)} drafts were not issued.",
            hint="Correct them, then run: invo invoice issue --all-drafts",
        )

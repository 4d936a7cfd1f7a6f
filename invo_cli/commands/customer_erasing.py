"""Erasing what is personal of a customer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from invo_cli.commands import context
from invo_cli.commands.parsers import DryRun, examples
from invo_cli.commands.record_options import text

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Code = Annotated[str, typer.Argument(parser=text("Customer", "customer"), metavar="CUSTOMER", help="Its code.")]
Reason = Annotated[
    str, typer.Option(parser=text("Reason", "reason"), metavar="TEXT", help="Why; kept in the audit trail.")
]


def register(noun: typer.Typer) -> None:
    """Add `erase` to the noun customer."""
    noun.command(
        epilog=examples(
            "invo customer erase C-0006 --reason 'Request of 2026-10-05' --dry-run",
            "invo customer erase C-0006 --reason 'Request of 2026-10-05' --yes",
        )
    )(erase)


def erase(who: Code, reason: Reason, dry_run: DryRun = False) -> None:
    """Erase name, GSTIN, contacts and notes of a customer whose documents the law keeps no longer; for good."""
    from invo_cli.commands.entering import read, write
    from invo_cli.services import customer_upkeep, erasing
    from invo_cli.views.customers import LISTING, as_row, print_page
    from invo_cli.views.text import safe

    def named(session: Session) -> str:
        customer = customer_upkeep.look_up(session, context.business(session).id, who)
        return f"{customer.code} ({customer.name})"

    def work(session: Session) -> dict[str, Any]:
        return as_row(erasing.erase(session, context.business(session), who, act=act, reason=reason))

    act = context.act()
    context.check_fields(LISTING)
    if not dry_run:
        context.confirm(safe(f"Erase {read(named)} for good?"))
    context.show_record(context.marked(write(work, dry_run=dry_run), dry_run), LISTING, print_page)

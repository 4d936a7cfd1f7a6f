"""Customers of a business."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from invo_cli.commands import context, customer_erasing, parsers, selection
from invo_cli.commands import customer_options as options
from invo_cli.commands.flags import takes
from invo_cli.commands.parsers import DryRun, examples
from invo_cli.commands.record_options import After, Code, Everything, Include, Limit, Page, Search, text
from invo_cli.views import remarks
from invo_cli.views.listing import resolved_format

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

app = typer.Typer(help=__doc__, add_completion=False, no_args_is_help=True, rich_markup_mode="rich")
Who = Annotated[
    str, typer.Argument(parser=text("Customer", "customer"), metavar="CUSTOMER", help="A code, else the exact name.")
]


@app.command(
    epilog=examples(
        "invo customer create --name 'Asha Traders' --mobile 9876543210",
        "invo customer create --name 'Pune Motors' --gstin 27AAPFU0939F1ZV --code PUNE",
        "invo customer create --name 'Lanka Fans' --overseas --country 'Sri Lanka'",
    )
)
@takes(options.CustomerFlags)
def create(flags: options.CustomerFlags, code: Code = None, dry_run: DryRun = False) -> None:
    """Add a customer; another one with the same name, mobile or GSTIN is warned about."""
    from invo_cli.services import customers
    from invo_cli.views.customers import as_row

    act = context.act()
    values = flags.columns() | {"code": code}

    def work(session: Session) -> tuple[dict[str, Any], list[str]]:
        customer = customers.create(session, context.business(session), act=act, values=values)
        return as_row(customer), customers.doubts(session, customer)

    _done(work, dry_run)


@app.command(
    epilog=examples(
        "invo customer edit C-0001 --mobile '+91 98765 43210'",
        "invo customer edit 'Asha Traders' --gstin 29AABCR1718E1ZL --no-composition",
    )
)
@takes(options.CustomerFlags)
def edit(who: Who, flags: options.CustomerFlags, dry_run: DryRun = False) -> None:
    """Change a customer; documents already issued keep what they say."""
    from invo_cli.services import customer_upkeep
    from invo_cli.views.customers import as_row

    act = context.act()
    values = flags.columns()

    def work(session: Session) -> tuple[dict[str, Any], list[str]]:
        business_id = context.business(session).id
        customer, doubts = customer_upkeep.edit(session, business_id, who, act=act, values=values)
        return as_row(customer), doubts

    _done(work, dry_run)


@app.command(
    "list",
    epilog=examples(
        "invo customer list",
        "invo customer list --search 98765 -o json",
        "invo customer list --include deleted --fields code,name,is_deleted,merged_into",
    ),
)
def list_(
    search: Search = None,
    include: Include = None,
    limit: Limit = None,
    after: After = None,
    everything: Everything = False,
) -> None:
    """List customers by code; the search looks into name, code, mobile and GSTIN."""
    from invo_cli.commands.entering import stream
    from invo_cli.services import customer_upkeep
    from invo_cli.views.customers import LISTING, as_row

    page = Page(search, include, after, context.page_limit(limit, everything))
    found = stream(
        lambda session: customer_upkeep.search(session, context.business(session).id, **page.wanted()),
    )
    context.show_page((as_row(customer, into) for customer, into in found), LISTING, page.rows)


@app.command(epilog=examples("invo customer show C-0001", "invo customer show 'Asha Traders' -o json"))
def show(who: Who) -> None:
    """Show one customer, deleted ones too."""
    from invo_cli.commands.entering import read
    from invo_cli.services import customer_upkeep
    from invo_cli.views.customers import as_row

    def work(session: Session) -> dict[str, Any]:
        customer = customer_upkeep.look_up(session, context.business(session).id, who)
        return as_row(customer, customer_upkeep.merged_into(session, customer))

    _show(read(work))


@app.command(epilog=examples("invo customer delete C-0001", "invo customer delete C-0001 --dry-run"))
def delete(who: Who, dry_run: DryRun = False) -> None:
    """Hide a customer; documents stay, and restore brings it back."""
    from invo_cli.services import customer_upkeep
    from invo_cli.views.customers import as_row

    act = context.act()

    def work(session: Session) -> tuple[dict[str, Any], list[str]]:
        customer = customer_upkeep.delete(session, context.business(session).id, who, act=act)
        return as_row(customer, customer_upkeep.merged_into(session, customer)), []

    _done(work, dry_run)


@app.command(epilog=examples("invo customer restore C-0001", "invo customer restore C-0001 -o name"))
def restore(who: Who, dry_run: DryRun = False) -> None:
    """Bring a deleted customer back."""
    from invo_cli.services import customer_upkeep
    from invo_cli.views.customers import as_row

    act = context.act()
    _done(
        lambda session: (
            as_row(customer_upkeep.restore(session, context.business(session).id, who, act=act)),
            [],
        ),
        dry_run,
    )


@app.command(
    epilog=examples(
        "invo customer merge C-0007 C-0001 --reason 'entered twice'",
        "invo customer merge C-0007 C-0001 --reason 'entered twice' --yes -o json",
    )
)
def merge(
    source: Annotated[
        str, typer.Argument(parser=text("Customer", "customer"), metavar="FROM", help="The one to give up.")
    ],
    target: Annotated[
        str, typer.Argument(parser=text("Customer", "customer"), metavar="INTO", help="The one that stays.")
    ],
    reason: Annotated[
        str,
        typer.Option(parser=text("Reason", "reason"), metavar="TEXT", help="Why; kept in the audit trail."),
    ],
    dry_run: DryRun = False,
) -> None:
    """Give the documents of one customer to another and delete the first; this cannot be undone."""
    from invo_cli.commands.entering import read
    from invo_cli.services import customer_upkeep
    from invo_cli.views.customers import as_row
    from invo_cli.views.text import safe

    def ask(session: Session) -> list[str]:
        pair = customer_upkeep.pair(session, context.business(session), source, target)
        return [f"{customer.code} ({customer.name})" for customer in pair]

    def work(session: Session) -> tuple[dict[str, Any], list[str]]:
        business = context.business(session)
        gone, doubts = customer_upkeep.merge(session, business, source, target, act=act, reason=reason)
        return as_row(gone, customer_upkeep.merged_into(session, gone)), doubts

    act = context.act()
    if not dry_run:
        context.confirm(safe("Merge {} into {}?".format(*read(ask))))
    _done(work, dry_run)


customer_erasing.register(app)


def _done(work: Callable[[Session], tuple[dict[str, Any], list[str]]], dry_run: bool) -> None:
    """Run a write, print the record it made and say what is doubtful about it."""
    from invo_cli.commands.entering import write
    from invo_cli.views.customers import LISTING

    context.check_fields(LISTING)
    row, doubts = write(work, dry_run=dry_run)
    _show(context.marked(row, dry_run))
    for doubt in doubts:
        remarks.warn(doubt)


def _show(row: dict[str, Any]) -> None:
    from invo_cli.views.customers import LISTING, print_page

    context.show_record(row, LISTING, print_page)


@app.command(
    epilog=examples(
        "invo customer statement C-0001 --period this-month",
        "invo customer statement 'Asha Traders' --period fy -o json",
    )
)
def statement(customer: Who, period: selection.Within = None) -> None:
    """Show what a customer was billed and paid in a period, with the running balance."""
    from invo_cli import clock
    from invo_cli.commands.entering import read
    from invo_cli.gst.periods import parse_period
    from invo_cli.services import customer_upkeep, ledger
    from invo_cli.settings import get_settings
    from invo_cli.views import statements

    within = period or parse_period("fy", clock.today())

    def work(session: Session) -> dict[str, Any]:
        business = context.business(session)
        found = customer_upkeep.look_up(session, business.id, customer)
        moved = ledger.statement(session, business, found, first=within.first, last=within.last)
        return ledger.statement_row(found, moved)

    row = read(work)
    if resolved_format(get_settings().output) in ("table", "json", "name"):
        context.show_record(row, statements.STATEMENT, statements.print_page)
    else:
        context.show_rows(row["entries"], statements.ENTRIES)


@app.command(epilog=examples("invo customer balance C-0001", "invo customer balance C-0001 --as-of 2026-09-30 -o json"))
def balance(
    customer: Who,
    as_of: Annotated[
        date | None, typer.Option(parser=parsers.day, metavar="DATE", help="At the end of this day; left out: today.")
    ] = None,
) -> None:
    """Show what a customer owes on a day; negative is a credit."""
    from invo_cli import clock
    from invo_cli.commands.entering import read
    from invo_cli.services import customer_upkeep, ledger
    from invo_cli.views import statements

    def work(session: Session) -> dict[str, Any]:
        business = context.business(session)
        found = customer_upkeep.look_up(session, business.id, customer)
        return ledger.balance(session, business, found, as_of=as_of or clock.today())

    context.show_record(read(work), statements.BALANCE, statements.print_balance)

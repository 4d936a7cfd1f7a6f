"""Reports over issued documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from invo_cli.commands import context, parsers, selection
from invo_cli.commands.parsers import examples
from invo_cli.views.listing import Listing, resolved_format

if TYPE_CHECKING:
    from invo_cli.views.listing import Row

app = typer.Typer(help=__doc__, add_completion=False, no_args_is_help=True, rich_markup_mode="rich")
GROUPINGS = ("month", "customer", "state", "rate", "kind")


def _grouping(text: str) -> str:
    return selection.one_of(text, GROUPINGS, "way to group sales by")


@app.command(
    epilog=examples(
        "invo report sales",
        "invo report sales --period last-month --by customer",
        "invo report sales --period fy --by rate -o csv",
        "invo report sales --from 2026-04-01 --by state --fields place_of_supply,total",
    )
)
def sales(
    by: Annotated[
        str, typer.Option(parser=_grouping, metavar="KEY", help=f"One row for each {', '.join(GROUPINGS)}.")
    ] = "month",
    period: selection.Within = None,
    first: selection.From = None,
    last: selection.To = None,
) -> None:
    """Add up issued documents, credit notes negative; cancelled ones do not count."""
    from invo_cli.db.session import read
    from invo_cli.services import reports
    from invo_cli.views.reports import SALES, sales_row

    days = selection.days(period, first, last)
    found = read(lambda session: reports.sales(session, context.business(session), by=by, days=days))
    _show(SALES[by], found, [sales_row(row, by) for row in found])


@app.command(
    epilog=examples(
        "invo report receivables",
        "invo report receivables --as-of 2027-03-31 -o json",
        "invo report receivables --fields customer_code,overdue -o csv",
    )
)
def receivables(
    as_of: Annotated[
        date, typer.Option(parser=parsers.day, metavar="DATE", help="Documents until, and overdue on, this day.")
    ] = "today",  # type: ignore[assignment] # Typer reads a default like what is typed
) -> None:
    """List what each customer owes, with what is overdue; payments count whenever they came in."""
    from invo_cli.db.session import read
    from invo_cli.services import reports
    from invo_cli.views.reports import RECEIVABLES, receivables_row

    found = read(lambda session: reports.receivables(session, context.business(session), as_of=as_of))
    _show(RECEIVABLES, found, list(map(receivables_row, found)))


def _show(listing: Listing, found: Sequence[Mapping[str, Any]], rows: list[dict[str, Any]]) -> None:
    """Print a report; a person also gets the totals."""
    from invo_cli.services import reports
    from invo_cli.settings import get_settings
    from invo_cli.views.reports import amounts, total_row

    shown: list[Row] = list(rows)
    if rows and resolved_format(get_settings().output) == "table":
        shown.append(total_row(listing, reports.total(found, amounts(listing))))
    context.show_rows(shown, listing)

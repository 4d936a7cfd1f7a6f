"""Documents read: list, show, explain."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from invo_cli.commands import context, parsers, selection
from invo_cli.commands.invoice_entry import Number, invoice_lookup_get
from invo_cli.errors import InvalidError
from invo_cli.gst.text import nearest

SORTS = ("date", "number", "total", "due", "customer")
STATUSES = ("draft", "issued", "cancelled", "amended", "unpaid", "partial", "paid", "overdue")


def _sort(text: str) -> str:
    return text if _known(text.removeprefix("-"), SORTS, "order") else ""


def _status(text: str) -> str:
    return text if _known(text, STATUSES, "status") else ""


def _known(word: str, words: tuple[str, ...], what: str) -> bool:
    if word in words:
        return True
    near = nearest(word, words)
    raise InvalidError(
        f"There is no {what} {word}.", hint=f"Did you mean {near}?" if near else f"One of: {', '.join(words)}."
    )


def list_(
    status: Annotated[
        list[str] | None, typer.Option(metavar="STATUS", help=f"{', '.join(STATUSES)}; repeat for several.")
    ] = None,
    customer: Annotated[str | None, typer.Option(metavar="CODE|NAME")] = None,
    period: selection.Within = None,
    from_: selection.From = None,
    to: selection.To = None,
    least: Annotated[str | None, typer.Option("--min", metavar="RUPEES", help="Totals from this amount on.")] = None,
    most: Annotated[str | None, typer.Option("--max", metavar="RUPEES", help="Totals up to this amount.")] = None,
    search: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="Part of customer, mobile, GSTIN; how a number or reference begins."),
    ] = None,
    include: Annotated[str | None, typer.Option(metavar="deleted", help="List deleted documents too.")] = None,
    sort: Annotated[
        str, typer.Option(metavar="ORDER", help=f"{', '.join(SORTS)}; with - in front the largest first.")
    ] = "-date",
    limit: selection.Limit = None,
    after: Annotated[str | None, typer.Option(metavar="NUMBER", help="Go on behind this document.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="No limit on a terminal.")] = False,
) -> None:
    """List documents, the newest first; deleted ones are hidden."""
    from invo_cli.gst.money import to_paise

    first, last = selection.days(period, from_, to)
    print_list(
        limit,
        everything,
        statuses=tuple(map(_status, status or ())),
        customer=customer,
        first=first,
        last=last,
        least=to_paise(parsers.amount(least)) if least is not None else None,
        most=to_paise(parsers.amount(most)) if most is not None else None,
        text=search,
        deleted=_includes_deleted(include),
        sort=_sort(sort),
        after=after,
    )


def print_list(limit: int | None, everything: bool, **wanted: Any) -> None:
    """Print the documents that the fields of `invoice_search.Wanted` describe, one page of them on a terminal."""
    from invo_cli import clock
    from invo_cli.commands.entering import stream
    from invo_cli.services import invoice_search
    from invo_cli.views.invoices import LISTING

    rows = context.page_limit(limit, everything)
    query = invoice_search.Wanted(**wanted, limit=None if rows is None else rows + 1)
    found = stream(
        lambda session: invoice_search.search(session, context.business(session), query, today=clock.today())
    )
    context.show_page(found, LISTING, rows)


def _includes_deleted(include: str | None) -> bool:
    return include is not None and _known(include, ("deleted",), "kind of document to include")


def show(number: Number) -> None:
    """Show one document as it was issued."""
    from invo_cli import clock
    from invo_cli.commands.entering import read
    from invo_cli.services import invoice_lookup
    from invo_cli.views.invoices import LISTING, print_page

    document = read(
        lambda session: invoice_lookup.document(
            session, context.business(session), invoice_lookup_get(session, number).id, today=clock.today()
        )
    )
    context.show_record(document, LISTING, print_page)


def explain(number: Number) -> None:
    """Explain how each figure of a document came about, to the paisa."""
    from invo_cli.commands.entering import read
    from invo_cli.services import invoice_explaining
    from invo_cli.views.invoices import STEPS

    steps = read(
        lambda session: invoice_explaining.explain(
            session, context.business(session), invoice_lookup_get(session, number)
        )
    )
    context.show_rows(steps, STEPS)

"""The tour of a demo database: a listing, one document, the tax of each month, and what to try next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from invo_cli.views import invoices
from invo_cli.views.listing import Column, Listing, Row, print_rows
from invo_cli.views.reports import SALES
from invo_cli.views.terminal import console
from invo_cli.views.text import safe

SUMMARY = Listing(
    tuple(
        Column(key, key.replace("_", " ").capitalize())
        for key in (
            *("database_url", "business", "seed", "customers", "items", "documents", "from", "to", "issued", "draft"),
            *("cancelled", "deleted", "overdue", "kinds", "sales", "try"),
        )
    ),
    name="database_url",
)
_GST = "month,documents,taxable_value,cgst,sgst,igst,total"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tour:
    """What is shown, one after the other; `summary` is what programs get instead."""

    folder: str
    summary: Row
    newest: Sequence[dict[str, Any]]
    document: Row
    months: Sequence[Row]


def print_tour(tour: Tour) -> None:
    """Show a person around."""
    made = tour.summary
    _heading(f"A demo database: {made['database_url']}")
    _say(
        f"{made['documents']} documents of {made['from']} to {made['to']}: {made['issued']} issued"
        f" ({made['overdue']} overdue), {made['draft']} drafts, {made['cancelled']} cancelled,"
        f" {made['deleted']} deleted; {made['customers']} customers, {made['items']} items."
    )
    _heading("The newest documents (invo invoice list)")
    print_rows(tour.newest, invoices.LISTING, output="table")
    _heading(f"One of them (invo invoice show {tour.document['number'] or tour.document['id']})")
    invoices.print_page(tour.document)
    _heading("GST of each month (invo report sales)")
    print_rows(tour.months, SALES["month"], output="table", fields=_GST)
    _heading("Try next")
    for command in made["try"]:
        _say(f"  {command}")
    _say(f"Your own data was not touched. When you have seen enough: rm -r {tour.folder}")


def _heading(words: str) -> None:
    from rich.text import Text

    console().print(Text(f"\n{safe(words)}", style="bold cyan"), soft_wrap=True)


def _say(words: str) -> None:
    from rich.text import Text

    console().print(Text(safe(words)), soft_wrap=True)

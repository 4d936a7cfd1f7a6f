"""The dashboard: one page about a business."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from invo_cli.gst.money import format_indian
from invo_cli.views import charts
from invo_cli.views.listing import Column, Listing, Row
from invo_cli.views.report_pages import heading
from invo_cli.views.tables import print_table

if TYPE_CHECKING:
    from rich.console import Console

DASHBOARD = Listing(
    tuple(
        Column(key, key.replace("_", " ").capitalize())
        for key in (
            *("business", "name", "from", "to", "as_of", "sales", "tax", "months", "collections", "top_customers"),
            *("receivables", "overdue", "drafts"),
        )
    ),
    name="business",
)
_MONTHS = charts.Chart(labels=("month",), amount="total", is_series=True)


def draw(row: Row, target: Console, in_ascii: bool) -> None:
    """The whole page."""
    heading(f"{row['name']}, {row['from']} to {row['to']}", target)
    headings = [("", False, False), *((words, True, False) for words in ("Now", "Before", "Change", "Change %"))]
    print_table(headings, list(_compared(row)), target)
    heading("Sales of twelve months", target)
    charts.draw(_MONTHS, row["months"], target, in_ascii)
    _draw_owed(row, target, in_ascii)
    _draw_customers("Best customers", row["top_customers"], "total", target, in_ascii)
    _draw_customers("Overdue", row["overdue"], "overdue", target, in_ascii)
    drafts = row["drafts"]
    target.print()
    heading(f"Drafts waiting: {drafts['documents']}, {format_indian(Decimal(drafts['total']))}", target)


def _compared(row: Row) -> Iterator[tuple[str, ...]]:
    for key, amount in (("sales", "total"), ("tax", "tax"), ("collections", "net")):
        part = row[key]
        figures = (part[amount], part[f"previous_{amount}"], part["change"])
        yield key.capitalize(), *(format_indian(Decimal(figure)) for figure in figures), part["change_percent"] or ""


def _draw_owed(row: Row, target: Console, in_ascii: bool) -> None:
    owed = row["receivables"]
    target.print()
    heading(f"Owed on {row['as_of']}: {format_indian(Decimal(owed['total']))}", target)
    points = [(bucket["name"], Decimal(bucket["amount"])) for bucket in owed["buckets"]]
    points.append(("unallocated", -Decimal(owed["unallocated"])))
    charts.draw_bars(points, target, in_ascii)


def _draw_customers(words: str, rows: Sequence[Row], amount: str, target: Console, in_ascii: bool) -> None:
    if not rows:
        return
    target.print()
    heading(words, target)
    points = [(f"{row['customer_code']} {row['customer_name']}", Decimal(row[amount])) for row in rows]
    charts.draw_bars(points, target, in_ascii)

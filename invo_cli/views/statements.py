"""Statements of account and balances of customers."""

from __future__ import annotations

from decimal import Decimal

from invo_cli.gst.money import format_indian
from invo_cli.views.listing import Column, Listing, Row
from invo_cli.views.pages import print_fields
from invo_cli.views.tables import print_table
from invo_cli.views.terminal import console
from invo_cli.views.text import safe

ENTRIES = Listing(
    (
        Column("date", "Date"),
        Column("kind", "Kind"),
        Column("number", "Number"),
        Column("debit", "Debit", money=True),
        Column("credit", "Credit", money=True),
        Column("balance", "Balance", money=True),
    ),
    name="number",
)
STATEMENT = Listing(
    tuple(Column(key, key.capitalize()) for key in ("customer", "name", "opening", "entries", "closing")),
    name="customer",
)
BALANCE = Listing(
    (
        Column("customer", "Customer"),
        Column("as_of", "As of"),
        Column("balance", "Balance", money=True),
        Column("unallocated", "Unallocated", money=True),
    ),
    name="customer",
)


def print_page(row: Row) -> None:
    """A statement of account for a person."""
    from rich.text import Text

    console().print(Text(safe(f"Statement of account: {row['name']} ({row['customer']})"), style="bold"))
    cells = [("", "opening", "", "", "", _money(row["opening"]))]
    for entry in row["entries"]:
        amounts = [_money(entry[key]) if entry[key] != "0.00" else "" for key in ("debit", "credit")]
        words = entry["kind"].replace("_", " ")
        cells.append((entry["date"], words, entry["number"] or "", *amounts, _money(entry["balance"])))
    cells.append(("", "closing", "", "", "", _money(row["closing"])))
    headings = [(column.heading, column.money, False) for column in ENTRIES.columns]
    print_table(headings, cells)


def print_balance(row: Row) -> None:
    """A balance for a person."""
    print_fields(f"Balance of {row['customer']}", row, skip=("customer",))


def _money(text: str) -> str:
    return format_indian(Decimal(text))

"""How number series look, and the account of their numbers."""

from __future__ import annotations

from typing import Any

from invo_cli.views.listing import Column, Listing
from invo_cli.views.pages import print_fields

LISTING = Listing(
    (
        Column("kind", "Kind"),
        Column("financial_year", "Year"),
        Column("pattern", "Pattern"),
        Column("set_for", "Set for"),
        Column("last_number", "Last number"),
        Column("next_number", "Next number"),
        Column("first_serial", "First serial", right=True, extra=True),
        Column("last_serial", "Last serial", right=True, extra=True),
    ),
    name="kind",
)

ACCOUNTS = Listing(
    (
        Column("financial_year", "Year"),
        Column("kind", "Kind"),
        Column("series", "Series"),
        Column("first_serial", "First", right=True),
        Column("last_serial", "Last", right=True),
        Column("issued", "Issued", right=True),
        Column("cancelled", "Cancelled", right=True),
        Column("deleted", "Deleted", right=True),
        Column("missing", "Missing"),
        Column("duplicates", "Twice"),
        Column("beyond", "Beyond"),
    ),
    name="series",
    fallback_name="kind",
)


def print_page(row: Any) -> None:
    """One series for a person."""
    print_fields(row["kind"].replace("_", " "), row, skip=("kind",))

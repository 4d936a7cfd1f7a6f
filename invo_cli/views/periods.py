"""How locked months look."""

from __future__ import annotations

from invo_cli.views.listing import Column, Listing, Row
from invo_cli.views.pages import print_fields

LISTING = Listing(
    (
        Column("period", "Month"),
        Column("reason", "Reason", wraps=True),
        Column("locked_at", "Locked at"),
        Column("locked_by", "By"),
        Column("is_locked", "Locked", extra=True),
        Column("arn", "ARN", extra=True),
        Column("filed_on", "Filed on", extra=True),
        Column("dry_run", "Dry run", extra=True),
    ),
    name="period",
)


def print_page(row: Row) -> None:
    """One month, locked or open again, for a person."""
    print_fields(f"{'Locked' if row['is_locked'] else 'Open'}: {row['period']}", row, skip=("period", "is_locked"))

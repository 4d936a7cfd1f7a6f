"""How e-mails look: the ledger of sendings, and the reminders of a day."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any

from invo_cli.views.listing import Column, Listing, Row
from invo_cli.views.pages import print_fields
from invo_cli.views.terminal import console
from invo_cli.views.text import safe

LISTING = Listing(
    (
        Column("claimed_at", "When"),
        Column("kind", "Kind"),
        Column("number", "Document"),
        Column("recipient", "To", wraps=True),
        Column("status", "Status"),
        Column("failure", "Why not", wraps=True),
        *(
            Column(key, key.replace("_", " ").capitalize(), extra=True)
            for key in ("id", "document", "step", "cc", "subject", "attempt", "settled_at", "message_id", "by")
        ),
        *(Column(key, key.replace("_", " ").capitalize(), extra=True) for key in ("text", "dry_run")),
    ),
    name="id",
)
REMINDERS = Listing(
    (
        Column("number", "Document"),
        Column("name", "Customer", wraps=True),
        Column("recipient", "To", wraps=True),
        Column("days_late", "Days late", right=True),
        Column("step", "Step", right=True),
        Column("outstanding", "Owed", money=True),
        Column("state", "State"),
        *(
            Column(key, key.replace("_", " ").capitalize(), extra=True)
            for key in ("document", "customer", "due_date", "subject", "text", "failure", "dry_run")
        ),
    ),
    name="document",
)


def as_table_row(row: Row, zone: tzinfo) -> dict[str, Any]:
    """A sending as a person reads it: the time to the second, where that person is."""
    return {**row, "claimed_at": f"{datetime.fromisoformat(row['claimed_at']).astimezone(zone):%Y-%m-%d %H:%M:%S}"}


def print_page(row: Row) -> None:
    """One sending for a person; of a dry run with its text."""
    print_fields(f"{'Reminder' if row['kind'] == 'reminder' else 'E-mail'} {row['number']}", row, skip=("text",))
    if row.get("text"):
        console().print()
        for line in str(row["text"]).splitlines():
            console().print(safe(line))

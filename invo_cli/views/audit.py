"""How the audit trail looks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from invo_cli.views.listing import Column, Listing, Row, print_rows

LISTING = Listing(
    (
        Column("seq", "No.", right=True),
        Column("at", "At"),
        Column("actor", "Actor"),
        Column("action", "Action"),
        Column("subject", "Subject"),
        Column("reason", "Reason", wraps=True),
        Column("before", "Before", extra=True),
        Column("after", "After", extra=True),
        Column("hash", "Hash", extra=True),
        Column("os_user", "OS user", extra=True),
        Column("host", "Host", extra=True),
    ),
    name="seq",
)
VERIFICATION = Listing(
    (Column("events", "Events", right=True), Column("ok", "Right"), Column("findings", "Findings")), name="events"
)
FINDINGS = Listing(
    (
        Column("seq", "No.", right=True),
        Column("subject", "Subject"),
        Column("problem", "Problem", wraps=True),
        Column("business", "Business"),
    ),
    name="subject",
)


def as_row(event: Mapping[str, Any]) -> dict[str, Any]:
    """An event as scripts see it; the time is written as it enters the hash."""
    shown = {**event, "at": event["at"].isoformat(timespec="microseconds")}
    return {column.key: shown[column.key] for column in LISTING.columns}


def as_table_row(event: Mapping[str, Any], zone: tzinfo) -> dict[str, Any]:
    """An event as a person reads it: the time to the second, where that person is."""
    return as_row(event) | {"at": f"{event['at'].astimezone(zone):%Y-%m-%d %H:%M:%S}"}


def print_verification(row: Row) -> None:
    """What `audit verify` found, for a person."""
    verdict = "nothing was altered" if row["ok"] else f"{len(row['findings'])} findings"
    print(f"{row['events']} events checked: {verdict}.")
    if row["findings"]:
        print_rows(row["findings"], FINDINGS, output="table")

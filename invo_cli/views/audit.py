"""How the audit trail looks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import tzinfo
from typing import Any

from invo_cli.views.listing import Column, Listing, Row, print_rows
from invo_cli.views.pages import print_fields

HEAD = Listing((Column("seq", "No.", right=True), Column("hash", "Hash"), Column("head", "Head")), name="head")
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
        Column("via", "Via", extra=True),
        Column("os_user", "OS user", extra=True),
        Column("host", "Host", extra=True),
    ),
    name="seq",
)
VERIFICATION = Listing(
    (
        Column("events", "Events", right=True),
        Column("ok", "Right"),
        Column("findings", "Findings"),
        Column("documents", "Documents", right=True, extra=True),
        Column("payments", "Payments", right=True, extra=True),
        Column("allocations", "Allocations", right=True, extra=True),
    ),
    name="events",
)
CHANGES = Listing(
    (
        Column("field", "Field"),
        Column("before", "Before", wraps=True),
        Column("after", "After", wraps=True),
    ),
    name="field",
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


def print_event(row: Row) -> None:
    """One event for a person: who, when, why, and each value before and after."""
    told = ("at", "actor", "via", "os_user", "host", "action", "subject", "reason", "hash")
    print_fields(f"Event {row['seq']}", {key: row.get(key) for key in told})
    changes = list(_changes(row.get("before"), row.get("after")))
    if changes:
        print_rows(changes, CHANGES, output="table")


def _changes(before: Any, after: Any, path: str = "") -> Iterator[dict[str, Any]]:
    """Every value that is not the same before and after, by its path."""
    if isinstance(before, Mapping) or isinstance(after, Mapping):
        old, new = (side if isinstance(side, Mapping) else {} for side in (before, after))
        for key in [*old, *(key for key in new if key not in old)]:
            yield from _changes(old.get(key), new.get(key), f"{path}.{key}" if path else key)
    elif isinstance(before, list) or isinstance(after, list):
        old, new = (dict(enumerate(side, 1)) if isinstance(side, list) else {} for side in (before, after))
        yield from _changes(old, new, path)
    elif before != after:
        yield {"field": path, "before": before, "after": after}


def print_verification(row: Row) -> None:
    """What `audit verify` found, for a person."""
    verdict = "nothing was altered" if row["ok"] else f"{len(row['findings'])} findings"
    counted = ("events", "documents", "payments", "allocations")
    checked = ", ".join(f"{row[name]} {name}" for name in counted if row.get(name) is not None)
    print(f"{checked} checked: {verdict}.")
    if row["findings"]:
        print_rows(row["findings"], FINDINGS, output="table")

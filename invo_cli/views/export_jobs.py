"""How export jobs, their runs and their batches look."""

from __future__ import annotations

from invo_cli.views.listing import Column, Listing, Row
from invo_cli.views.pages import print_fields

JOBS = Listing(
    (
        Column("name", "Job"),
        Column("data_set", "Data set"),
        Column("business", "Business"),
        Column("last_run", "Last run"),
        Column("last_status", "Came of it"),
        Column("last_failure", "Why", wraps=True),
        Column("settings", "Settings", extra=True),
        Column("cursor", "Read up to", extra=True),
        Column("runs", "Runs", extra=True),
        Column("created_at", "Made at", extra=True),
        Column("created_by", "By", extra=True),
        Column("dry_run", "Dry run", extra=True),
    ),
    name="name",
)
BATCHES = Listing(
    (
        Column("batch", "Batch", right=True),
        Column("status", "Status"),
        Column("from", "After event", right=True),
        Column("to", "Up to", right=True),
        Column("rows", "Rows", right=True),
        Column("deletes", "Deletes", right=True),
        Column("bytes", "Bytes", right=True),
        Column("prepared_at", "Prepared at"),
        Column("is_kept", "Kept"),
        Column("job", "Job", extra=True),
        Column("data_set", "Data set", extra=True),
        Column("sha256", "SHA-256", extra=True),
        Column("totals", "Totals", extra=True),
        Column("format", "Format", extra=True),
        Column("compress", "Compression", extra=True),
        Column("fields", "Fields", extra=True),
    ),
    name="batch",
)


def print_job(row: Row) -> None:
    """One job for a person, with its last runs."""
    print_fields(f"{row['name']} ({row['data_set']})", row, skip=("name", "data_set", "runs"))
    for run in row.get("runs", ()):
        print_fields(f"Run {run['run']}: {run['status']}", run, skip=("run", "status"))


def print_batch(row: Row) -> None:
    """One batch for a person."""
    print_fields(f"Batch {row['batch']} of {row['job']}", row, skip=("batch", "job", "fields"))

"""How the schema of the database looks."""

from __future__ import annotations

from typing import Any

from invo_cli.views.listing import Column, Listing
from invo_cli.views.pages import print_fields

STANDING = Listing(
    (
        Column("revision", "Revision"),
        Column("head", "Head"),
        Column("pending", "Pending"),
        Column("database", "Database", extra=True),
    ),
    name="revision",
)
MOVE = Listing(
    (
        Column("revision", "Revision"),
        Column("previous", "Previous"),
        Column("run", "Run"),
        Column("backup", "Backup"),
        Column("database", "Database", extra=True),
    ),
    name="revision",
)
PLAN = Listing(
    (Column("revision", "Revision"), Column("message", "What it does"), Column("cautions", "Cautions", wraps=True)),
    name="revision",
)
REVISIONS = Listing((Column("revision", "Revision"), Column("message", "What it does")), name="revision")
DIFFERENCES = Listing(
    (Column("table", "Table"), Column("revision", "Revision"), Column("difference", "Difference", wraps=True)),
    name="table",
)
SCRIPT = Listing((Column("path", "File"), Column("revision", "Revision", extra=True)), name="path")


def print_page(row: Any) -> None:
    """Where a database stands, for a person."""
    print_fields("Schema", row)

"""How backups look."""

from __future__ import annotations

from typing import Any

from invo_cli.views.listing import Column, Listing
from invo_cli.views.pages import print_fields

MADE = Listing(
    (
        Column("file", "File"),
        Column("revision", "Revision"),
        Column("bytes", "Bytes", right=True),
        Column("sha256", "SHA-256"),
        Column("manifest", "Manifest", extra=True),
        Column("kind", "Kind", extra=True),
        Column("encrypted", "Encrypted", extra=True),
    ),
    name="file",
)
LISTING = Listing(
    (
        Column("file", "File"),
        Column("made_at", "Made at"),
        Column("revision", "Revision"),
        Column("bytes", "Bytes", right=True),
        Column("encrypted", "Encrypted"),
        Column("status", "Status"),
        Column("reason", "Made before"),
        Column("kind", "Kind", extra=True),
        Column("database", "Database", extra=True),
    ),
    name="file",
)
PROOF = Listing(
    (
        Column("file", "File"),
        Column("ok", "Ok"),
        Column("proof", "Proof"),
        Column("revision", "Revision"),
        Column("rows", "Rows", right=True),
        Column("findings", "Findings", wraps=True),
    ),
    name="file",
)
MOVED = Listing(
    (
        Column("database", "Database"),
        Column("revision", "Revision"),
        Column("rows", "Rows", right=True),
        Column("findings", "Findings", wraps=True),
    ),
    name="database",
)


def print_page(row: Any) -> None:
    """A backup, its proof, or a database made from one, for a person."""
    print_fields("Backup" if "file" in row else "Database", row)

"""Which schema this program needs, known without loading Alembic, and the gate that compares."""

from __future__ import annotations

from invo_cli.errors import SchemaError

REVISIONS = ("20250924_0001", "20250924_0002")
"""Every revision, oldest first; a test compares them with the migration scripts."""
HEAD = REVISIONS[-1]


def require_head(found: str | None) -> None:
    """Raise SchemaError unless the database is exactly at the revision this program was written for."""
    if found == HEAD:
        return
    if found is None:
        raise SchemaError("The database is empty or is not an invo database.", hint="Create it with: invo init")
    if found in REVISIONS:
        raise SchemaError(
            f"The database is at revision {found}, this invo needs {HEAD}.", hint="Migrate it with: invo db upgrade"
        )
    raise SchemaError(
        f"The database is at revision {found}, which this invo (head {HEAD}) does not know: a newer invo upgraded it.",
        hint="Install the newer invo; nothing was changed.",
    )

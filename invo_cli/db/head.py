"""Which schema this program needs, known without loading Alembic, and the gate that compares."""

from __future__ import annotations

import re

from invo_cli.errors import SchemaError

REVISIONS = (
    *("20250924_0001", "20250924_0002"),
    *("20261123_0003", "20261123_0004", "20261123_0005", "20261123_0006", "20261123_0007"),
    "20261129_0008",
)
"""Every revision, oldest first; a test compares them with the migration scripts."""
HEAD = REVISIONS[-1]
_OURS = re.compile("[0-9]{8}_[0-9]{4}")


def require_head(found: str | None) -> None:
    """Raise SchemaError unless the database is exactly at the revision this program was written for."""
    require_known(found)
    if found is None:
        raise SchemaError("The database is empty or is not an invo database.", hint="Create it with: invo init")
    if found != HEAD:
        raise SchemaError(
            f"The database is at revision {found}, this invo needs {HEAD}.", hint="Migrate it with: invo db upgrade"
        )


def require_known(found: str | None) -> None:
    """Raise SchemaError when the database is at a revision that this program does not know; None is no schema yet."""
    if found is None or found in REVISIONS:
        return
    if not _OURS.fullmatch(found):
        raise SchemaError("The database belongs to another program.", hint="Name another one in INVO_DATABASE_URL.")
    raise SchemaError(
        f"The database is at revision {found}, which this invo (head {HEAD}) does not know: a newer invo upgraded it.",
        hint="Install the newer invo; nothing was changed.",
    )

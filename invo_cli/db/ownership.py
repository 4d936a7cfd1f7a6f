"""Whether the one who runs this owns the database: then the operating system or the server vouches for them."""

from __future__ import annotations

import os

from sqlalchemy.orm import Session

from invo_cli.db import engines
from invo_cli.errors import DeniedError

_OWNS = (
    "SELECT pg_has_role(current_user, relowner, 'USAGE') FROM pg_class"
    " WHERE relname = 'users' AND relnamespace = current_schema()::regnamespace"
)


def require(session: Session) -> None:
    """Raise DeniedError unless this user owns the SQLite file, or the role owns the tables on PostgreSQL."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        owns = bool(connection.exec_driver_sql(_OWNS).scalar())
    else:
        owner = engines.sqlite_path(connection.engine.url).stat().st_uid
        owns = os.getuid() in (owner, 0)
    if not owns:
        raise DeniedError(
            "Only the owner of the database may do this.", hint="Run it as the owner, or ask an admin to sign in."
        )

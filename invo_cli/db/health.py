"""How the database is doing, measured without changing anything."""

from __future__ import annotations

import time
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, text

from invo_cli.db import drift, engines, faults
from invo_cli.db.types import UtcDateTime
from invo_cli.settings import get_settings

_VERSION = {"sqlite": "SELECT sqlite_version()", "postgresql": "SHOW server_version"}
_SUPERUSER = "SELECT usesuper FROM pg_user WHERE usename = current_user"
# The last event of each business by its key: as quick with a million events as with one.
_NEWEST = """
SELECT max(e.at) AS at FROM books b
JOIN audit_events e ON e.business_id = b.business_id AND e.seq = b.last_audit_seq
"""


class Health(NamedTuple):
    """What can be said of a database that answers."""

    engine: str
    version: str
    milliseconds: float
    """From nothing to the first answer, connecting included."""
    journal_mode: str | None
    """SQLite only."""
    is_superuser: bool


class Books(NamedTuple):
    """What can be said of a database at the head."""

    newest: datetime | None
    """When the last audit event was written, in UTC."""
    missing_triggers: frozenset[str]


def measure() -> Health:
    """Connect and ask; UnavailableError when there is no answer, SchemaError when there is no file."""
    start = time.perf_counter()
    with faults.translated(), engines.engine_for(get_settings().database_url).connect() as connection:
        engine = connection.dialect.name
        version = str(connection.exec_driver_sql(_VERSION[engine]).scalar())
        milliseconds = (time.perf_counter() - start) * 1000
        journal = connection.exec_driver_sql("PRAGMA journal_mode").scalar() if engine == "sqlite" else None
        power = engine == "postgresql" and bool(connection.exec_driver_sql(_SUPERUSER).scalar())
    return Health(engine, version, milliseconds, journal, power)


def look() -> Books:
    """Look into a database that is at the head."""
    with faults.translated(), engines.engine_for(get_settings().database_url).connect() as connection:
        return Books(_newest(connection), drift.missing_triggers(connection))


def _newest(connection: Connection) -> datetime | None:
    return connection.execute(text(_NEWEST).columns(at=UtcDateTime)).scalar()

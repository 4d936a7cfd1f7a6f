"""How the database is doing, measured without changing anything.

No person is asked who they are: nothing here says more of the books than when something was last done.
"""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from invo_cli.db import drift, engines, faults
from invo_cli.db.types import UtcDateTime
from invo_cli.db.urls import normalise
from invo_cli.errors import SchemaError
from invo_cli.settings import get_settings

RESTORE = "Keep the file, and restore a backup: invo db restore FILE --to URL"
_VERSION = {"sqlite": "SELECT sqlite_version()", "postgresql": "SHOW server_version"}
_SIZE = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    "postgresql": "SELECT pg_database_size(current_database())",
}
_POWERS = """
SELECT r.rolsuper, r.rolbypassrls, EXISTS (SELECT 1 FROM pg_class c WHERE c.relname = 'audit_events'
    AND c.relnamespace = current_schema()::regnamespace AND c.relowner = r.oid) AS is_owner
FROM pg_roles r WHERE r.rolname = current_user
"""
_SESSIONS = """
SELECT pid, state, wait_event_type = 'Lock' AS is_waiting, extract(epoch FROM now() - xact_start) AS seconds
FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'invo%' AND pid <> pg_backend_pid()
    AND xact_start IS NOT NULL
ORDER BY xact_start
"""
# By keys and indexes only: as quick with a million events as with one.
_NEWEST = """
SELECT max(e.at) AS at FROM books b
JOIN audit_events e ON e.business_id = b.business_id AND e.seq = b.last_audit_seq
"""
_OLDEST = "SELECT min(at) AS at FROM audit_events WHERE seq = 1 AND business_id IN (SELECT business_id FROM books)"
_BACKUP = """
SELECT at FROM audit_events WHERE business_id = 0 AND subject >= 'backup:' AND subject < 'backup;'
    AND action = 'db.backup' ORDER BY seq DESC LIMIT 1
"""
_PROVED = """
SELECT seq, at, after FROM audit_events WHERE business_id = 0 AND subject = 'audit' AND action = 'audit.verify'
ORDER BY seq DESC LIMIT 1
"""
_HEADS = "SELECT business_id, last_audit_seq FROM books"
_RUNS = """
SELECT r.business_id, r.job, r.run_no, r.status, r.started_at, r.ended_at FROM export_runs r
JOIN (SELECT business_id, job, max(run_no) AS last_no FROM export_runs GROUP BY business_id, job) n
    ON n.business_id = r.business_id AND n.job = r.job AND r.run_no >= n.last_no - 1
ORDER BY r.job, r.business_id, r.run_no DESC
"""


class Health(NamedTuple):
    """What can be said of a database that answers."""

    engine: str
    version: str
    milliseconds: float
    """From nothing to the first answer, connecting included."""
    journal_mode: str | None
    """SQLite only."""
    bytes: int
    powers: tuple[str, ...]
    """PostgreSQL only: what makes the role stronger than the triggers (superuser, BYPASSRLS, owner)."""


class Books(NamedTuple):
    """What can be said of a database at the head."""

    newest: datetime | None
    """When the last audit event was written, in UTC."""
    oldest: datetime | None
    missing_triggers: frozenset[str]
    backed_up: datetime | None
    """When the trail tells of the last backup, wherever that lies."""
    proved: datetime | None
    """When the audit trail was last verified whole."""
    unproved: int
    """Events since then."""
    runs: list[Run]


class Run(NamedTuple):
    """One of the last two runs of an export job, the newest first."""

    business_id: int
    job: str
    status: str
    started_at: datetime
    ended_at: datetime | None


class Held(NamedTuple):
    """A transaction of another invo: how long it has been open, and whether it waits for a lock."""

    who: str
    seconds: int
    is_waiting: bool


def measure() -> Health:
    """Connect and ask; UnavailableError when there is no answer, SchemaError when there is no file."""
    start = time.perf_counter()
    with faults.translated(), engines.engine_for(get_settings().database_url).connect() as connection:
        engine = connection.dialect.name
        version = str(connection.exec_driver_sql(_VERSION[engine]).scalar())
        milliseconds = (time.perf_counter() - start) * 1000
        journal = connection.exec_driver_sql("PRAGMA journal_mode").scalar() if engine == "sqlite" else None
        size = int(connection.exec_driver_sql(_SIZE[engine]).scalar() or 0)
        return Health(engine, version, milliseconds, journal, size, _powers(connection))


def damage() -> str | None:
    """What is wrong with the pages of a SQLite file, which is read whole; None for a sound one, and for a server."""
    url = normalise(get_settings().database_url)
    if url.get_backend_name() != "sqlite":
        return None
    try:
        with faults.translated(), closing(engines.connect_file(engines.sqlite_path(url))) as connection:
            found = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    except SchemaError as error:
        return error.message
    return None if found == "ok" else " ".join(found.split())


def require_whole() -> None:
    """Raise SchemaError when the pages of a SQLite file are damaged."""
    if damage() is not None:
        raise SchemaError("The database file is damaged.", hint=RESTORE)


def look() -> Books:
    """Look into a database that is at the head."""
    with faults.translated(), engines.engine_for(get_settings().database_url).connect() as connection:
        proved, unproved = _proof(connection)
        runs = connection.execute(text(_RUNS).columns(started_at=UtcDateTime, ended_at=UtcDateTime)).mappings()
        return Books(
            _moment(connection, _NEWEST),
            _moment(connection, _OLDEST),
            drift.missing_triggers(connection),
            _moment(connection, _BACKUP),
            proved,
            unproved,
            [Run(**{name: row[name] for name in Run._fields}) for row in runs],
        )


def held() -> list[Held]:
    """The transactions of other runs that are open now, the oldest first; on SQLite the one that writes."""
    url = normalise(get_settings().database_url)
    with faults.translated():
        if url.get_backend_name() == "sqlite":
            return _writer(url)
        with engines.engine_for(get_settings().database_url).connect() as connection:
            rows = connection.execute(text(_SESSIONS)).mappings()
            return [Held(f"session {row['pid']}", int(row["seconds"]), bool(row["is_waiting"])) for row in rows]


def _writer(url: Any) -> list[Held]:
    """Whether somebody writes: the lock is asked for without waiting, and given back at once."""
    with closing(engines.connect_file(engines.sqlite_path(url))) as connection:
        connection.execute("PRAGMA busy_timeout=0")
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                return []  # it may not be written at all
            return [Held("another process", 0, False)]
    return []


def _powers(connection: Connection) -> tuple[str, ...]:
    if connection.dialect.name == "sqlite":
        return ()
    row = connection.exec_driver_sql(_POWERS).one()
    named = {"superuser": row.rolsuper, "BYPASSRLS": row.rolbypassrls, "owner of the tables": row.is_owner}
    return tuple(name for name, has in named.items() if has)


def _proof(connection: Connection) -> tuple[datetime | None, int]:
    """When the trail was last verified, and how many events came after; the event that says so is not one of them."""
    heads = {str(row.business_id): row.last_audit_seq for row in connection.execute(text(_HEADS))}
    found = connection.execute(text(_PROVED).columns(at=UtcDateTime)).first()
    if found is None:
        return None, sum(heads.values())
    proved = _noted(found.after)
    later = sum(max(0, last - proved.get(book, 0)) for book, last in heads.items())
    return found.at, max(0, later - 1)


def _noted(after: str | None) -> dict[str, int]:
    """The heads that were noted; none when somebody has altered the event."""
    try:
        return {str(book): int(seq) for book, seq in json.loads(after or "")["heads"].items()}
    except (AttributeError, LookupError, TypeError, ValueError):
        return {}


def _moment(connection: Connection, query: str) -> datetime | None:
    return connection.execute(text(query).columns(at=UtcDateTime)).scalar()

"""How a chain of revisions is run: one lock around all of it, nothing lost when SQLite rebuilds a table."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from invo_cli.db import engines, faults
from invo_cli.db.urls import is_postgresql, normalise
from invo_cli.errors import UnavailableError
from invo_cli.settings import get_settings

LOCK_WAIT_SECONDS = 60.0
_LOCK = "hashtext('invo migrations'), hashtext(current_schema())"


@contextmanager
def locked_connection(attributes: Mapping[str, Any]) -> Iterator[Connection]:
    """A connection that may migrate, with every other deployer kept out until it is closed.

    `attributes` may carry `database_url` (default: the settings) and `lock_wait` in seconds.
    """
    url = normalise(attributes.get("database_url") or get_settings().database_url)
    wait = float(attributes.get("lock_wait", LOCK_WAIT_SECONDS))
    with faults.translated(), _postgresql(url, wait) if is_postgresql(url) else _sqlite(url) as connection:
        yield connection


def options(connection: Connection) -> dict[str, Any]:
    """What Alembic must know about the engine: one transaction a revision, or one for the chain on SQLite."""
    if connection.dialect.name == "sqlite":
        return {"render_as_batch": True, "transactional_ddl": True}
    return {"transaction_per_migration": True}


def create_file(path: Path) -> None:
    """Make the SQLite file and its folder, readable by their owner only, in WAL mode."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    connection = engines.connect_file(path)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()


@contextmanager
def _sqlite(url: URL) -> Iterator[Connection]:
    path = engines.sqlite_path(url)
    create_file(path)
    # Foreign keys are off because rebuilding a table with them on deletes its child rows; the PRAGMA does
    # nothing inside a transaction, so it must come before BEGIN.
    engine = create_engine(
        url, creator=lambda: engines.connect_file(path, foreign_keys=False), poolclass=NullPool, hide_parameters=True
    )
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    with engine.connect() as connection, connection.begin():
        before = _triggers(connection)
        yield connection
        _restore_triggers(connection, before)
        _check_foreign_keys(connection)


def _triggers(connection: Connection) -> dict[str, tuple[str, str]]:
    """Triggers by name, with their table: what Alembic's rebuild of a table loses without a word."""
    query = "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"
    return {name: (table, sql) for name, table, sql in connection.exec_driver_sql(query)}


def _restore_triggers(connection: Connection, before: dict[str, tuple[str, str]]) -> None:
    """Put back the triggers whose table is still there."""
    tables = set(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars())
    for name in sorted(before.keys() - _triggers(connection).keys()):
        table, sql = before[name]
        if table in tables:
            connection.exec_driver_sql(sql)


def _check_foreign_keys(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        tables = ", ".join(sorted({row[0] for row in broken}))
        raise UnavailableError(
            f"The migration would leave rows without their parent in {tables}.",
            hint="Nothing was changed. Restore the missing rows, or report this.",
        )


@contextmanager
def _postgresql(url: URL, wait: float) -> Iterator[Connection]:
    settings = {"application_name": "invo db upgrade", "connect_timeout": "10"}
    engine = create_engine(
        url.difference_update_query(["pool_mode"]), connect_args=settings, poolclass=NullPool, hide_parameters=True
    )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as guard:
        # A deployer that was killed must not hold the lock until its last statement ends.
        guard.exec_driver_sql("SET client_connection_check_interval = '1s'")
        _poll_lock(guard, wait)
        try:
            with engine.connect() as connection:
                connection.exec_driver_sql("SET lock_timeout = '5s'")
                connection.commit()
                yield connection
        finally:
            guard.exec_driver_sql(f"SELECT pg_advisory_unlock({_LOCK})")


def _poll_lock(guard: Connection, wait: float) -> None:
    """Ask for the lock until it is ours: waiting inside the server would deadlock with concurrent index builds."""
    deadline = time.monotonic() + wait
    while not guard.execute(text(f"SELECT pg_try_advisory_lock({_LOCK})")).scalar():
        if time.monotonic() > deadline:
            raise UnavailableError(
                f"Another migration is still running after {wait:g} seconds.",
                hint="Wait for it, then run: invo db upgrade",
            )
        time.sleep(0.25)

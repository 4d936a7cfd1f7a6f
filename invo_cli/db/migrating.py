"""How a chain of revisions is run: one lock around all of it, everything kept when SQLite rebuilds a table."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import NullPool

from invo_cli.db import engines, faults, holders
from invo_cli.db.rebuilding import keeping_schema
from invo_cli.db.urls import is_postgresql, normalise
from invo_cli.errors import InvalidError, UnavailableError
from invo_cli.settings import get_settings

LOCK_WAIT_SECONDS = 60.0
CHECKS_PLUGINS = ("alembic.autogenerate.*", "alembic.ext.checkconstraint_byname")
Look = Callable[[Connection], None]
"""Looks at the database under the lock: before the first revision, or after the last."""
_POLL_SECONDS = 0.25
# A lock that is waited for holds up every reader behind it, so the wait is short and the step is tried again. Data
# steps may take long. A killed deployer's last statement must end with it.
_POSTGRESQL_SETTINGS = {"lock_timeout": "500ms", "statement_timeout": "0", "client_connection_check_interval": "1s"}


@contextmanager
def locked_connection(attributes: Mapping[str, Any]) -> Iterator[Connection]:
    """A connection that may migrate, with every other deployer kept out until it is closed.

    `attributes` may carry `database_url` (default: the settings), `lock_wait` in seconds, and two looks at the
    database: `on_locked` before the first revision and `on_done` after the last, which SQLite has not committed yet.
    """
    url = normalise(attributes.get("database_url") or get_settings().database_url)
    wait = float(attributes.get("lock_wait", LOCK_WAIT_SECONDS))
    with faults.translated(), (_postgresql if is_postgresql(url) else _sqlite)(url, wait) as connection:
        _look(connection, attributes.get("on_locked"))
        yield connection
        _look(connection, attributes.get("on_done"))


def _look(connection: Connection, look: Look | None) -> None:
    if look is not None:
        look(connection)
        if connection.dialect.name == "postgresql":
            connection.rollback()  # each revision begins a transaction of its own


def options(connection: Connection) -> dict[str, Any]:
    """What Alembic must know about the engine: one transaction a revision, or one for the chain on SQLite."""
    compared = {"compare_server_default": True, "autogenerate_plugins": CHECKS_PLUGINS}
    if connection.dialect.name == "sqlite":
        return compared | {"render_as_batch": True, "transactional_ddl": True}
    return compared | {"transaction_per_migration": True}


def create_file(path: Path, wait: float = LOCK_WAIT_SECONDS) -> None:
    """Make the SQLite file and its folder, readable by their owner only, in WAL mode; a file that is there is kept."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise UnavailableError(
            f"The database file {path} cannot be made: {error.strerror}.", hint="Check the path and its rights."
        ) from error
    with closing(engines.connect_file(path)) as connection:
        deadline = time.monotonic() + wait
        while not _in_wal_mode(connection, deadline):
            time.sleep(0.05)


def _in_wal_mode(connection: sqlite3.Connection, deadline: float) -> bool:
    """Switch to WAL; False while another process is in the way, which SQLite does not wait for by itself."""
    try:
        connection.execute("PRAGMA journal_mode=WAL")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
            raise
        return False
    return True


@contextmanager
def _sqlite(url: URL, wait: float) -> Iterator[Connection]:
    path = engines.sqlite_path(url)
    create_file(path, wait)
    # Foreign keys are off because rebuilding a table with them on deletes its child rows; the PRAGMA does
    # nothing inside a transaction, so it must come before BEGIN.
    engine = create_engine(
        url, creator=lambda: engines.connect_file(path, foreign_keys=False), poolclass=NullPool, hide_parameters=True
    )
    event.listen(engine, "begin", lambda connection: _begin(connection, path, wait))
    with engine.connect() as connection, connection.begin(), keeping_schema(connection):
        yield connection


def _begin(connection: Connection, path: Path, wait: float) -> None:
    """Ask for the file's write lock in short steps, so that Ctrl-C is heard between them."""
    deadline = time.monotonic() + wait
    connection.exec_driver_sql(f"PRAGMA busy_timeout={_POLL_SECONDS * 1000:.0f}")
    while True:
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            break
        except OperationalError as error:
            if getattr(error.orig, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            if time.monotonic() > deadline:
                raise _held(holders.of_file(path), wait) from error
    connection.exec_driver_sql(f"PRAGMA busy_timeout={engines.BUSY_TIMEOUT_MS}")


def _held(holder: str | None, wait: float) -> UnavailableError:
    return UnavailableError(
        f"After {wait:g} seconds the database is still locked by {holder or 'another run'}.",
        hint="Wait for it, then run it again, or wait longer with --timeout.",
    )


@contextmanager
def _postgresql(url: URL, wait: float) -> Iterator[Connection]:
    if url.query.get("pool_mode") == "transaction":
        raise InvalidError(
            "Migrations cannot run through a transaction pooler: it would share their lock with others.",
            hint="Name the server itself, without pool_mode: INVO_DATABASE_URL=… invo db upgrade",
        )
    arguments = {"application_name": "invo db upgrade", "connect_timeout": "10"}
    engine = create_engine(url, connect_args=arguments, poolclass=NullPool, hide_parameters=True)
    # Two connections, so that the lock is held between the transactions of the revisions; closing one unlocks.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as guard:
        _poll_lock(guard, wait)
        with engine.connect() as connection:
            _set_limits(connection)
            yield connection


def _set_limits(connection: Connection) -> None:
    for name, value in _POSTGRESQL_SETTINGS.items():
        # A server on Windows has no connection check.
        with suppress(DBAPIError), connection.begin():
            connection.exec_driver_sql(f"SET {name} = '{value}'")


def _poll_lock(guard: Connection, wait: float) -> None:
    """Ask for the lock until it is ours: waiting inside the server would deadlock with concurrent index builds."""
    deadline = time.monotonic() + wait
    while not guard.execute(text(f"SELECT pg_try_advisory_lock({holders.MIGRATIONS_LOCK})")).scalar():
        if time.monotonic() > deadline:
            raise _held(holders.of_migrations(guard), wait)
        time.sleep(_POLL_SECONDS)

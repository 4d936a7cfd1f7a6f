"""One engine per database URL, set up so that both engines keep the same promises."""

from __future__ import annotations

import logging
import os
import sqlite3
import time
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from invo_cli.db.tracing import trace
from invo_cli.db.urls import is_postgresql, normalise
from invo_cli.errors import SchemaError

BUSY_TIMEOUT_MS = 30_000
BUSY_STEP_MS = 500
_SERVER_DEFAULTS = {
    "application_name": "invo",
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "tcp_user_timeout": "30000",
    "client_encoding": "utf8",
}

for _library in ("psycopg", "sqlalchemy"):
    # What goes wrong is raised as well: a line of a library's own would stand beside the refusal.
    logging.getLogger(_library).addHandler(logging.NullHandler())


@cache
def engine_for(text: str) -> Engine:
    """The engine of a database URL in any accepted spelling; connects on first use."""
    url = normalise(text)
    engine = _postgresql(url) if is_postgresql(url) else _sqlite(url)
    trace(engine)
    return engine


def sqlite_path(url: URL) -> Path:
    """The file of a SQLite URL."""
    return Path(str(url.database)).expanduser()


def _postgresql(url: URL) -> Engine:
    pooled = url.query.get("pool_mode") == "transaction"
    url = url.difference_update_query(["pool_mode"])
    defaults = {key: value for key, value in _SERVER_DEFAULTS.items() if key not in url.query}
    # Behind a transaction pooler prepared statements belong to a server connection that is not ours.
    arguments: dict[str, Any] = {**defaults, **({"prepare_threshold": None} if pooled else {})}
    return create_engine(
        url,
        connect_args=arguments,
        hide_parameters=True,
        **({"poolclass": NullPool} if pooled else {"pool_size": 2, "max_overflow": 2}),
    )


def _sqlite(url: URL) -> Engine:
    path = sqlite_path(url)
    engine = create_engine(url, creator=lambda: connect_file(path), poolclass=NullPool, hide_parameters=True)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def connect_file(path: Path, *, foreign_keys: bool = True) -> sqlite3.Connection:
    """Open a SQLite file that must exist, with every guard on; one that may not be written is opened to be read."""
    if not path.is_file():
        raise SchemaError(f"There is no database file {path}.", hint="Create it with: invo init")
    connection = sqlite3.connect(
        f"file:{quote(str(path.absolute()))}?{_access(path)}",
        uri=True,
        timeout=BUSY_TIMEOUT_MS / 1000,
        isolation_level=None,
    )
    try:
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        connection.execute(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")
        connection.execute("PRAGMA recursive_triggers=ON")
        connection.execute("PRAGMA synchronous=FULL")
    except BaseException:
        connection.close()
        raise
    return connection


def _access(path: Path) -> str:
    """How a file may be opened, as options of a SQLite URI."""
    # Without the right to make files beside it a database cannot be written, and not even read unless SQLite is told
    # that nobody changes it; a -wal file says that somebody may, and that the files are made already.
    if not os.access(path.parent, os.W_OK) and not path.with_name(f"{path.name}-wal").exists():
        return "mode=ro&immutable=1"
    return "mode=rw" if os.access(path, os.W_OK) else "mode=ro"


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that later writes fails at once when another process wrote in between.
    if connection.get_execution_options().get("invo_writes", False):
        _begin_immediate(connection)
    else:
        connection.exec_driver_sql("BEGIN")


def _begin_immediate(connection: Connection) -> None:
    """Wait for the lock in short steps: Ctrl-C is heard only between two calls of SQLite."""
    until = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_STEP_MS}")
    while True:
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except OperationalError as error:
            is_busy = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
            if not is_busy or time.monotonic() > until:
                raise
        else:
            break
    connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")

"""Databases of a PostgreSQL server that are made for a purpose: one to be filled, and one to try a backup in."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from invo_cli.db import engines, faults
from invo_cli.errors import UnavailableError

_MAINTENANCE = "postgres"
_SCRATCH = "invo_scratch_"
_THERE = text("SELECT 1 FROM pg_database WHERE datname = :name")
# The name tells the server process that the run which made it is connected to.
_ABANDONED = text(f"""
SELECT datname FROM pg_database WHERE datname ~ '^{_SCRATCH}[0-9]+_[0-9a-f]+$'
    AND split_part(datname, '_', 3) NOT IN (SELECT pid::text FROM pg_stat_activity)
    AND pg_has_role(datdba, 'USAGE')
""")
_NO_RIGHT = "42501"


def spelled(url: URL) -> str:
    """The URL with its password, for connecting only."""
    return url.render_as_string(hide_password=False)


@contextmanager
def new_database(url: URL) -> Iterator[None]:
    """The database that is there, or a new one, which goes again when the block fails.

    Raises UnavailableError when it is missing and the role may not make it.
    """
    is_new = _create(url)
    try:
        yield
    except BaseException:
        if is_new:
            engines.engine_for(spelled(url)).dispose()
            with suppress(DBAPIError), _connected(url.set(database=_MAINTENANCE)) as connection:
                _drop(connection, str(url.database))
        raise


@contextmanager
def scratch_database(url: URL) -> Iterator[str | None]:
    """The URL of an empty database beside another one, gone with the block; None when the role may make none.

    Those that a killed run left behind go first.
    """
    with faults.translated(), _connected(url) as connection:
        if "pool_mode" not in url.query:  # behind a pooler nobody knows whose server process is whose
            _sweep(connection)
        process = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        name = f"{_SCRATCH}{process}_{secrets.token_hex(6)}"
        try:
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0")
        except DBAPIError as error:
            if faults.sqlstate(error) != _NO_RIGHT:
                raise
            name = ""
        if not name:
            yield None
            return
        scratch = spelled(url.set(database=name))
        try:
            yield scratch
        finally:
            engines.engine_for(scratch).dispose()
            _drop(connection, name)


def _create(url: URL) -> bool:
    """Make a missing database; False when it is there, or cannot be asked for: connecting to it will tell why."""
    if url.database in (None, _MAINTENANCE):
        return False
    try:
        with _connected(url.set(database=_MAINTENANCE)) as connection:
            if connection.execute(_THERE, {"name": url.database}).first() is not None:
                return False
            name = _quoted(str(url.database))
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
            return True
    except DBAPIError as error:
        if faults.sqlstate(error) == _NO_RIGHT:
            raise UnavailableError(
                f"There is no database {url.database}, and this role may not make one.",
                hint=f"Let its owner run: CREATE DATABASE {url.database}",
            ) from error
        return False


def _sweep(connection: Connection) -> None:
    for name in connection.execute(_ABANDONED).scalars().all():
        _drop(connection, name)


def _drop(connection: Connection, name: str) -> None:
    connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {_quoted(name)} WITH (FORCE)")


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


@contextmanager
def _connected(url: URL) -> Iterator[Connection]:
    engine = create_engine(
        url.difference_update_query(["pool_mode"]),
        isolation_level="AUTOCOMMIT",
        poolclass=NullPool,
        hide_parameters=True,
    )
    with engine.connect() as connection:
        yield connection

"""Rows into a database that was made for them, in one transaction: all of them or none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

from invo_cli.db import engines, faults
from invo_cli.db.copying import text
from invo_cli.db.copying.failing import of_driver
from invo_cli.db.copying.tables import Table, filled, remove_seeded, tables
from invo_cli.errors import ConflictError

BATCH = 1000
_DEFERRED = {"sqlite": "PRAGMA defer_foreign_keys=ON", "postgresql": "SET CONSTRAINTS ALL DEFERRED"}
_LIMITS = "SELECT set_config('statement_timeout', '0', true), set_config('lock_timeout', '10s', true)"


@contextmanager
def target(url: str) -> Iterator[Connection]:
    """A writing transaction on a freshly migrated database; committed when the block ends well.

    Raises ConflictError when it holds rows already.
    """
    engine = engines.engine_for(url)
    with faults.translated(), engine.connect().execution_options(invo_writes=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(_LIMITS)
        _require_empty(connection)
        connection.exec_driver_sql(_DEFERRED[engine.dialect.name])
        yield connection
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("ANALYZE")


def load(connection: Connection, table: Table, blocks: Iterable[bytes]) -> None:
    """Store the rows of a table; every guard of the database sees them."""
    driver: Any = connection.connection.driver_connection
    with of_driver(table.name):
        if connection.dialect.name == "sqlite":
            marks = ", ".join("?" * len(table.columns))
            insert = f'INSERT INTO "{table.name}" ({table.listed}) VALUES ({marks})'
            for rows in text.decoded(blocks, table.columns, BATCH):
                driver.executemany(insert, rows)
            return
        copying = f'COPY "{table.name}" ({table.listed}) FROM STDIN'
        with driver.cursor() as cursor, cursor.copy(copying) as copy:
            for block in blocks:
                copy.write(block)


def matched(found: list[Table], connection: Connection) -> list[Table]:
    """The tables of a source in the order in which the target takes them; both must have the same ones."""
    wanted = {table.name: table for table in found}
    here = tables(connection)
    if {(table.name, frozenset(table.columns)) for table in here} != {
        (table.name, frozenset(table.columns)) for table in found
    }:
        raise ConflictError(
            "The tables of the source are not those of its revision.", hint="See what differs with: invo db check"
        )
    return [wanted[table.name] for table in here]


def _require_empty(connection: Connection) -> None:
    """Only what the migrations themselves put in may be there, and goes: the source has it too."""
    name = filled(connection)
    if name is not None:
        raise ConflictError(
            f"The target holds rows already, in {name}.", hint="Name a new database; nothing was changed."
        )
    remove_seeded(connection)

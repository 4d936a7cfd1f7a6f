"""One snapshot of a database, from which whole tables are read in constant memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

from invo_cli.db import engines, faults
from invo_cli.db.copying import text
from invo_cli.db.copying.failing import of_driver
from invo_cli.db.copying.tables import Table

ROWS = 500
_AS_TEXT = (
    "SELECT set_config('DateStyle', 'ISO, YMD', true), set_config('TimeZone', 'UTC', true),"
    " set_config('bytea_output', 'hex', true), set_config('statement_timeout', '0', true),"
    " set_config('lock_timeout', '30s', true)"
)


@contextmanager
def snapshot(url: str) -> Iterator[Connection]:
    """A read-only connection to a database, whose statements all see the same moment."""
    engine = engines.engine_for(url)
    is_sqlite = engine.dialect.name == "sqlite"
    options: dict[str, Any] = {} if is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with faults.translated(), engine.connect().execution_options(**options) as connection:
        # The first statement takes the snapshot.
        connection.exec_driver_sql("SELECT count(*) FROM sqlite_master" if is_sqlite else _AS_TEXT)
        yield connection


def blocks(connection: Connection, table: Table) -> Iterator[bytes]:
    """All rows of a table in COPY text format."""
    driver: Any = connection.connection.driver_connection
    query = f'SELECT {table.listed} FROM "{table.name}"'
    if connection.dialect.name == "sqlite":
        yield from text.encoded(_sqlite_rows(driver, query), table.columns)
        return
    with of_driver(table.name), driver.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT") as copy:
        yield from text.gathered(bytes(line) for line in copy)


def _sqlite_rows(driver: Any, query: str) -> Iterator[Any]:
    """Rows with texts as they lie in the file, which saves reading and writing each of them again."""
    usual, driver.text_factory = driver.text_factory, bytes
    try:
        cursor = driver.execute(query)
        cursor.arraysize = ROWS
        while rows := cursor.fetchmany():
            yield from rows
    finally:
        driver.text_factory = usual

"""Rows by the thousand: COPY on PostgreSQL, the driver's executemany on SQLite, values converted as ever."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, Table
from sqlalchemy.orm import Session

from invo_cli.models import Base
from invo_cli.services.batching import as_database_errors, as_sent, driver_of

Row = Mapping[str, Any]


def write_rows(session: Session, table: str, rows: Iterable[Row]) -> None:
    """Insert rows by column name; what is left out takes the column's default, else NULL.

    Raises the errors of a database statement.
    """
    connection = session.connection()
    into = Base.metadata.tables[table]
    values = _values(into, connection.dialect)
    with as_database_errors(connection):
        _write(connection, into, map(values, rows))


def add_rows(session: Session, table: str, rows: Sequence[Row]) -> None:
    """Insert a few rows, also inside `batched`; otherwise as `write_rows`."""
    connection = session.connection()
    into = Base.metadata.tables[table]
    found = list(map(_values(into, connection.dialect), rows))
    # What is NULL everywhere is left out: psycopg reads a statement of more than 50 parameters anew each time.
    places = tuple(place for place, column in enumerate(zip(*found, strict=True)) if column.count(None) < len(found))
    text, convert = _insert(into, places, connection.dialect)
    with as_database_errors(connection):
        driver_of(connection).cursor().executemany(text, [convert(values) for values in found])


def plan_anew(session: Session) -> None:
    """Let PostgreSQL forget how it checks rows; to be called when the tables have grown in a transaction.

    Triggers and foreign keys are planned at the first row of a session. A plan made for an almost empty table reads
    all of it, for every row.
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DISCARD PLANS")


@lru_cache(256)
def _insert(
    table: Table, places: tuple[int, ...], dialect: Dialect
) -> tuple[str, Callable[[Sequence[Any]], Sequence[Any]]]:
    """The statement that inserts some of the columns, and what picks and converts their values."""
    columns = [column for place, column in enumerate(table.c) if place in places]
    names = ", ".join(dialect.identifier_preparer.quote(column.name) for column in columns)
    pick = itemgetter(*places)
    if dialect.name != "postgresql":
        return f"INSERT INTO {table.name} ({names}) VALUES ({', '.join('?' * len(places))})", pick
    return f"INSERT INTO {table.name} ({names}) VALUES ({', '.join(['%s'] * len(places))})", lambda values: as_sent(
        pick(values)
    )


def _write(connection: Connection, table: Table, values: Iterable[list[Any]]) -> None:
    driver = driver_of(connection)
    columns = ", ".join(connection.dialect.identifier_preparer.quote(column.name) for column in table.c)
    if connection.dialect.name == "postgresql":
        with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:
            for each in values:
                copy.write_row(each)
        return
    marks = ", ".join("?" * len(table.c))
    driver.executemany(f"INSERT INTO {table.name} ({columns}) VALUES ({marks})", values)


@lru_cache(64)
def _values(table: Table, dialect: Dialect) -> Callable[[Row], list[Any]]:
    """What turns a row into the values of the driver, in the order of the columns."""
    blank = {column.name: getattr(column.default, "arg", None) for column in table.c}
    in_order = itemgetter(*blank)
    converters = [(place, _converter(column.type, dialect)) for place, column in enumerate(table.c)]
    needed = [(place, convert) for place, convert in converters if convert is not None]

    def values(row: Row) -> list[Any]:
        found = list(in_order({**blank, **row}))
        for place, convert in needed:
            found[place] = convert(found[place])
        return found

    return values


def _converter(kind: Any, dialect: Dialect) -> Callable[[Any], Any] | None:
    found: Callable[[Any], Any] | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return found

"""Statements on the way of every write: compiled once, run by the driver itself, and sent together.

Between client and server every wait for an answer counts, the more so while others wait for the same lock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

Parameters = Mapping[str, int | str]
_Convert = Callable[[Any], Any]


class Answer:
    """What a statement returns; inside `batched` it may be read only after the block."""

    def __init__(self, cursor: Any, converters: tuple[_Convert | None, ...]) -> None:
        self._cursor, self._converters = cursor, converters
        self._rows: list[tuple[Any, ...]] | None = None

    @property
    def count(self) -> int:
        """How many rows were written; -1 as long as that is not known."""
        return int(self._cursor.rowcount)

    def rows(self) -> list[tuple[Any, ...]]:
        """All rows."""
        if self._rows is None:
            found = self._cursor.fetchall()
            is_plain = not any(self._converters)
            self._rows = found if is_plain else [tuple(map(_converted, self._converters, row)) for row in found]
        return self._rows

    def one(self) -> tuple[Any, ...]:
        """The only row."""
        (row,) = self.rows()
        return row


class Prepared:
    """A statement whose parameters are numbers and texts, given by name."""

    def __init__(self, statement: Any) -> None:
        self.statement = statement

    def run(self, session: Session, **parameters: int | str) -> Answer:
        """Run it; raises the errors of a database statement."""
        connection = session.connection()
        text, send, converters = _compiled(self, connection.dialect)
        cursor = driver_of(connection).cursor()
        with as_database_errors(connection):
            cursor.execute(text, send(parameters))
        answer = Answer(cursor, converters)
        if connection.dialect.name == "sqlite" and cursor.description:
            answer.rows()  # SQLite finds the rows while they are fetched: later it would find others too
        return answer


@contextmanager
def batched(session: Session) -> Iterator[None]:
    """Send the statements of the block to PostgreSQL without waiting for each; only `Prepared` ones may return rows.

    What is wrong with one of them is raised, at the latest, when the block ends.
    """
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        yield
        return
    with as_database_errors(connection), driver_of(connection).pipeline():
        yield


@contextmanager
def as_database_errors(connection: Connection) -> Iterator[None]:
    """Raise what the driver raises in the block as the error that a statement of SQLAlchemy raises."""
    errors = connection.dialect.loaded_dbapi.Error
    try:
        yield
    except errors as error:
        raise DBAPIError.instance(None, None, error, errors, dialect=connection.dialect) from error


def as_sent(values: Iterable[Any]) -> list[Any]:
    """Values for PostgreSQL, integers always as bigint: a statement is prepared for the types it was sent with."""
    from psycopg.types.numeric import Int8

    return [Int8(value) if type(value) is int else value for value in values]


def driver_of(connection: Connection) -> Any:
    """The connection of the driver itself."""
    return connection.connection.dbapi_connection


@lru_cache(64)
def _compiled(
    prepared: Prepared, dialect: Dialect
) -> tuple[str, Callable[[Parameters], Any], tuple[_Convert | None, ...]]:
    """The text for the driver, what makes its parameters, what the values it returns have to go through."""
    compiled: Any = prepared.statement.compile(dialect=dialect)
    columns = getattr(prepared.statement, "exported_columns", ())
    converters = tuple(column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns)
    names = compiled.positiontup
    if names is not None:
        return str(compiled), lambda given: [given[name] for name in names], converters
    return str(compiled), lambda given: dict(zip(given, as_sent(given.values()), strict=True)), converters


def _converted(convert: _Convert | None, value: Any) -> Any:
    return value if convert is None else convert(value)

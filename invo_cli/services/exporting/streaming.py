"""Rows out of the database as pieces of text, made by the engine itself; memory does not grow with the rows.

PostgreSQL writes them by COPY and the pieces are passed through; SQLite makes the text of each row in SQL. Both write
the same bytes: UTF-8, lines that end in a newline, in CSV and TSV a heading and quotes only where they are needed
(`""` is an empty text, nothing at all is null), in JSON Lines objects without spaces.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from sqlalchemy import Select, Text, cast, func, select, type_coerce
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from invo_cli.services.access import Right, demands
from invo_cli.services.exporting import spelling
from invo_cli.services.exporting.declaring import Field
from invo_cli.services.exporting.spelling import SEPARATORS, Style

ROWS = 512
"""In one piece."""
# JSON text holds no control character, so that these two never make COPY quote anything.
_RAW = "FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02'"


@dataclass(slots=True)
class Tally:
    """How many rows have gone out."""

    rows: int = 0


@demands(Right.EXPORT_RUN)
def blocks(
    session: Session,
    rows: Select[Any],
    fields: Sequence[Field],
    style: Style,
    *,
    tally: Tally,
    guard: bool = False,
    headed: bool = True,
) -> Iterator[bytes]:
    """The text of the rows (a SELECT made by `selecting.rows` of these fields) in pieces, under a heading if `headed`.

    `guard` puts an apostrophe before texts of CSV and TSV that a spreadsheet would take for formulas. The first rows
    are fetched before anything is given out: a database that refuses leaves the output empty.
    """
    lines = (_copied if _is_postgresql(session) else _joined)(session, rows, fields, style, guard, tally)
    yield (heading(fields, style) if headed else b"") + next(lines, b"")
    yield from lines


def heading(fields: Sequence[Field], style: Style) -> bytes:
    """The first line of CSV and TSV; JSON Lines have none."""
    return b"" if style == "jsonl" else (SEPARATORS[style].join(field.name for field in fields) + "\n").encode()


@demands(Right.EXPORT_RUN)
def cells(
    session: Session, rows: Select[Any], fields: Sequence[Field], *, tally: Tally, guard: bool = False
) -> Iterator[Sequence[str | None]]:
    """The rows one by one, each value as text or None."""
    engine = _postgresql(session) if _is_postgresql(session) else spelling.SQLite()
    texts = (type_coerce(engine.text(field, field.source, guard=guard), Text) for field in fields)
    query = rows.with_only_columns(*texts)
    with session.connection().execute(query, execution_options={"yield_per": ROWS}) as result:
        for part in result.partitions():
            tally.rows += len(part)
            yield from part


def statement(
    session: Session, rows: Select[Any], fields: Sequence[Field], style: Style, *, guard: bool
) -> Select[Any]:
    """The SELECT that makes the text: on PostgreSQL the cells that COPY writes, on SQLite whole lines."""
    if _is_postgresql(session):
        return _cells_to_copy(rows, fields, style, guard)
    return _lines(rows, fields, style, guard)


def _is_postgresql(session: Session) -> bool:
    return session.connection().dialect.name == "postgresql"


def _postgresql(session: Session) -> spelling.PostgreSQL:
    session.execute(select(func.set_config("DateStyle", "ISO, YMD", True)))
    return spelling.PostgreSQL()


def _copied(
    session: Session, rows: Select[Any], fields: Sequence[Field], style: Style, guard: bool, tally: Tally
) -> Iterator[bytes]:
    _postgresql(session)
    options = {"csv": "FORMAT csv", "tsv": "FORMAT csv, DELIMITER E'\\t'", "jsonl": _RAW}[style]
    connection = session.connection()
    compiled = _cells_to_copy(rows, fields, style, guard).compile(
        dialect=connection.dialect, compile_kwargs={"render_postcompile": True}
    )
    cursor: Any = connection.connection.cursor()
    try:
        with cursor, cursor.copy(f"COPY ({compiled}) TO STDOUT ({options})", compiled.params) as copy:
            lines = iter(copy)
            while pieces := list(islice(lines, ROWS)):  # the server sends each row by itself
                tally.rows += len(pieces)
                yield b"".join(pieces)
    except connection.dialect.dbapi.Error as error:  # type: ignore[union-attr]
        raise _as_sqlalchemy(connection, error) from error


def _cells_to_copy(rows: Select[Any], fields: Sequence[Field], style: Style, guard: bool) -> Select[Any]:
    engine = spelling.PostgreSQL()
    if style == "jsonl":
        return rows.with_only_columns(engine.json_object(fields))
    columns = [engine.cell(field, field.source, guard=guard) for field in fields]
    if len(columns) == 1:
        columns = [func.coalesce(cast(columns[0], Text), "")]  # a line with nothing in it would be no row
    return rows.with_only_columns(*columns)


def _as_sqlalchemy(connection: Any, error: Exception) -> BaseException:
    """The driver's error as SQLAlchemy would have raised it, so that it is told like every other."""
    driver = connection.connection.driver_connection
    return DBAPIError.instance(
        None,
        None,
        error,
        connection.dialect.dbapi.Error,
        hide_parameters=True,
        connection_invalidated=driver is None or bool(driver.broken),
        dialect=connection.dialect,
    )


def _joined(
    session: Session, rows: Select[Any], fields: Sequence[Field], style: Style, guard: bool, tally: Tally
) -> Iterator[bytes]:
    connection = session.connection()
    driver: Any = connection.connection.driver_connection
    driver.text_factory = bytes  # what SQLite holds is UTF-8 already
    try:
        cursor: Any = connection.execute(_lines(rows, fields, style, guard)).cursor
        while lines := cursor.fetchmany(ROWS):
            tally.rows += len(lines)
            yield b"\n".join(chain(chain.from_iterable(lines), (b"",)))
    finally:
        driver.text_factory = str


def _lines(rows: Select[Any], fields: Sequence[Field], style: Style, guard: bool) -> Select[Any]:
    engine = spelling.SQLite()
    if style == "jsonl":
        return rows.with_only_columns(engine.json_object(fields))
    alone = len(fields) == 1
    quoted = [engine.quoted(field, field.source, style, guard=guard, alone=alone) for field in fields]
    if alone:
        return rows.with_only_columns(func.coalesce(func.nullif(quoted[0], ""), '""'))
    return rows.with_only_columns(engine.joined(quoted, SEPARATORS[style]))

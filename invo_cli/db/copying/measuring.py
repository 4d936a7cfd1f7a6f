"""What two databases that hold the same must agree on: rows, money, and the last event of every book."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, inspect

from invo_cli.db.copying.tables import BOOKS, VERSION, revision, tables
from invo_cli.errors import SchemaError

Facts = Mapping[str, Any]


def measure(connection: Connection) -> dict[str, Any]:
    """The revision, rows and sums of every table, and the audit heads; what JSON can hold, sums in paise.

    Raises SchemaError for a database of another program.
    """
    _require_ours(connection)
    measured = {table.name: _measure(connection, table.name, table.sums) for table in tables(connection)}
    heads = connection.exec_driver_sql(
        "SELECT business_id, last_audit_seq, last_audit_hash FROM books ORDER BY business_id"
    )
    return {
        "revision": revision(connection),
        "tables": measured,
        "audit": [{"book": str(book), "seq": seq, "hash": last} for book, seq, last in heads],
    }


def differences(expected: Facts, found: Facts) -> Iterator[str]:
    """Every disagreement as a sentence without its full stop."""
    if expected["revision"] != found["revision"]:
        yield f"the revision is {found['revision']}, not {expected['revision']}"
    for name in sorted(expected["tables"].keys() | found["tables"].keys()):
        yield from _table(name, expected["tables"].get(name), found["tables"].get(name))
    heads = [{head["book"]: f"{head['seq']}:{head['hash']}" for head in facts["audit"]} for facts in (expected, found)]
    for book in sorted(heads[0].keys() | heads[1].keys()):
        if heads[0].get(book) != heads[1].get(book):
            yield f"the audit trail of book {book} ends at {heads[1].get(book)}, not {heads[0].get(book)}"


def _require_ours(connection: Connection) -> None:
    there = inspect(connection).get_table_names()
    if not {VERSION, BOOKS} <= set(there) or revision(connection) is None:
        raise SchemaError("The database is empty or is not an invo database.", hint="Name another one.")


def _table(name: str, expected: Facts | None, found: Facts | None) -> Iterator[str]:
    if expected is None or found is None:
        yield f"the table {name} is {'missing' if found is None else 'not expected'}"
        return
    if expected["rows"] != found["rows"]:
        yield f"{name} has {found['rows']} rows, not {expected['rows']}"
    for column, total in expected["sums"].items():
        if found["sums"].get(column) != total:
            yield f"the sum of {name}.{column} is {found['sums'].get(column)} paise, not {total}"


def _measure(connection: Connection, name: str, sums: tuple[str, ...]) -> dict[str, Any]:
    wanted = ", ".join(["count(*)", *(f'coalesce(sum("{column}"), 0)' for column in sums)])
    rows, *totals = connection.exec_driver_sql(f'SELECT {wanted} FROM "{name}"').one()
    return {"rows": rows, "sums": {column: int(total) for column, total in zip(sums, totals, strict=True)}}

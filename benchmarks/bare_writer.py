"""The yardstick of numbering: what a bare driver needs for counter, header and three lines, the counter last."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy.engine import URL, make_url

Run = Callable[[str, Any], Any]
_ISSUE = """
    UPDATE invoices SET status = 'issued', number = {0}, number_key = {0}, series = 'BARE', serial = {0},
    document_no = {0}, issued_at = created_at WHERE business_id = {0} AND id = {0}
"""
_COUNT = """
    UPDATE number_counters SET last_serial = last_serial + 1 WHERE business_id = {0} AND kind = {0}
    RETURNING last_serial
"""


def writer(text: str) -> Callable[[], None]:
    """A function that stores a copy of the invoice in the database, under the next number, and commits it."""
    url = make_url(text)
    return _sqlite(url) if url.get_backend_name() == "sqlite" else _postgresql(url)


def _sqlite(url: URL) -> Callable[[], None]:
    import sqlite3

    connection = sqlite3.connect(str(url.database), timeout=30, isolation_level=None)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    store = _storing(connection.cursor(), "?")

    def write() -> None:
        connection.execute("BEGIN IMMEDIATE")
        store()
        connection.execute("COMMIT")

    return write


def _postgresql(url: URL) -> Callable[[], None]:
    import psycopg

    connection = psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False))
    store = _storing(connection.cursor(), "%s")
    connection.commit()

    def write() -> None:
        store()
        connection.commit()

    return write


def _storing(cursor: Any, mark: str) -> Callable[[], None]:
    """The statements of one invoice, over a copy of the one that is there; the header is a draft until the last."""
    header = _row(cursor, "SELECT * FROM invoices LIMIT 1")
    line = _row(cursor, "SELECT * FROM invoice_lines LIMIT 1")
    add_header, add_line = _insert("invoices", header, mark), _insert("invoice_lines", line, mark)
    count, issue = _COUNT.format(mark), _ISSUE.format(mark)
    business, kind = header["business_id"], header["kind"]
    header |= {"status": "draft"} | dict.fromkeys(("number", "number_key", "series", "serial", "issued_at"))

    def store() -> None:
        key = time.time_ns()
        header["id"] = header["document_no"] = line["invoice_id"] = key
        cursor.execute(add_header, list(header.values()))
        cursor.executemany(add_line, [list((line | {"line_no": number}).values()) for number in (1, 2, 3)])
        ((serial,),) = cursor.execute(count, (business, kind)).fetchall()
        number = f"BARE/{serial}"
        cursor.execute(issue, (number, number, serial, serial, business, key))

    return store


def _row(cursor: Any, query: str) -> dict[str, Any]:
    values = cursor.execute(query).fetchone()
    return {column[0]: value for column, value in zip(cursor.description, values, strict=True)}


def _insert(table: str, row: dict[str, Any], mark: str) -> str:
    return f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join([mark] * len(row))})"

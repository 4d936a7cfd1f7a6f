"""What the database itself refuses, whoever asks: issued documents and the audit trail stay as they are."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing

import pytest
from sqlalchemy.engine import URL
from sqlalchemy.exc import DatabaseError, IntegrityError

from invo_cli.db import drift, engines
from tests.conftest import ON_POSTGRESQL
from tests.db import schema_facts as facts

pytestmark = pytest.mark.integration
sqlite_only = pytest.mark.skipif(ON_POSTGRESQL, reason="OR REPLACE and rowids are SQLite's")

ISSUED = "(SELECT min(id) FROM invoices WHERE status = 'issued')"
DRAFT = "(SELECT id FROM invoices WHERE status = 'draft')"
REFUSED = [
    "UPDATE audit_events SET actor = 'nobody'",
    "DELETE FROM audit_events",
    "UPDATE invoices SET total_paise = total_paise + 1, round_off_paise = round_off_paise + 1 WHERE status = 'issued'",
    "UPDATE invoices SET number = 'KA/26-27/9999' WHERE status = 'issued'",
    "UPDATE invoices SET id = id + 1 WHERE status = 'issued'",
    "UPDATE invoices SET status = 'draft', number = NULL, number_key = NULL WHERE status = 'issued'",
    "UPDATE invoices SET buyer_name = 'Somebody else' WHERE status = 'cancelled'",
    "UPDATE invoices SET status = 'issued' WHERE status = 'cancelled'",
    "UPDATE invoices SET status = 'amended' WHERE status = 'cancelled'",
    "UPDATE invoices SET status = 'draft', number = NULL, number_key = NULL WHERE status = 'cancelled'",
    "UPDATE invoices SET cancelled_at = NULL WHERE status = 'cancelled'",
    "UPDATE invoices SET cancelled_on = '2026-10-06' WHERE status = 'cancelled'",
    "UPDATE invoices SET cancelled_on = NULL WHERE status = 'cancelled'",
    "UPDATE invoices SET cancel_reason = 'Another' WHERE status = 'cancelled'",
    "UPDATE invoices SET status = 'cancelled', number = 'X', number_key = 'X' WHERE status = 'draft'",
    "DELETE FROM invoices WHERE status = 'issued'",
    "UPDATE invoice_lines SET description = 'Something else'",
    f"UPDATE invoice_lines SET invoice_id = {ISSUED}, line_no = line_no + 10 WHERE invoice_id = {DRAFT}",
    "DELETE FROM invoice_lines",
]
REFUSED_BY_ENGINE = (
    ["TRUNCATE audit_events CASCADE", "TRUNCATE invoices CASCADE", "TRUNCATE invoice_lines"] if ON_POSTGRESQL else []
)


def test_the_guards_are_those_that_the_program_counts_on(database_url: URL) -> None:
    engine = "postgresql" if ON_POSTGRESQL else "sqlite"
    assert facts.triggers(database_url) == drift.TRIGGERS[engine]


@pytest.mark.parametrize("statement", REFUSED + REFUSED_BY_ENGINE)
def test_the_database_itself_refuses_to_alter_the_books(filled_url: URL, statement: str) -> None:
    before = facts.rows(filled_url)
    with facts.connect(filled_url, writes=True) as connection, pytest.raises(DatabaseError, match=r"append-only|never"):
        connection.exec_driver_sql(statement)
    assert facts.rows(filled_url) == before


@pytest.mark.parametrize("status", ["issued", "cancelled"])
def test_no_line_is_added_to_a_document_once_issued(filled_url: URL, status: str) -> None:
    which = f"invoice_id = (SELECT min(id) FROM invoices WHERE status = '{status}') AND line_no = 1"
    added = copied("invoice_lines", which, "line_no = 9")
    with facts.connect(filled_url, writes=True) as connection:
        for statement in added:
            assert connection.exec_driver_sql(statement).rowcount != 0
        with pytest.raises(DatabaseError, match="never changed"):
            connection.exec_driver_sql("INSERT INTO invoice_lines SELECT * FROM copy")


def test_a_draft_takes_lines_and_no_line_stays_without_its_document(filled_url: URL) -> None:
    with facts.connect(filled_url, writes=True) as connection:
        with connection.begin():
            for statement in copied("invoice_lines", f"invoice_id = {DRAFT} AND line_no = 1", "line_no = 9"):
                connection.exec_driver_sql(statement)
            assert connection.exec_driver_sql("INSERT INTO invoice_lines SELECT * FROM copy").rowcount == 1
        transaction = connection.begin()
        connection.exec_driver_sql("UPDATE copy SET invoice_id = 1")
        connection.exec_driver_sql("INSERT INTO invoice_lines SELECT * FROM copy")
        with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
            transaction.commit()


def test_the_database_lets_through_what_may_change(filled_url: URL) -> None:
    with facts.connect(filled_url, writes=True) as connection, connection.begin():
        changed = connection.exec_driver_sql("UPDATE invoices SET is_deleted = NOT is_deleted WHERE status <> 'draft'")
        issued = connection.exec_driver_sql("SELECT count(*) FROM invoices WHERE status <> 'draft'").scalar_one()
        assert changed.rowcount == issued > 1
        changed = connection.exec_driver_sql("UPDATE invoices SET buyer_name = 'Ravi' WHERE status = 'draft'")
        assert changed.rowcount > 0
        changed = connection.exec_driver_sql(
            "UPDATE invoices SET status = 'cancelled', cancelled_on = '2026-10-06' WHERE status = 'issued'"
        )
        assert changed.rowcount > 0


NUMBER = f"(SELECT number_key FROM invoices WHERE id = {ISSUED})"
KEYS = {
    "primary key": f"id = {ISSUED}, document_no = 900",
    "document number": f"id = 900, document_no = (SELECT document_no FROM invoices WHERE id = {ISSUED})",
    "number": f"id = 900, document_no = 900, status = 'issued', number = 'X', number_key = {NUMBER}",
}


@sqlite_only
@pytest.mark.parametrize("key", KEYS)
def test_no_document_is_put_in_the_place_of_an_issued_one(filled_url: URL, key: str) -> None:
    refused(filled_url, *copied("invoices", "status = 'draft'", KEYS[key]), REPLACE.format("invoices"))


@sqlite_only
@pytest.mark.parametrize("key", KEYS)
def test_no_draft_moves_into_the_place_of_an_issued_document(filled_url: URL, key: str) -> None:
    refused(filled_url, f"UPDATE OR REPLACE invoices SET {KEYS[key]} WHERE status = 'draft'")


REPLACE = "INSERT OR REPLACE INTO {0} SELECT * FROM copy"
OF_ISSUED = f"(SELECT min(rowid) FROM invoice_lines WHERE invoice_id = {ISSUED})"


@sqlite_only
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT OR REPLACE INTO audit_events SELECT * FROM audit_events",
        "INSERT OR REPLACE INTO invoice_lines SELECT * FROM invoice_lines",
        f"UPDATE OR REPLACE invoice_lines SET invoice_id = {ISSUED} WHERE invoice_id = {DRAFT}",
        f"UPDATE OR REPLACE invoice_lines SET rowid = {OF_ISSUED} WHERE invoice_id = {DRAFT} AND line_no = 1",
        "UPDATE OR REPLACE invoices SET rowid = (SELECT min(rowid) FROM invoices WHERE status = 'issued')"
        " WHERE status = 'draft'",
    ],
)
def test_nothing_is_replaced_behind_the_back_of_a_trigger(filled_url: URL, statement: str) -> None:
    refused(filled_url, statement)


@sqlite_only
@pytest.mark.parametrize(
    ("table", "which", "change", "rowid"),
    [
        ("audit_events", "seq = 1 AND business_id = 0", "seq = 900", "1"),
        ("invoices", "status = 'draft'", "id = 900, document_no = 900", "(SELECT min(rowid) FROM invoices)"),
        ("invoice_lines", f"invoice_id = {DRAFT} AND line_no = 1", "line_no = 9", OF_ISSUED),
    ],
)
def test_no_row_takes_the_place_of_another_by_its_rowid(
    filled_url: URL, table: str, which: str, change: str, rowid: str
) -> None:
    columns = ", ".join(facts.rows(filled_url)[table][0])
    replace = f"INSERT OR REPLACE INTO {table} (rowid, {columns}) SELECT {rowid}, {columns} FROM copy"
    refused(filled_url, *copied(table, which, change), replace)


def copied(table: str, which: str, change: str) -> Sequence[str]:
    """Statements that leave changed copies of rows in the table `copy`."""
    return (
        f"CREATE TEMPORARY TABLE copy AS SELECT * FROM {table} WHERE {which}",
        f"UPDATE copy SET {change}",
    )


def refused(url: URL, *statements: str) -> None:
    """The last statement is refused on a connection as any other program opens it, and changes nothing."""
    before = facts.rows(url)
    with closing(sqlite3.connect(engines.sqlite_path(url))) as connection:
        for statement in statements[:-1]:
            assert connection.execute(statement).rowcount != 0
        with pytest.raises(sqlite3.IntegrityError, match=r"append-only|never"):
            connection.execute(statements[-1])
        connection.rollback()
    assert facts.rows(url) == before

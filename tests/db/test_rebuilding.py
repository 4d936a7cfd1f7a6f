"""A rebuilt SQLite table keeps everything but what was to be changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import NullPool

from invo_cli.db.rebuilding import keeping_schema
from invo_cli.db.table_rebuild import rebuild
from invo_cli.errors import SchemaError

pytestmark = pytest.mark.unit
SCHEMA = """
CREATE TABLE parts (
  id INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT COLLATE NOCASE NOT NULL, price INT DEFAULT 5, kind TEXT,
  doubled INT GENERATED ALWAYS AS (price * 2) STORED,
  CHECK (price >= 0), CONSTRAINT ck_kind CHECK (kind IN ('a', 'b'))
);
CREATE TABLE uses (part_id INT NOT NULL REFERENCES parts (id) ON DELETE CASCADE, note TEXT);
CREATE TABLE plain (business INT NOT NULL, name TEXT, CONSTRAINT pk_plain PRIMARY KEY (business, name));
CREATE TABLE keyed (name TEXT PRIMARY KEY, kind TEXT CHECK (kind <> 'x')) WITHOUT ROWID;
CREATE TABLE exact (id INT PRIMARY KEY, kind TEXT CHECK (kind <> 'x')) STRICT;
CREATE TABLE log (text TEXT);
CREATE INDEX ix_dear ON parts (price DESC) WHERE price > 3;
CREATE UNIQUE INDEX ix_lower ON parts (lower(code));
CREATE TRIGGER parts_noted AFTER UPDATE ON parts BEGIN INSERT INTO log VALUES ('changed ' || NEW.code); END;
CREATE TRIGGER uses_noted AFTER INSERT ON uses BEGIN INSERT INTO log SELECT code FROM parts WHERE id = NEW.part_id; END;
CREATE VIEW codes AS SELECT code FROM parts;
INSERT INTO parts (id, code, price, kind) VALUES (3, 'X', 7, 'a'), (9, 'Y', 1, NULL), (12, 'Z', 2, 'b');
DELETE FROM parts WHERE id = 12;
INSERT INTO uses VALUES (3, 'one'), (9, 'two');
INSERT INTO plain (rowid, business, name) VALUES (5, 1, 'five'), (2, 1, 'two');
INSERT INTO keyed VALUES ('k', 'a');
INSERT INTO exact VALUES (1, 'a');
DELETE FROM log;
"""
CHANGE = {"kind IN ('a', 'b')": "kind IN ('a', 'b', 'c')"}


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[Connection]:
    """A transaction as migrations have it, over a file with every kind of thing that a rebuild may lose."""
    path = tmp_path / "scratch.db"
    with closing(sqlite3.connect(path)) as made:
        made.executescript(SCHEMA)
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(path, isolation_level=None), poolclass=NullPool)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    with engine.connect() as connection, connection.begin():
        yield connection


def every(connection: Connection, query: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in connection.exec_driver_sql(query)]


def objects(connection: Connection) -> dict[object, object]:
    query = "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
    return {name: sql for name, sql in every(connection, query)}


def test_rows_ids_children_and_generated_columns_stay(scratch: Connection) -> None:
    parts, uses = every(scratch, "SELECT * FROM parts"), every(scratch, "SELECT rowid, * FROM uses")
    rebuild(scratch, "parts", CHANGE)
    assert every(scratch, "SELECT * FROM parts") == parts
    assert every(scratch, "SELECT rowid, * FROM uses") == uses
    scratch.exec_driver_sql("INSERT INTO parts (code, price, kind) VALUES ('Q', 4, 'c')")
    assert every(scratch, "SELECT doubled FROM parts WHERE code = 'q'") == [(8,)]


def test_an_id_that_was_given_is_not_given_again(scratch: Connection) -> None:
    rebuild(scratch, "parts", CHANGE)
    scratch.exec_driver_sql("INSERT INTO parts (code) VALUES ('NEW')")
    assert every(scratch, "SELECT id FROM parts WHERE code = 'NEW'") == [(13,)]


def test_an_emptied_table_remembers_its_last_id(scratch: Connection) -> None:
    scratch.exec_driver_sql("DELETE FROM uses")
    scratch.exec_driver_sql("DELETE FROM parts")
    rebuild(scratch, "parts", CHANGE)
    scratch.exec_driver_sql("INSERT INTO parts (code) VALUES ('NEW')")
    assert every(scratch, "SELECT id FROM parts") == [(13,)]


def test_everything_beside_the_table_stays_as_it_was_written(scratch: Connection) -> None:
    before = objects(scratch)
    rebuild(scratch, "parts", CHANGE)
    after = objects(scratch)
    assert {name for name in before if before[name] != after.get(name)} == {"parts"}
    assert after.keys() == before.keys()
    assert "COLLATE NOCASE" in str(after["parts"])
    assert "AUTOINCREMENT" in str(after["parts"])


def test_triggers_views_and_unnamed_checks_still_work(scratch: Connection) -> None:
    rebuild(scratch, "parts", CHANGE)
    scratch.exec_driver_sql("UPDATE parts SET price = 8 WHERE code = 'x'")
    scratch.exec_driver_sql("INSERT INTO uses VALUES (9, 'three')")
    assert every(scratch, "SELECT text FROM log") == [("changed X",), ("Y",)]
    assert every(scratch, "SELECT * FROM codes ORDER BY 1") == [("X",), ("Y",)]
    with pytest.raises(IntegrityError, match="price >= 0"):
        scratch.exec_driver_sql("UPDATE parts SET price = -1")


def test_row_ids_that_are_no_column_stay(scratch: Connection) -> None:
    before = every(scratch, "SELECT rowid, * FROM plain ORDER BY rowid")
    rebuild(scratch, "plain", {"name TEXT": "name TEXT NOT NULL"})
    assert every(scratch, "SELECT rowid, * FROM plain ORDER BY rowid") == before


@pytest.mark.parametrize("table", ["keyed", "exact"])
def test_tables_of_other_kinds_stay_what_they_are(scratch: Connection, table: str) -> None:
    before = every(scratch, f"SELECT * FROM {table}")
    rebuild(scratch, table, {"kind <> 'x'": "kind <> 'y'"})
    assert every(scratch, f"SELECT * FROM {table}") == before
    assert str(objects(scratch)[table]).endswith(("WITHOUT ROWID", "STRICT"))


def test_a_column_may_come_and_go(scratch: Connection) -> None:
    rebuild(scratch, "plain", {"name TEXT,": "name TEXT, city TEXT DEFAULT 'Pune',"})
    assert every(scratch, "SELECT city FROM plain") == [("Pune",), ("Pune",)]
    rebuild(scratch, "plain", {" city TEXT DEFAULT 'Pune',": ""})
    assert "city" not in str(objects(scratch)["plain"])


@pytest.mark.parametrize("part", ["kind IN ('z')", "TEXT"])
def test_a_change_that_does_not_fit_once_is_refused(scratch: Connection, part: str) -> None:
    with pytest.raises(SchemaError, match="does not have this once"):
        rebuild(scratch, "parts", {part: "x"})


def test_rows_that_a_new_check_refuses_stop_it(scratch: Connection) -> None:
    with pytest.raises(IntegrityError, match="ck_kind"):
        rebuild(scratch, "parts", {"kind IN ('a', 'b')": "kind IN ('b')"})


def test_foreign_keys_must_be_off(tmp_path: Path) -> None:
    with create_engine(f"sqlite:///{tmp_path / 'other.db'}", poolclass=NullPool).connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")
        with pytest.raises(SchemaError, match="foreign keys off"):
            rebuild(connection, "parts", CHANGE)


def by_hand(connection: Connection, *, made: str) -> None:
    """Rebuild the parts as Alembic does: from what it knows of the table."""
    connection.exec_driver_sql(f"CREATE TABLE _alembic_tmp_parts ({made})")
    connection.exec_driver_sql("INSERT INTO _alembic_tmp_parts SELECT id, code, price, kind FROM parts")
    connection.exec_driver_sql("DROP TABLE parts")
    connection.exec_driver_sql("ALTER TABLE _alembic_tmp_parts RENAME TO parts")
    connection.exec_driver_sql("CREATE INDEX ix_dear ON parts (price)")


def test_what_alembics_rebuild_forgets_of_indexes_and_triggers_is_put_back(scratch: Connection) -> None:
    kept = {name: sql for name, sql in objects(scratch).items() if name != "parts"}
    with keeping_schema(scratch):
        by_hand(
            scratch,
            made="id INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT COLLATE NOCASE, price INT, kind TEXT,"
            " doubled INT GENERATED ALWAYS AS (price * 2)",
        )
    assert {name: sql for name, sql in objects(scratch).items() if name != "parts"} == kept


def test_what_cannot_be_put_back_is_refused(scratch: Connection) -> None:
    with (
        pytest.raises(SchemaError, match="lose AUTOINCREMENT, COLLATE, GENERATED of the table parts"),
        keeping_schema(scratch),
    ):
        by_hand(scratch, made="id INTEGER PRIMARY KEY, code TEXT, price INT, kind TEXT")

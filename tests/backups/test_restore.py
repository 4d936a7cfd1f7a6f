"""db restore: the books come back in a new database, also when the old one is lost."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import zstandard
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError

from invo_cli.db.copying import making
from invo_cli.db.engines import engine_for
from invo_cli.db.head import REVISIONS
from invo_cli.db.urls import normalise
from tests.backups.conftest import NewUrl
from tests.backups.making import back_up, manifest_of, proof
from tests.backups.test_copy import exports, plain
from tests.conftest import ON_POSTGRESQL, Invo
from tests.db import schema_facts as facts

pytestmark = pytest.mark.integration


def restored(invo: Invo, backup: Path, target: str) -> None:
    done = invo("db", "restore", str(backup), "--to", target)
    assert done.exit_code == 0, done.stderr
    assert "Use it with: INVO_DATABASE_URL=" in done.stderr


def drill(books: Invo, target: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Back up, restore, and compare rows and exports; the backup."""
    source = os.environ["INVO_DATABASE_URL"]
    before = exports(books, source, monkeypatch)
    rows = plain(facts.rows(normalise(source)))
    backup = back_up(books)
    restored(books, backup, target)
    assert plain(facts.rows(normalise(target))) == rows
    assert exports(books, target, monkeypatch) == before
    for check in (["audit", "verify"], ["series", "audit"]):
        assert books(*check).exit_code == 0
    schema = books("db", "check", "-o", "json").stdout
    monkeypatch.setenv("INVO_DATABASE_URL", source)
    if normalise(source).drivername == normalise(target).drivername:
        assert books("db", "check", "-o", "json").stdout == schema
    return backup


def test_the_drill(books: Invo, new_url: NewUrl, monkeypatch: pytest.MonkeyPatch) -> None:
    drill(books, new_url("drill"), monkeypatch)


@pytest.mark.skipif(not ON_POSTGRESQL, reason="about PostgreSQL's programs")
def test_the_drill_with_pg_dump(
    books: Invo, new_url: NewUrl, pg_dump: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    backup = drill(books, new_url("dump"), monkeypatch)
    refused = books("db", "restore", str(backup), "--to", f"sqlite:///{tmp_path / 'never.db'}")
    assert (refused.exit_code, list(tmp_path.glob("*never*"))) == (3, [])


def test_the_drill_on_the_other_engine(
    books: Invo, no_pg_dump: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, new_url: NewUrl
) -> None:
    drill(books, f"sqlite:///{tmp_path / 'file.db'}", monkeypatch)  # from PostgreSQL by a portable archive
    drill(books, new_url("back"), monkeypatch)  # and a SQLite file into PostgreSQL


def test_a_lost_database_is_restored_without_signing_in(
    books: Invo, new_url: NewUrl, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    backup = back_up(books, "--out", str(tmp_path / "safe"))
    monkeypatch.delenv("INVO_TOKEN")
    monkeypatch.setenv("INVO_HOME", str(tmp_path / "new machine"))
    monkeypatch.setenv("INVO_DATABASE_URL", f"sqlite:///{tmp_path / 'gone.db'}")
    restored(books, backup, new_url("found"))


def test_nothing_is_overwritten(books: Invo, new_url: NewUrl) -> None:
    backup, target = back_up(books), new_url("once")
    restored(books, backup, target)
    rows = plain(facts.rows(normalise(target)))
    done = books("db", "restore", str(backup), "--to", target)
    assert (done.exit_code, done.stdout) == (5, "")
    assert plain(facts.rows(normalise(target))) == rows


def test_a_damaged_backup_makes_no_database(books: Invo, tmp_path: Path) -> None:
    backup = back_up(books)
    backup.write_bytes(backup.read_bytes()[:-5])
    done = books("db", "restore", str(backup), "--to", f"sqlite:///{tmp_path / 'never.db'}")
    assert done.exit_code == 10
    assert not list(tmp_path.glob("*never*"))


@pytest.mark.parametrize(("name", "status"), [("none.sqlite.zst", 4), ("notes.txt", 3), ("folder", 4)])
def test_what_is_no_backup_is_refused(books: Invo, tmp_path: Path, name: str, status: int) -> None:
    (tmp_path / "notes.txt").write_text("notes")
    (tmp_path / "folder").mkdir()
    done = books("db", "restore", str(tmp_path / name), "--to", f"sqlite:///{tmp_path / 'never.db'}")
    assert done.exit_code == status
    assert not list(tmp_path.glob("*never*"))


@pytest.mark.parametrize("tables", ["CREATE TABLE a (b)", "CREATE TABLE alembic_version (version_num)"])
def test_a_backup_of_another_program_is_no_proof_and_makes_no_database(
    books: Invo, tmp_path: Path, tables: str
) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute(tables)
        other.commit()
    backup = tmp_path / "invo-other.sqlite.zst"
    backup.write_bytes(zstandard.compress((tmp_path / "other.db").read_bytes()))
    assert proof(books, backup)["findings"] == ["The database is empty or is not an invo database"]
    done = books("db", "restore", str(backup), "--to", f"sqlite:///{tmp_path / 'never.db'}")
    assert (done.exit_code, list(tmp_path.glob("*never*"))) == (8, [])


@pytest.mark.skipif(not ON_POSTGRESQL, reason="a file is put in its place at the end")
class TestOnAServer:
    """A database is filled in its own place there."""

    @pytest.mark.parametrize("revision", ["base", REVISIONS[2], REVISIONS[-1]])
    def test_the_tables_that_a_killed_run_made_are_used_by_the_next(
        self, books: Invo, new_url: NewUrl, no_pg_dump: None, revision: str
    ) -> None:
        backup, target = back_up(books), new_url("begun")
        with making.new_database(target):
            if revision == "base":
                with engine_for(target).begin() as connection:
                    connection.exec_driver_sql("CREATE TABLE alembic_version (version_num varchar(32) NOT NULL)")
            else:
                making.migrate(target, revision)
        restored(books, backup, target)

    def test_an_older_database_that_somebody_works_in_is_never_touched(
        self, books: Invo, new_url: NewUrl, no_pg_dump: None
    ) -> None:
        backup, target = back_up(books), new_url("older")
        with making.new_database(target):
            making.migrate(target, REVISIONS[2])
        with engine_for(target).begin() as connection:
            connection.exec_driver_sql("INSERT INTO books (business_id, last_audit_hash) VALUES (7, '')")
        assert books("db", "restore", str(backup), "--to", target).exit_code == 5
        with engine_for(target).connect() as connection:
            assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == REVISIONS[2]

    def test_a_restore_that_fails_removes_the_database_it_made(
        self, books: Invo, new_url: NewUrl, pg_dump: None
    ) -> None:
        backup, target = back_up(books), new_url("never")
        manifest_of(backup).unlink()
        backup.write_bytes(backup.read_bytes()[:-500])
        assert books("db", "restore", str(backup), "--to", target).exit_code == 10
        with pytest.raises(OperationalError, match="does not exist"), engine_for(target).connect():
            pass

    def test_a_restore_that_fails_leaves_the_database_that_was_there(
        self, books: Invo, new_url: NewUrl, pg_dump: None
    ) -> None:
        backup, target = back_up(books), new_url("there")
        with making.new_database(target):
            pass
        manifest_of(backup).unlink()
        backup.write_bytes(backup.read_bytes()[:-500])
        assert books("db", "restore", str(backup), "--to", target).exit_code == 10
        assert making.is_without_tables(target)


def test_an_older_revision_is_restored_and_can_then_be_upgraded(
    invo: Invo, new_url: NewUrl, monkeypatch: pytest.MonkeyPatch, database_url: URL
) -> None:
    assert invo("db", "downgrade", REVISIONS[-3], "--yes").exit_code == 0
    backup, target = back_up(invo), new_url("older")
    restored(invo, backup, target)
    monkeypatch.setenv("INVO_DATABASE_URL", target)
    assert invo("db", "upgrade").exit_code == 0
    assert invo("audit", "verify").exit_code == 0

"""The doctor."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import URL
from typer.testing import CliRunner

from invo_cli.cli import app
from invo_cli.db.head import REVISIONS
from tests.conftest import ON_POSTGRESQL, Invo
from tests.db import schema_facts as facts

pytestmark = pytest.mark.integration
sqlite_only = pytest.mark.skipif(ON_POSTGRESQL, reason="about SQLite files")


def examine(status: int = 0) -> dict[str, dict[str, Any]]:
    done = CliRunner().invoke(app, ["doctor", "-o", "json"])
    assert done.exit_code == status, done.stderr
    rows = json.loads(done.stdout)
    assert all(set(row) == {"check", "status", "detail", "fix"} for row in rows)
    assert all((row["fix"] is None) == (row["status"] == "ok") for row in rows)
    return {row["check"]: row for row in rows}


@pytest.fixture
def healthy(counter: Invo) -> Invo:
    counter("user", "create", "asha", "--role", "admin", "--password-stdin", input="correct horse")
    return counter


def test_a_machine_in_order_has_no_complaint(healthy: Invo) -> None:
    found = examine()
    common = {"python", "libraries", "home", "disk", "database", "schema", "triggers", "clock", "businesses", "users"}
    assert common <= set(found)
    # A fresh environment is not compiled yet; the tests' server is reached as its superuser, and without a folder.
    allowed = {"bytecode"} | ({"role", "home"} if ON_POSTGRESQL else set())
    assert {name for name, row in found.items() if row["status"] != "ok"} <= allowed
    assert "sqlalchemy 2." in found["libraries"]["detail"]
    assert "ms" in found["database"]["detail"]


def test_warnings_alone_are_no_failure(invo: Invo) -> None:
    found = examine()
    assert (found["users"]["status"], found["businesses"]["status"]) == ("warn", "warn")
    assert "invo user create" in found["users"]["fix"]


def test_an_older_schema_fails(counter: Invo) -> None:
    counter("db", "downgrade", REVISIONS[0], "--yes")
    found = examine(10)
    assert (found["schema"]["status"], found["schema"]["fix"]) == ("fail", "Migrate it with: invo db upgrade")


def test_a_missing_guard_fails(healthy: Invo, database_url: URL) -> None:
    with facts.connect(database_url, writes=True) as connection, connection.begin():
        connection.exec_driver_sql("DROP TRIGGER invoices_no_delete" + (" ON invoices" if ON_POSTGRESQL else ""))
    assert "invoices_no_delete" in examine(10)["triggers"]["detail"]


def test_a_clock_before_the_newest_record_is_doubted(healthy: Invo, monkeypatch: pytest.MonkeyPatch) -> None:
    assert examine()["clock"]["status"] == "ok"
    monkeypatch.setenv("INVO_NOW", "2020-01-01")
    assert examine()["clock"]["status"] == "warn"


def test_a_server_that_is_away_fails_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_DATABASE_URL", "postgresql://asha:c4nary@127.0.0.1:1/books")
    found = examine(10)
    assert found["database"]["status"] == "fail"
    assert "schema" not in found
    assert "c4nary" not in json.dumps(found)


def test_nothing_set_up_yet_fails_with_the_way_out(home: Path) -> None:
    found = examine(10)
    assert (found["home"]["status"], found["home"]["fix"]) == ("warn", "Run: invo init")
    assert found["database"]["fix"] == "Create it with: invo init"


@sqlite_only
def test_files_that_others_may_read_are_doubted(healthy: Invo, home: Path) -> None:
    home.chmod(0o755)
    (home / "invo.db").chmod(0o644)
    found = examine()
    assert found["home"]["fix"] == f"Run: chmod 700 '{home}'"
    assert found["database file"]["fix"] == f"Run: chmod 600 '{home / 'invo.db'}'"


@sqlite_only
def test_a_journal_that_is_not_wal_is_doubted(healthy: Invo, database_url: URL) -> None:
    assert examine()["journal"]["detail"].startswith("wal mode, ")
    with facts.connect(database_url) as connection:
        connection.connection.dbapi_connection.execute("PRAGMA journal_mode=DELETE")  # type: ignore[union-attr]
    assert examine()["journal"]["status"] == "warn"


@sqlite_only
def test_a_damaged_file_fails(healthy: Invo, home: Path) -> None:
    (home / "invo.db").write_bytes(b"no database " * 1000)
    assert "damaged" in examine(10)["database"]["detail"]


@sqlite_only
def test_a_writer_is_told_as_a_lock(healthy: Invo, database_url: URL) -> None:
    assert examine()["locks"]["detail"] == "none held"
    with facts.connect(database_url, writes=True) as connection, connection.begin():
        assert examine()["locks"]["detail"] == "1 open transaction of other runs"


@pytest.mark.skipif(not ON_POSTGRESQL, reason="about sessions of a server")
def test_a_session_that_waits_is_told(healthy: Invo, database_url: URL) -> None:
    with facts.connect(database_url) as connection, connection.begin():
        connection.exec_driver_sql("SELECT 1")
        assert "1 open transaction" in examine()["locks"]["detail"]


def test_a_backup_is_asked_for_once_there_is_something_to_lose(healthy: Invo, monkeypatch: pytest.MonkeyPatch) -> None:
    assert examine()["backup"]["detail"] == "none yet, the database is new"
    later = datetime.now(UTC) + timedelta(days=3)
    monkeypatch.setenv("INVO_NOW", later.isoformat())
    assert (examine()["backup"]["status"], examine()["backup"]["detail"]) == ("warn", "never")
    monkeypatch.delenv("INVO_NOW")
    healthy("auth", "login", "asha", "--password-stdin", input="correct horse")
    assert healthy("db", "backup").exit_code == 0
    assert examine()["backup"] == {"check": "backup", "status": "ok", "detail": "0 min ago", "fix": None}


def test_an_export_that_failed_or_is_late_is_told(
    counter: Invo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter("item", "create", "--name", "Screen", "--hsn", "85177090", "--price", "2000")
    counter("export", "job", "create", "nightly", "items", "--out", str(tmp_path / "items.csv"))
    assert examine()["exports"]["detail"] == "no job has run"
    assert counter("export", "job", "run", "nightly").exit_code == 0
    assert examine()["exports"]["detail"] == "1 job, the last ran 0 min ago"
    counter("export", "job", "run", "nightly")
    monkeypatch.setenv("INVO_NOW", (datetime.now(UTC) + timedelta(days=2)).isoformat())
    assert "usually every 0 min" in examine()["exports"]["detail"]
    (tmp_path / "items.csv").write_text("somebody else's")
    counter("item", "create", "--name", "Fan", "--hsn", "84145120", "--price", "100")
    assert counter("export", "job", "run", "nightly").exit_code != 0
    found = examine(10)["exports"]
    assert (found["status"], found["fix"]) == ("fail", "See why: invo export job show nightly")


def test_a_trail_that_nobody_proves_is_told(healthy: Invo, monkeypatch: pytest.MonkeyPatch) -> None:
    assert examine()["audit"]["status"] == "ok"
    monkeypatch.setenv("INVO_NOW", (datetime.now(UTC) + timedelta(days=40)).isoformat())
    assert examine()["audit"]["fix"].startswith("Run: invo verify")


def test_a_sign_in_that_others_may_read_is_doubted(healthy: Invo, home: Path) -> None:
    healthy("auth", "login", "asha", "--password-stdin", input="correct horse")
    (secret,) = (home / "sign-ins").iterdir()
    assert examine()["sign-ins"]["status"] == "ok"
    secret.chmod(0o644)
    assert examine()["sign-ins"]["fix"] == f"Run: chmod 600 '{secret}'"

"""The db noun."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import URL
from typer.testing import CliRunner, Result

from invo_cli.cli import app
from invo_cli.db.head import HEAD, REVISIONS
from tests.conftest import ON_POSTGRESQL, Invo
from tests.database import ROOT
from tests.db import schema_facts as facts

pytestmark = pytest.mark.integration
sqlite_only = pytest.mark.skipif(ON_POSTGRESQL, reason="about SQLite files")


def record(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.stderr
    return dict(json.loads(result.stdout))


def test_upgrade_runs_what_is_pending_and_notes_it_in_the_trail(
    empty_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INVO_DATABASE_URL", empty_url.render_as_string(hide_password=False))
    done = CliRunner().invoke(app, ["db", "upgrade", "-o", "json"])
    row = record(done)
    assert (row["revision"], row["previous"], row["run"]) == (HEAD, "base", list(REVISIONS))
    assert done.stderr.splitlines() == [f"Ran {revision}." for revision in REVISIONS]
    events = facts.rows(empty_url)["audit_events"]
    assert [(event["business_id"], event["action"]) for event in events] == [(0, "db.upgrade")]
    assert json.loads(events[0]["after"]) == {"revision": HEAD}


def test_upgrade_at_the_head_is_nothing_to_do(invo: Invo) -> None:
    done = invo("db", "upgrade", "-o", "json")
    assert record(done)["run"] == []
    assert done.stderr == "Nothing to do.\n"


def test_upgrade_stops_at_the_revision_that_is_named(empty_url: URL, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_DATABASE_URL", empty_url.render_as_string(hide_password=False))
    done = CliRunner().invoke(app, ["db", "upgrade", REVISIONS[0], "-o", "name"])
    assert done.stdout == f"{REVISIONS[0]}\n"
    row = record(CliRunner().invoke(app, ["db", "current", "-o", "json"]))
    assert (row["revision"], row["head"], row["pending"]) == (REVISIONS[0], HEAD, list(REVISIONS[1:]))


def test_a_dry_run_names_what_would_be_run(invo: Invo, database_url: URL) -> None:
    invo("db", "downgrade", REVISIONS[0], "--yes")
    row = record(invo("db", "upgrade", "--dry-run", "-o", "json"))
    assert (row["run"], row["dry_run"]) == (list(REVISIONS[1:]), True)
    assert record(invo("db", "current", "-o", "json"))["revision"] == REVISIONS[0]


def test_a_downgrade_names_what_would_be_lost_and_needs_a_yes(counter: Invo, database_url: URL) -> None:
    refused = counter("db", "downgrade", "base")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "table businesses (1 row)" in refused.stderr
    assert "column invoices.is_deleted (0 rows)" in refused.stderr
    planned = record(counter("db", "downgrade", REVISIONS[0], "--dry-run", "-o", "json"))
    assert "column invoices.is_deleted (0 rows)" in planned["lost"]
    assert not [lost for lost in planned["lost"] if lost.startswith("table businesses ")]
    assert record(counter("db", "current", "-o", "json"))["revision"] == HEAD


def test_a_downgrade_is_noted_before_it_happens(counter: Invo, database_url: URL) -> None:
    row = record(counter("db", "downgrade", REVISIONS[0], "--yes", "-o", "json"))
    assert (row["revision"], row["previous"], row["run"]) == (REVISIONS[0], HEAD, list(reversed(REVISIONS[1:])))
    events = [event for event in facts.rows(database_url)["audit_events"] if event["business_id"] == 0]
    assert [event["action"] for event in events] == ["db.downgrade"]
    assert record(counter("db", "upgrade", "-o", "json"))["run"] == list(REVISIONS[1:])


@pytest.mark.parametrize("command", ["upgrade", "downgrade", "stamp"])
@pytest.mark.parametrize("revision", ["nonsense", "20240101_0001", "+1", "x' OR 1=1"])
def test_a_revision_that_does_not_exist_is_not_found(invo: Invo, command: str, revision: str) -> None:
    refused = invo("db", command, revision, "--yes")
    assert (refused.exit_code, refused.stdout) == (4, "")
    assert refused.stderr.splitlines()[1] == "hint: See: invo db history"


def test_going_down_to_a_newer_revision_is_a_conflict(invo: Invo) -> None:
    invo("db", "downgrade", REVISIONS[0], "--yes")
    assert invo("db", "downgrade", HEAD, "--yes").exit_code == 5


def test_history_and_heads_need_no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nowhere")
    history = json.loads(CliRunner().invoke(app, ["db", "history", "-o", "json"]).stdout)
    assert [row["revision"] for row in history] == list(REVISIONS)
    assert history[0]["message"] == "Create the tables"
    assert CliRunner().invoke(app, ["db", "heads", "-o", "name"]).stdout == f"{HEAD}\n"


def test_stamp_records_a_revision_without_running_it(invo: Invo, database_url: URL) -> None:
    before = facts.tables(database_url)
    assert record(invo("db", "stamp", REVISIONS[0], "-o", "json"))["previous"] == HEAD
    assert facts.tables(database_url) == before
    assert record(invo("db", "stamp", "head", "-o", "json"))["revision"] == HEAD
    assert invo("business", "list").exit_code == 0


def test_a_stamp_that_lies_is_refused(invo: Invo) -> None:
    invo("db", "downgrade", REVISIONS[0], "--yes")
    refused = invo("db", "stamp", "head")
    assert (refused.exit_code, refused.stdout) == (5, "")
    assert record(invo("db", "current", "-o", "json"))["revision"] == REVISIONS[0]


DRIFTS = [
    ("ALTER TABLE items ADD COLUMN colour TEXT", "items", "column colour is not expected"),
    ("DROP INDEX ix_items_by_hand", "", ""),
    ("CREATE INDEX ix_items_by_hand ON items (business_id, hsn)", "items", "index ix_items_by_hand is not expected"),
    ("DROP INDEX ix_customers_business_id_gstin", "customers", "index ix_customers_business_id_gstin is missing"),
    ("CREATE TABLE songs (title TEXT)", "songs", "table songs is not expected"),
    (
        "DROP TRIGGER invoices_frozen" + (" ON invoices" if ON_POSTGRESQL else ""),
        "invoices_frozen",
        "trigger is missing or disabled",
    ),
]
if ON_POSTGRESQL:
    DRIFTS += [
        ("ALTER TABLE audit_events DISABLE TRIGGER ALL", "audit_events_append_only", "trigger is missing or disabled"),
        ("ALTER TABLE items DROP CONSTRAINT ck_items_kind", "items", "constraint ck_items_kind is missing"),
        ("ALTER TABLE items ALTER COLUMN hsn SET NOT NULL", "items", "nullable of column hsn differs"),
    ]


@pytest.mark.parametrize(("statement", "table", "difference"), [drift for drift in DRIFTS if drift[1]])
def test_check_finds_what_was_changed_by_hand(
    invo: Invo, database_url: URL, statement: str, table: str, difference: str
) -> None:
    assert invo("db", "check").exit_code == 0
    with facts.connect(database_url, writes=True) as connection, connection.begin():
        connection.exec_driver_sql(statement)
    found = invo("db", "check", "-o", "json")
    assert found.exit_code == 10
    assert {"table": table, "revision": None, "difference": difference} in json.loads(found.stdout)
    assert json.loads(found.stderr)["error"]["code"] == "findings"


def test_check_of_an_older_schema_is_exit_8(invo: Invo) -> None:
    invo("db", "downgrade", REVISIONS[0], "--yes")
    assert invo("db", "check").exit_code == 8


@pytest.mark.parametrize("dialect", ["postgresql", "sqlite"])
def test_sql_is_written_without_a_database(dialect: str, monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    up = CliRunner().invoke(app, ["db", "sql", "--dialect", dialect])
    assert up.exit_code == 0
    assert f"'{HEAD}'" in up.stdout
    guard = "CREATE FUNCTION invo_refuse()" if dialect == "postgresql" else "CREATE TRIGGER audit_events_no_replace"
    assert guard in up.stdout
    part = CliRunner().invoke(app, ["db", "sql", f"{REVISIONS[0]}:{REVISIONS[1]}", "--dialect", dialect])
    assert "ALTER TABLE invoices ADD COLUMN is_deleted" in part.stdout
    assert "CREATE TABLE" not in part.stdout
    down = CliRunner().invoke(app, ["db", "sql", f"{REVISIONS[1]}:base", "--dialect", dialect])
    assert "DROP TABLE invoices;" in down.stdout
    assert not home.exists()


@sqlite_only
def test_the_sql_for_sqlite_makes_the_schema(tmp_path: Path, home: Path) -> None:
    statements = CliRunner().invoke(app, ["db", "sql", "--dialect", "sqlite"]).stdout
    home.mkdir()
    connection = sqlite3.connect(home / "invo.db", isolation_level=None)
    connection.executescript(statements)
    connection.close()
    assert CliRunner().invoke(app, ["db", "check"]).exit_code == 0


@pytest.mark.parametrize("arguments", [("--dialect", "oracle"), ("nonsense:head",)])
def test_sql_of_what_does_not_exist_is_refused(arguments: tuple[str, ...]) -> None:
    refused = CliRunner().invoke(app, ["db", "sql", *arguments])
    assert (refused.exit_code, refused.stdout) == (3 if "--dialect" in arguments else 4, "")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the checkout to write revisions in."""
    for name in "invo_cli", "migrations":
        shutil.copytree(ROOT / name, tmp_path / "checkout" / name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "checkout"


def in_checkout(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "invo_cli", "db", "revision", *arguments]
    return subprocess.run(
        command, cwd=folder, env=os.environ | {"PYTHONPATH": "."}, capture_output=True, text=True, check=False
    )


def test_a_revision_is_numbered_dated_and_named(
    checkout: Path, database_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INVO_NOW", "2031-04-01")
    done = in_checkout(checkout, "-m", "add credit notes to the day's books", "-o", "json")
    assert done.returncode == 0, done.stderr
    number = len(REVISIONS) + 1
    row = json.loads(done.stdout)
    assert row["revision"] == f"20310401_{number:04}"
    assert Path(row["path"]).name.startswith(f"20310401_{number:04}_add_credit_notes_to_the_day")
    written = Path(row["path"]).read_text()
    assert written.startswith('"""Add credit notes to the day\'s books."""\n')
    assert f'revision = "20310401_{number:04}"\ndown_revision = "{HEAD}"\n' in written
    compile(written, row["path"], "exec")


def test_autogenerate_writes_what_the_models_have_more(checkout: Path, database_url: URL) -> None:
    nothing = in_checkout(checkout, "-m", "nothing", "--autogenerate")
    assert (nothing.returncode, nothing.stdout) == (0, ""), nothing.stderr
    assert "nothing to write" in nothing.stderr
    model = checkout / "invo_cli" / "models" / "item.py"
    model.write_text(model.read_text() + "    colour: Mapped[str | None]\n")
    done = in_checkout(checkout, "-m", "add colours", "--autogenerate", "-o", "name")
    assert done.returncode == 0, done.stderr
    written = Path(done.stdout.strip()).read_text()
    assert re.search(r"add_column\(.*'colour'", written)
    assert "drop_column('colour')" in written or "drop_column('items', 'colour')" in written


@pytest.mark.parametrize("message", ['quotes "', "two\nlines", "", "x" * 101, "back\\slash"])
def test_a_message_that_is_no_sentence_is_refused(invo: Invo, message: str) -> None:
    assert invo("db", "revision", "-m", message).exit_code == 3


def test_no_revision_is_written_below_the_head(checkout: Path, invo: Invo) -> None:
    invo("db", "downgrade", REVISIONS[0], "--yes")
    assert in_checkout(checkout, "-m", "too early").returncode == 8


def test_an_installed_program_writes_no_revisions(checkout: Path, database_url: URL) -> None:
    (checkout / "migrations").rename(checkout / "invo_cli" / "_migrations")
    done = in_checkout(checkout, "-m", "in the wrong place")
    assert (done.returncode, done.stdout) == (2, "")
    assert "checkout" in done.stderr


def test_wait_returns_when_the_database_answers(invo: Invo) -> None:
    done = invo("db", "wait", "--timeout", "5")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "The database answers.\n")


def test_wait_gives_up_after_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nowhere")
    start = time.monotonic()
    refused = CliRunner().invoke(app, ["db", "wait", "--timeout", "1"])
    assert 0.5 < time.monotonic() - start < 5
    assert (refused.exit_code, refused.stdout) == (7, "")


@sqlite_only
def test_wait_lasts_until_a_lock_is_gone_and_needs_no_file(home: Path) -> None:
    assert CliRunner().invoke(app, ["db", "wait", "--timeout", "0"]).exit_code == 0
    assert not home.exists()


@pytest.mark.skipif(not ON_POSTGRESQL, reason="about the server")
def test_wait_lasts_until_the_database_is_there(empty_url: URL, monkeypatch: pytest.MonkeyPatch) -> None:
    later = empty_url.set(database=f"{empty_url.database}_later")
    monkeypatch.setenv("INVO_DATABASE_URL", later.render_as_string(hide_password=False))

    def create() -> None:
        with facts.connect(empty_url).execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f'CREATE DATABASE "{later.database}"')

    threading.Timer(1, create).start()
    try:
        assert CliRunner().invoke(app, ["db", "wait", "--timeout", "20"]).exit_code == 0
    finally:
        with facts.connect(empty_url).execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f'DROP DATABASE "{later.database}" WITH (FORCE)')

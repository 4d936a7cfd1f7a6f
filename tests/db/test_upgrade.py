"""`invo db upgrade` on a database with a year in it: planned, backed up, checked, and explained when it fails."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from invo_cli.db.head import HEAD, REVISIONS
from tests.conftest import ON_POSTGRESQL
from tests.db import schema_facts as facts
from tests.db.upgrading import BROKEN, LATER, OLDER, add_script, assert_kept, invo, revision, take_back

pytestmark = pytest.mark.integration
sqlite_only = pytest.mark.skipif(ON_POSTGRESQL, reason="about SQLite files")
postgresql_only = pytest.mark.skipif(not ON_POSTGRESQL, reason="about the server")


def backups(home: Path) -> list[Path]:
    return sorted(path for path in (home / "backups").glob("invo-*") if path.suffix != ".json")


def test_an_upgrade_is_announced_backed_up_checked_and_summed_up(worked_url: URL, home: Path) -> None:
    older = take_back(worked_url)
    done = invo("db", "upgrade", "-o", "json")
    assert done.exit_code == 0, done.stderr
    row = json.loads(done.stdout)
    (backup,) = backups(home)
    assert (row["previous"], row["revision"], row["run"], row["backup"]) == (OLDER, HEAD, list(LATER), str(backup))
    said = done.stderr.splitlines()
    assert said[0] == f"Will run {LATER[0]}: Add the ledger of sent e-mails."
    assert f"Backed up to {backup}." in said
    assert said.index(f"Backed up to {backup}.") < said.index(f"Ran {LATER[0]}.")
    total = sum(len(rows) for rows in older.values())
    assert said[-1].startswith(f"{len(LATER)} revisions in ")
    assert said[-1].endswith(f" s, {total} rows kept, checked.")
    assert_kept(worked_url, older)
    events = [event for event in facts.rows(worked_url)["audit_events"] if event["action"] == "db.upgrade"]
    assert json.loads(events[-1]["after"]) == {"revision": HEAD, "backup": backup.name}


def test_without_a_backup_it_says_so(worked_url: URL, home: Path) -> None:
    take_back(worked_url)
    done = invo("db", "upgrade", "--to", LATER[0], "--no-backup", "-o", "json")
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["backup"] is None
    assert "warning: No backup is made." in done.stderr
    assert not backups(home)
    assert revision(worked_url) == LATER[0]


def test_a_downgrade_is_backed_up_too(worked_url: URL, home: Path) -> None:
    done = invo("db", "downgrade", OLDER, "--yes", "-o", "json")
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["backup"] == str(backups(home)[0])
    assert "table payments" not in done.stderr
    assert "table sent_mails (1 row)" in done.stderr


def test_the_plan_and_the_sql_change_nothing(worked_url: URL, home: Path) -> None:
    take_back(worked_url)
    plan = json.loads(invo("db", "upgrade", "--plan", "-o", "json").stdout)
    assert [step["revision"] for step in plan] == list(LATER)
    assert any(caution.startswith("scans-table: ") for step in plan for caution in step["cautions"])
    statements = invo("db", "upgrade", "--sql", "--to", LATER[0]).stdout
    assert "CREATE TABLE sent_mails" in statements
    assert "api_tokens" not in statements
    assert ("DATETIME" in statements) == (not ON_POSTGRESQL)
    assert revision(worked_url) == OLDER
    assert not backups(home)


@pytest.mark.parametrize(
    ("url", "kind"),
    [("postgresql://nobody@127.0.0.1:1/invo", "TIMESTAMP"), ("sqlite:////nowhere/at/all.db", "DATETIME")],
)
def test_statements_need_no_database(url: str, kind: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_DATABASE_URL", url)
    done = invo("db", "upgrade", "--sql")
    assert done.exit_code == 0, done.stderr
    assert "CREATE TABLE invoices" in done.stdout
    assert kind in done.stdout
    assert ("does not answer" in done.stderr) == url.startswith("postgresql")
    assert invo("db", "upgrade", "--plan").exit_code == (7 if url.startswith("postgresql") else 0)


def test_two_targets_are_refused(worked_url: URL) -> None:
    assert invo("db", "upgrade", OLDER, "--to", HEAD).exit_code == 2


def test_a_revision_that_fails_leaves_a_working_database_and_says_how_to_go_back(
    worked_url: URL, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = take_back(worked_url)
    add_script(monkeypatch, tmp_path, ["CREATE TABLE half (a INT)", "INSERT INTO nowhere VALUES (1)"])
    done = invo("db", "upgrade")
    assert (done.exit_code, done.stdout) == (8, "")
    error, hint = done.stderr.splitlines()[-2:]
    assert error.startswith(f"error: Revision {BROKEN} failed: ")
    assert "nowhere" in error
    stands = HEAD if ON_POSTGRESQL else OLDER  # PostgreSQL keeps each revision that was done
    (backup,) = backups(home)
    assert f"The database stands at {stands}, as a whole" in hint
    assert f"invo db restore {backup} --to URL" in hint
    assert revision(worked_url) == stands
    assert "half" not in facts.tables(worked_url)
    assert_kept(worked_url, older)


@sqlite_only
def test_the_backup_that_is_named_brings_the_old_version_back(worked_url: URL, home: Path, tmp_path: Path) -> None:
    older = take_back(worked_url)
    made = json.loads(invo("db", "upgrade", "-o", "json").stdout)["backup"]
    restored = URL.create("sqlite", database=str(tmp_path / "old.db"))
    assert invo("db", "restore", made, "--to", restored.render_as_string()).exit_code == 0
    assert facts.rows(restored) == older
    assert revision(restored) == OLDER


def test_a_migration_that_loses_rows_is_refused(
    worked_url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = facts.rows(worked_url)
    add_script(monkeypatch, tmp_path, ["DELETE FROM period_locks"])
    done = invo("db", "upgrade")
    assert done.exit_code == 8
    assert "The migration loses data: period_locks has 0 rows instead of 1." in done.stderr
    assert "invo db restore " in done.stderr
    if not ON_POSTGRESQL:
        assert facts.rows(worked_url) == before


def test_a_schema_that_is_not_whole_afterwards_is_a_finding(worked_url: URL) -> None:
    with facts.connect(worked_url, writes=True) as connection, connection.begin():
        connection.exec_driver_sql("DROP INDEX ix_customers_business_id_gstin")
        connection.exec_driver_sql("CREATE INDEX ix_own ON customers (name)")
    take_back(worked_url)
    done = invo("db", "upgrade")
    assert done.exit_code == 10
    assert "index ix_customers_business_id_gstin is missing." in done.stderr
    assert "ix_own" not in done.stderr
    assert revision(worked_url) == HEAD


@contextmanager
def locked(url: URL) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock of a migration until the block ends."""
    program = (
        "import psycopg, sys\n"
        "with psycopg.connect(sys.argv[1], application_name='invo db upgrade', autocommit=True) as connection:\n"
        " connection.execute(\"SELECT pg_advisory_lock(hashtext('invo migrations'), hashtext(current_schema()))\")\n"
        " print('locked', flush=True); sys.stdin.read()"
        if ON_POSTGRESQL
        else "import sqlite3, sys\n"
        "connection = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "connection.execute('BEGIN IMMEDIATE'); print('locked', flush=True); sys.stdin.read()"
    )
    place = url.set(drivername="postgresql").render_as_string(hide_password=False) if ON_POSTGRESQL else url.database
    with subprocess.Popen(
        [sys.executable, "-c", program, str(place)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "locked\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_lock_is_waited_for_no_longer_than_asked_and_its_holder_is_named(worked_url: URL) -> None:
    take_back(worked_url)
    with locked(worked_url) as holder:
        start = time.monotonic()
        done = invo("db", "upgrade", "--timeout", "1")
        assert 0.9 < time.monotonic() - start < 10
    assert (done.exit_code, done.stdout) == (7, "")
    assert "After 1 seconds the database is still locked by " in done.stderr
    named = "invo db upgrade on " if ON_POSTGRESQL else f"process {holder.pid} (python"
    if ON_POSTGRESQL or sys.platform == "linux":
        assert named in done.stderr
    assert revision(worked_url) == OLDER
    assert invo("db", "upgrade", "--no-backup").exit_code == 0


def test_every_revision_is_reached_by_name_from_the_one_before(worked_url: URL) -> None:
    take_back(worked_url)
    for step in LATER:
        assert invo("db", "upgrade", step, "--no-backup", "-o", "name").stdout == f"{step}\n"
    assert REVISIONS[-1] == revision(worked_url)

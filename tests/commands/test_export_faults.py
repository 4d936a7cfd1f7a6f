"""Exports that cannot be noted, written, or ended."""

from __future__ import annotations

import os
import resource
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL

from invo_cli.db.engines import engine_for
from tests.commands.exported import events, rows_of, three_documents
from tests.conftest import ON_POSTGRESQL, Invo, Process
from tests.factories import stored

pytestmark = pytest.mark.integration
OTHER = "27AAPFU0939F1ZV"


@pytest.fixture
def filled(invo: Invo, database_url: URL) -> Iterator[Invo]:
    """The command over three documents: issued, a draft, deleted."""
    with three_documents(database_url):
        yield invo


@pytest.mark.skipif(ON_POSTGRESQL, reason="a file")
def test_a_database_that_can_only_be_read_is_exported_without_a_note(
    filled: Invo, process: Process, home: Path
) -> None:
    path = home / "invo.db"
    path.chmod(0o400)
    if os.access(path, os.W_OK):
        pytest.skip("root may write everything")
    done = process("export", "invoices")
    assert (done.returncode, done.stdout.count("\n")) == (0, 4)
    assert "not in its audit trail" in done.stderr


@pytest.fixture
def reader(database_url: URL) -> Iterator[str]:
    """The URL of a role that may read everything and write nothing."""
    engine = create_engine(database_url, isolation_level="AUTOCOMMIT")
    name = f"invo_reader_{os.getpid()}"
    with engine.connect() as connection:
        connection.execute(text(f"CREATE ROLE {name} LOGIN PASSWORD 'reader'"))
        connection.execute(text(f"GRANT pg_read_all_data TO {name}"))
        url = database_url.set(username=name, password="reader").render_as_string(hide_password=False)
        yield url
        engine_for(url).dispose()
        connection.execute(text(f"DROP ROLE {name}"))
    engine.dispose()


@pytest.mark.skipif(not ON_POSTGRESQL, reason="a server")
def test_a_role_that_may_only_read_exports_without_a_note(
    filled: Invo, reader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INVO_DATABASE_URL", reader)
    done = filled("export", "invoices")
    assert done.exit_code == 0, done.stderr
    assert "not in its audit trail" in done.stderr


@pytest.mark.skipif(not ON_POSTGRESQL, reason="a server")
def test_exports_read_from_the_replica_and_the_note_goes_to_the_primary(
    filled: Invo, reader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INVO_REPLICA_URL", reader)
    assert filled("export", "invoices").exit_code == 0
    assert len(events(filled)) == 1
    monkeypatch.setenv("INVO_REPLICA_URL", "postgresql://nobody@127.0.0.1:1/none?connect_timeout=1")
    assert filled("export", "invoices").exit_code == 7


@pytest.mark.skipif(not ON_POSTGRESQL, reason="a server")
def test_a_connection_that_is_lost_half_way_leaves_the_old_file(
    filled: Invo, database_url: URL, tmp_path: Path
) -> None:
    many_rows(database_url)
    target = tmp_path / "x.csv"
    target.write_text("old")
    run = running("export", "lines", "--out", str(target), "--force")
    wait_for_part(target, run)
    engine = create_engine(database_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        # Only this test's database: those that other workers read meanwhile are on the same server.
        ours = "datname = current_database() AND query LIKE 'COPY%'"
        connection.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {ours}"))
    engine.dispose()
    said = run.communicate(timeout=60)[1]
    if run.returncode:  # it may have ended before the server heard
        assert run.returncode == 7, said
        assert target.read_text() == "old"
        assert "Traceback" not in said


@pytest.mark.contract
def test_a_full_stdout_is_no_success_and_not_noted(filled: Invo) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*COMMAND, "export", "invoices"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 7
    assert "cannot be written" in done.stderr
    assert events(filled) == []


@pytest.mark.contract
@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet", "csv.zst"])
def test_a_full_disk_leaves_the_old_file(filled: Invo, database_url: URL, tmp_path: Path, ending: str) -> None:
    many_rows(database_url)
    target = tmp_path / f"x.{ending}"
    target.write_text("old")
    done = subprocess.run(
        [*COMMAND, "export", "lines", "--out", str(target), "--force"],
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024)),
    )
    assert done.returncode == 7, done.stderr
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir() if path.is_file()] == [(target.name, "old")]


@pytest.mark.contract
def test_a_killed_run_leaves_the_old_file_and_the_next_one_writes_it(
    filled: Invo, database_url: URL, tmp_path: Path
) -> None:
    many_rows(database_url)
    target = tmp_path / "x.csv"
    target.write_text("old")
    run = running("export", "lines", "--out", str(target), "--force")
    wait_for_part(target, run)
    second = filled("export", "lines", "--out", str(target), "--force")
    run.send_signal(signal.SIGKILL)
    run.communicate(timeout=60)
    if run.returncode == -signal.SIGKILL and second.exit_code:
        assert second.exit_code == 7
        assert target.read_text() == "old"
    assert filled("export", "lines", "--out", str(target), "--force").exit_code == 0
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["x.csv"]
    assert len(rows_of(target.read_bytes())) == MANY + 2
    assert stat.S_IMODE(target.stat().st_mode) == 0o644


COMMAND = (sys.executable, "-m", "invo_cli")
MANY = 3000


def many_rows(url: URL) -> None:
    """Lines of one more draft, enough to be caught in the middle of them."""
    with stored(url) as session:
        connection = session.connection()
        columns = list(connection.execute(text("SELECT * FROM invoice_lines LIMIT 0")).keys())
        values = ", ".join("line_no + n" if name == "line_no" else name for name in columns)
        source = "(SELECT * FROM invoice_lines WHERE invoice_id = (SELECT id FROM invoices WHERE document_no = 2))"
        numbers = f"WITH RECURSIVE made(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM made WHERE n < {MANY})"
        insert = f"INSERT INTO invoice_lines ({', '.join(columns)})"
        query = f"SELECT {values} FROM made, {source} one"
        connection.execute(text(f"{insert} {numbers} {query}"))


def running(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen([*COMMAND, *arguments], stderr=subprocess.PIPE, text=True)


def wait_for_part(target: Path, run: subprocess.Popen[str]) -> None:
    """Until the unfinished file is there."""
    part = target.with_name(f".{target.name}.invo-part")
    until = time.monotonic() + 30
    while not part.exists() and run.poll() is None and time.monotonic() < until:
        time.sleep(0.005)

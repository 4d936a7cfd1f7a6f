"""A disk that is full, a server that restarts, a clock that jumps, a role that may not: the next run makes it good."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL

from tests.commands.money import made
from tests.conftest import ON_POSTGRESQL, Invo
from tests.export_jobs.consumer import Consumer
from tests.races.crowd import ISSUE

pytestmark = pytest.mark.integration
RUN = (sys.executable, "-m", "invo_cli")


def small_files() -> None:
    """No file of this process grows beyond a few bytes, as on a disk that is full."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))


def test_a_full_disk_leaves_the_old_file_and_the_next_run_completes(counter: Invo, tmp_path: Path) -> None:
    counter(*ISSUE)
    receiver = Consumer("invoices", tmp_path)
    receiver.pull(counter)
    before = receiver.out.read_bytes()
    counter(*ISSUE)
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [*RUN, *receiver.command], env=environment, preexec_fn=small_files, capture_output=True, text=True, check=False
    )
    assert done.returncode == 7, done.stderr
    assert "Traceback" not in done.stderr
    assert receiver.out.read_bytes() == before
    found = {file.name for file in tmp_path.iterdir()}
    assert found - {"home"} == {"invoices-job.json", "invoices-job.jsonl"}
    if ON_POSTGRESQL:  # SQLite had no room for the ledger either
        last = made(counter, "export", "job", "show", "invoices-job")["runs"][0]
        assert last["status"] == "failed"
        assert "cannot be written" in last["failure"]
    receiver.pull(counter)
    receiver.pull(counter)
    receiver.require_same(counter)


def test_clocks_do_not_matter(counter: Invo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    receiver = Consumer("customers", tmp_path)
    for number, now in enumerate(("2026-10-20T12:00:00Z", "2031-01-01T00:00:00Z", "1999-12-31T23:59:59Z")):
        monkeypatch.setenv("INVO_NOW", now)
        made(counter, "customer", "create", "--name", f"Somebody {number}")
        assert receiver.pull(counter) == 1
    receiver.require_same(counter)


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite has no server")
def test_a_server_that_ends_all_connections_loses_nothing(counter: Invo, tmp_path: Path, database_url: URL) -> None:
    dice, receiver = random.Random(7), Consumer("invoices", tmp_path)
    counter(*ISSUE)
    receiver.pull(counter)
    for _ in range(5):
        counter(*ISSUE)
        run = subprocess.Popen([*RUN, *receiver.command], stderr=subprocess.PIPE, text=True)
        time.sleep(dice.uniform(0.3, 0.9))
        end_connections(database_url)
        said = run.communicate()[1]
        assert run.returncode in (0, 7), said
        receiver.apply()
        receiver.pull(counter)
    receiver.pull(counter)
    receiver.require_same(counter)


def end_connections(url: URL) -> None:
    """What a restart of the server does to everybody who is connected."""
    everybody = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    engine = create_engine(url)
    with engine.connect() as connection:
        connection.execute(text(f"{everybody} AND pid <> pg_backend_pid()"))
    engine.dispose()

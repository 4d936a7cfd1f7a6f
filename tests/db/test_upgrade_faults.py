"""Upgrades that are killed, raced and stood in the way of."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from invo_cli.db.head import HEAD, REVISIONS
from tests.conftest import ON_POSTGRESQL
from tests.db import schema_facts as facts
from tests.db.test_catalog import found, written
from tests.db.upgrading import LATER, OLDER, assert_kept, invo, revision, take_back

pytestmark = pytest.mark.integration
# Dies after so many statements that change the schema, within whatever it is doing.
KILLED = """
import os, signal, sys
from sqlalchemy import Engine, event

left = int(sys.argv[1])

@event.listens_for(Engine, "after_cursor_execute")
def count(connection, cursor, statement, *_):
    global left
    left -= statement.lstrip().startswith(("CREATE", "ALTER", "DROP", "UPDATE alembic_version"))
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

sys.argv = ["invo", "db", "upgrade", "--no-backup"]
from invo_cli.__main__ import main
main()
"""
STATEMENTS = range(1, 41, 3)


def assert_survives_a_kill(url: URL, older: facts.Rows, statements: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(statements)], capture_output=True, timeout=120, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    reached = revision(url)
    assert reached == OLDER if not ON_POSTGRESQL else reached in REVISIONS
    assert_kept(url, older)
    again = invo("db", "upgrade", "--no-backup")
    assert again.exit_code == 0, again.stderr
    assert found(url) == written()
    assert_kept(url, older)


@pytest.mark.parametrize("statements", [1, 18, 40])
def test_an_upgrade_that_is_killed_is_finished_by_the_next(worked_url: URL, statements: int) -> None:
    assert_survives_a_kill(worked_url, take_back(worked_url), statements)


@pytest.mark.performance
@pytest.mark.parametrize("statements", STATEMENTS)
def test_wherever_it_is_killed(worked_url: URL, statements: int) -> None:
    assert_survives_a_kill(worked_url, take_back(worked_url), statements)


def start_upgrade() -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "invo_cli", "db", "upgrade", "-o", "json"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ)


def test_several_upgrades_of_a_filled_database_make_one_backup_and_one_upgrade(worked_url: URL, home: Path) -> None:
    older = take_back(worked_url)
    running = [start_upgrade() for _ in range(3)]
    done = [(process.communicate(timeout=120), process.returncode) for process in running]
    assert [status for _, status in done] == [0, 0, 0], [said for (_, said), _ in done]
    assert sum(said.count("Ran ") for (_, said), _ in done) == len(LATER)
    assert len(list((home / "backups").glob("*.manifest.json"))) + len(list((home / "backups").glob("*.json"))) >= 1
    assert sum(said.count("Backed up to ") for (_, said), _ in done) == 1
    assert_kept(worked_url, older)
    assert revision(worked_url) == HEAD


def test_an_open_reader_is_not_disturbed_and_nobody_waits_long_behind_it(worked_url: URL) -> None:
    """On PostgreSQL a table is locked for a moment only, again and again, until the reader has gone."""
    take_back(worked_url)
    with facts.connect(worked_url) as reader, reader.begin():
        before = facts.first(reader, "SELECT count(*) FROM payments")
        upgrade = start_upgrade()
        stalls = watched(worked_url, seconds=3 if ON_POSTGRESQL else 0.5)
        assert facts.first(reader, "SELECT count(*) FROM payments") == before
        if not ON_POSTGRESQL:
            assert upgrade.wait(timeout=60) == 0
            assert facts.first(reader, "SELECT version_num FROM alembic_version")[0] == OLDER
    said = upgrade.communicate(timeout=90)
    assert upgrade.returncode == 0, said
    assert max(stalls) < 2
    assert revision(worked_url) == HEAD


def watched(url: URL, seconds: float) -> list[float]:
    """How long each of many short readers had to wait meanwhile."""
    stalls, until = [0.0], time.monotonic() + seconds

    def read() -> None:
        while time.monotonic() < until:
            start = time.monotonic()
            with facts.connect(url) as connection:
                facts.first(connection, "SELECT count(*) FROM payments")
            stalls.append(time.monotonic() - start)
            time.sleep(0.02)

    thread = threading.Thread(target=read)
    thread.start()
    thread.join()
    return stalls

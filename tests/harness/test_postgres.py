"""The tests' own server: it answers, it is private, and it never outlives the run."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from tests.harness import binaries, folders, parenthood
from tests.harness.postgres import PORT, PostgresCluster

TOP = Path(__file__).resolve().parents[2]
GONE_WITHIN_SECONDS = 5

HOLD_A_SERVER = """
    import os, sys
    from pathlib import Path
    import psycopg
    from tests.harness.postgres import PostgresCluster
    account = [int(part) for part in sys.argv[1:]]
    if account:
        os.setgroups([])
        os.setgid(account[1])
        os.setuid(account[0])
    with PostgresCluster() as cluster:
        print(cluster.folder, flush=True)
        sys.stdin.read()
"""
HOLD_A_CHILD = """
    import sys
    from pathlib import Path
    from tests.harness import parenthood
    parenthood.start(["sleep", "600"], None, Path("/"), sys.stdout.buffer, watch=sys.argv[1] == "watchdog")
    print("started", flush=True)
    sys.stdin.read()
"""


def python(script: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", textwrap.dedent(script), *arguments]
    return subprocess.Popen(command, cwd=TOP, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def answers(folder: str) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(f"{folder}/.s.PGSQL.{PORT}")
        except (ConnectionRefusedError, FileNotFoundError):
            return False
    return True


def gone(folder: str) -> bool:
    deadline = time.monotonic() + GONE_WITHIN_SECONDS
    while answers(folder) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not answers(folder)


def value(cluster: PostgresCluster, query: str) -> str:
    url = make_url(cluster.url())
    host = str(url.query["host"])
    with psycopg.connect(host=host, port=PORT, user=url.username, dbname=url.database) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return str(row[0])


@pytest.fixture(scope="module", params=[18, 16])
def cluster(request: pytest.FixtureRequest) -> Iterator[PostgresCluster]:
    with PostgresCluster(request.param) as running:
        yield running


def test_the_server_has_the_version_asked_for(cluster: PostgresCluster) -> None:
    assert value(cluster, "SHOW server_version").startswith(f"{cluster.installation.version}.")


def test_the_database_is_a_test_database_in_utf_8(cluster: PostgresCluster) -> None:
    assert value(cluster, "SELECT current_database()") == "invo_test"
    assert value(cluster, "SHOW server_encoding") == "UTF8"


def test_the_server_is_reached_through_a_private_folder_only(cluster: PostgresCluster) -> None:
    assert value(cluster, "SHOW listen_addresses") == ""
    assert cluster.folder.stat().st_mode & 0o777 == 0o700


def test_a_stopped_server_starts_again_with_its_data() -> None:
    with PostgresCluster(durable=True) as cluster:
        assert value(cluster, "SHOW fsync") == "on"
        cluster.execute("CREATE DATABASE kept")
        cluster.stop(signal.SIGQUIT)
        assert not answers(str(cluster.folder))
        cluster.start()
        assert value(cluster, "SELECT datname FROM pg_database WHERE datname = 'kept'") == "kept"


def test_nothing_is_left_after_the_with_block() -> None:
    with PostgresCluster() as cluster:
        pid = cluster.pid
    assert not cluster.folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_failed_start_shows_what_the_server_said_and_leaves_nothing() -> None:
    cluster = PostgresCluster()
    cluster._settings["max_connections"] = "none"
    with pytest.raises(RuntimeError, match="max_connections"), cluster:
        pass
    assert not cluster.folder.exists()


def test_the_server_is_gone_after_its_owner_was_killed() -> None:
    owner = python(HOLD_A_SERVER)
    folder = first_line(owner)
    assert answers(folder)
    owner.kill()
    owner.communicate()
    assert gone(folder)
    shutil.rmtree(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_an_ordinary_user_gets_a_server_too() -> None:
    account = parenthood.unprivileged_account()
    assert account is not None
    owner = python(HOLD_A_SERVER, str(account.uid), str(account.gid))
    folder = first_line(owner)
    assert answers(folder)
    assert Path(folder).stat().st_uid == account.uid
    owner.kill()
    owner.communicate()
    assert gone(folder)
    shutil.rmtree(folder)


@pytest.mark.parametrize("how", ["death signal", "watchdog"])
def test_a_child_dies_with_its_parent(how: str) -> None:
    if how == "death signal" and not parenthood.HAS_DEATH_SIGNAL:
        pytest.skip("only Linux has it")
    parent = python(HOLD_A_CHILD, how)
    assert first_line(parent) == "started"
    parent.kill()
    # The child holds the same pipe as its standard output, so this ends when the child has ended.
    parent.communicate(timeout=GONE_WITHIN_SECONDS)


def test_the_wheel_serves_a_user_who_cannot_enter_the_venv() -> None:
    copy = binaries.readable_copy(binaries.find(18))
    assert copy.bin.is_relative_to("/tmp")
    assert parenthood.can_run(copy.bin / "initdb", parenthood.unprivileged_account())


def test_a_missing_version_is_named_with_the_way_out() -> None:
    with pytest.raises(binaries.NoPostgresError, match=r"No PostgreSQL 9 was found.*requirements-dev\.txt"):
        binaries.find(9)


def test_folders_of_killed_runs_are_swept_and_those_of_live_runs_are_not() -> None:
    script = "import sys; from tests.harness import folders; print(folders.create(None), flush=True); sys.stdin.read()"
    owner = python(script)
    abandoned, live = Path(first_line(owner)), folders.create(None)
    owner.kill()
    owner.communicate()
    time.sleep(1)
    folders.sweep(older_than=0.5)
    assert (abandoned.exists(), live.exists()) == (False, True)
    folders.remove(live)
    assert not live.exists()


def run_module(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.harness.postgres", "--", "sh", "-c", command],
        cwd=TOP,
        env={name: value for name, value in os.environ.items() if name != "TEST_DB_URL"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_module_runs_a_command_on_a_server_and_ends_as_it_does() -> None:
    done = run_module('echo "$TEST_DB_URL"; exit 3')
    assert done.returncode == 3
    assert done.stdout.startswith(f"postgresql+psycopg://postgres@/invo_test?host={folders.fastest()}/")


def test_the_module_tells_of_a_command_that_was_killed() -> None:
    assert run_module("kill -9 $$").returncode == 128 + 9


def test_the_module_leaves_a_server_that_was_given_alone() -> None:
    done = run_module('echo "$TEST_DB_URL"', TEST_DB_URL="postgresql://elsewhere/a_test")
    assert done.stdout == "postgresql://elsewhere/a_test\n"

"""A database that is away, unknown or may not be written: an exit status, two lines, and no password."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import traceback
from pathlib import Path

import pytest
from sqlalchemy.engine import URL
from typer.testing import CliRunner

from invo_cli.cli import app
from tests.conftest import ON_POSTGRESQL

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("database_url")]
sqlite_only = pytest.mark.skipif(ON_POSTGRESQL, reason="about SQLite files")
postgresql_only = pytest.mark.skipif(not ON_POSTGRESQL, reason="about the server")


def run(*arguments: str, prefix: tuple[str, ...] = (), **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*prefix, sys.executable, "-m", "invo_cli", *arguments],
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


CANARY = "c4nary"
AWAY = f"postgresql+asyncpg://asha:{CANARY}@127.0.0.1:1/books"
BROKEN = [
    AWAY,
    f"postgresql://asha@127.0.0.1:1/books?password={CANARY}",
    f"postgresql://asha:{CANARY}@h1:1,h2:2/books",
    f"postgresql://asha:{CANARY}@127.0.0.1:1/books?colour=red",
    f"mysql://asha:{CANARY}@127.0.0.1/books",
]
COMMANDS = [
    ("business", "list"),
    ("db", "current"),
    ("db", "upgrade"),
    ("db", "wait", "--timeout", "0"),
    ("doctor",),
    ("config", "list", "--origin"),
]


def test_a_server_that_is_away_is_exit_7() -> None:
    done = run("business", "list", INVO_DATABASE_URL=AWAY)
    assert (done.returncode, done.stdout) == (7, "")
    error, hint = done.stderr.splitlines()
    assert error.startswith("error: The database cannot be reached: ")
    assert hint.endswith("invo db wait")


def test_an_option_that_the_server_does_not_know_is_exit_3() -> None:
    assert run("business", "list", INVO_DATABASE_URL=BROKEN[3]).returncode == 3


@pytest.mark.parametrize("url", BROKEN)
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_password_is_ever_shown(url: str, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"INVO_DATABASE_URL": url, "INVO_REPLICA_URL": url, "INVO_TOKEN": CANARY}.items():
        monkeypatch.setenv(name, value)
    for debug in [], ["--debug", "-vv"]:
        done = CliRunner().invoke(app, [*command, *debug])
        assert done.stdout + done.stderr
        trace = "".join(traceback.format_exception(done.exception)) if done.exception else ""
        assert CANARY not in done.stdout + done.stderr + trace


UNPRIVILEGED = () if os.geteuid() else ("setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override")


@sqlite_only
@pytest.mark.skipif(bool(UNPRIVILEGED) and not shutil.which("setpriv"), reason="root may write everywhere")
@pytest.mark.parametrize("folder_too", [False, True])
def test_a_file_without_the_right_to_write_is_exit_7(home: Path, folder_too: bool) -> None:
    before = (home / "invo.db").read_bytes()
    (home / "invo.db").chmod(0o400)
    if folder_too:
        home.chmod(0o500)
    try:
        done = run("business", "create", "--name", "X", "--state", "29", prefix=UNPRIVILEGED)
    finally:
        home.chmod(0o700)
    assert (done.returncode, done.stdout) == (7, "")
    assert len(done.stderr.splitlines()) == 2
    assert (home / "invo.db").read_bytes() == before


@sqlite_only
@pytest.mark.skipif(bool(UNPRIVILEGED) and not shutil.which("setpriv"), reason="root may write everywhere")
def test_a_folder_without_the_right_to_write_is_exit_7(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    url = f"sqlite:///{tmp_path}/closed/invo.db"
    done = run("db", "upgrade", prefix=UNPRIVILEGED, INVO_DATABASE_URL=url)
    assert (done.returncode, done.stdout) == (7, "")
    assert "cannot be made" in done.stderr


@postgresql_only
def test_migrations_refuse_a_transaction_pooler(database_url: URL) -> None:
    pooled = database_url.update_query_dict({"pool_mode": "transaction"}).render_as_string(hide_password=False)
    done = run("db", "downgrade", "base", "--yes", INVO_DATABASE_URL=pooled)
    assert done.returncode == 3
    assert "transaction pooler" in done.stderr
    assert run("business", "list", INVO_DATABASE_URL=pooled).returncode == 0

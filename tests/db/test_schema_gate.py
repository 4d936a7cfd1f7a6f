"""A command on a database that is not at the head stops with exit status 8 and changes nothing."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from invo_cli.db.head import HEAD, REVISIONS
from tests.conftest import ON_POSTGRESQL, Invo, Process, run_process
from tests.db import schema_facts as facts

pytestmark = pytest.mark.integration
sqlite_only = pytest.mark.skipif(ON_POSTGRESQL, reason="about SQLite files")


def stand_at(url: URL, revision: str) -> None:
    with facts.connect(url, writes=True) as connection, connection.begin():
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")


def refusal(invo: Invo, *arguments: str) -> tuple[str, str]:
    done = invo(*arguments)
    assert (done.exit_code, done.stdout) == (8, "")
    error, hint = done.stderr.splitlines()
    return error, hint


@pytest.mark.parametrize("command", [("business", "list"), ("business", "create", "--name", "X", "--state", "29")])
def test_an_older_schema_is_refused(invo: Invo, database_url: URL, command: tuple[str, ...]) -> None:
    stand_at(database_url, REVISIONS[0])
    error, hint = refusal(invo, *command)
    assert error == f"error: The database is at revision {REVISIONS[0]}, this invo needs {HEAD}."
    assert hint == "hint: Migrate it with: invo db upgrade"


@pytest.mark.parametrize("command", [("business", "list"), ("db", "upgrade"), ("db", "downgrade", "base", "--yes")])
def test_a_newer_schema_is_refused(invo: Invo, database_url: URL, command: tuple[str, ...]) -> None:
    stand_at(database_url, "20991231_9999")
    error, hint = refusal(invo, *command)
    assert "a newer invo upgraded it" in error
    assert hint.startswith("hint: Install the newer invo")


def test_the_schema_of_another_program_is_refused(invo: Invo, database_url: URL) -> None:
    stand_at(database_url, "ae1027a6acf")
    assert refusal(invo, "business", "list")[0] == "error: The database belongs to another program."
    assert refusal(invo, "db", "upgrade")[0] == "error: The database belongs to another program."


@pytest.fixture
def foreign(empty_url: URL, monkeypatch: pytest.MonkeyPatch) -> URL:
    """A database with a table of another program."""
    if not ON_POSTGRESQL:
        Path(str(empty_url.database)).parent.mkdir(exist_ok=True)
        sqlite3.connect(str(empty_url.database)).close()
        Path(str(empty_url.database)).touch()
    monkeypatch.setenv("INVO_DATABASE_URL", empty_url.render_as_string(hide_password=False))
    with facts.connect(empty_url, writes=True) as connection, connection.begin():
        connection.exec_driver_sql("CREATE TABLE songs (title TEXT)")
    return empty_url


def test_a_database_without_invos_tables_is_refused(foreign: URL) -> None:
    done = run_process("business", "list")
    assert (done.returncode, done.stdout) == (8, "")
    assert done.stderr.splitlines()[1] == "hint: Create it with: invo init"


@pytest.mark.parametrize("command", [("db", "upgrade"), ("init", "--name", "X", "--state", "29")])
def test_nothing_is_put_among_the_tables_of_another_program(foreign: URL, command: tuple[str, ...]) -> None:
    done = run_process(*command)
    assert (done.returncode, done.stdout) == (8, "")
    assert "songs" in done.stderr
    assert facts.tables(foreign) == {"songs"}


def test_a_migrated_database_without_a_business_is_exit_4(invo: Invo) -> None:
    done = invo("customer", "list")
    assert (done.exit_code, done.stdout) == (4, "")
    assert "invo init" in done.stderr


@sqlite_only
@pytest.mark.parametrize("command", [("business", "list"), ("db", "current"), ("db", "downgrade", "base", "--yes")])
def test_a_missing_file_is_refused_and_not_made(process: Process, home: Path, command: tuple[str, ...]) -> None:
    (home / "invo.db").unlink()
    done = process(*command)
    assert (done.returncode, done.stdout) == (8, "")
    assert done.stderr.splitlines()[1] == "hint: Create it with: invo init"
    assert not (home / "invo.db").exists()


@sqlite_only
def test_an_empty_file_is_no_database_until_it_is_upgraded(process: Process, home: Path) -> None:
    (home / "invo.db").write_bytes(b"")
    assert process("business", "list").returncode == 8
    assert process("db", "upgrade").returncode == 0
    assert process("business", "list").returncode == 0


@sqlite_only
@pytest.mark.parametrize("content", [b"This is no database. " * 300, b"SQLite format 3\x00" + b"\xff" * 5000])
@pytest.mark.parametrize("command", [("business", "list"), ("db", "upgrade"), ("db", "current")])
def test_a_damaged_file_is_refused_and_left_alone(
    process: Process, home: Path, content: bytes, command: tuple[str, ...]
) -> None:
    (home / "invo.db").write_bytes(content)
    done = process(*command)
    assert (done.returncode, done.stdout) == (8, "")
    assert "damaged or is not an SQLite database" in done.stderr
    assert (home / "invo.db").read_bytes() == content


def test_the_gate_works_without_loading_alembic(database_url: URL) -> None:
    stand_at(database_url, REVISIONS[0])
    program = (
        "import sys\n"
        "from invo_cli.cli import app\n"
        "try:\n app(['business', 'list'])\n"
        "except SystemExit as stop:\n print(stop.code, 'alembic' in sys.modules, 'sqlalchemy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout == "8 False True\n", done.stderr


def test_the_current_revision_is_told_without_loading_alembic(database_url: URL) -> None:
    program = (
        "import sys\n"
        "from invo_cli.cli import app\n"
        "try:\n app(['db', 'current', '-o', 'name'])\n"
        "except SystemExit as stop:\n print(stop.code, 'alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout == f"{HEAD}\n0 False\n", done.stderr

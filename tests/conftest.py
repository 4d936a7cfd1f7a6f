"""Fixtures: a migrated database per test (SQLite, or PostgreSQL when TEST_DB_URL is set) and the command itself.

FAST_TESTS=1 migrates one SQLite file, fasttests.db, and copies it for each test; without it every test runs the
migrations. With TEST_DB_URL each test gets a copy of a migrated PostgreSQL database.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any
from weakref import WeakSet

import psycopg
import pytest
import typer.main
import typer.testing
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session
from typer.testing import CliRunner, Result

from invo_cli.cli import app
from invo_cli.db.engines import engine_for
from invo_cli.db.urls import normalise
from invo_cli.services.access import OWNER, attach
from invo_cli.settings import get_settings
from tests.database import migrate

GSTIN = "29AAGCB7383J1Z4"
BUSINESS = ("business", "create", "--name", "Bengaluru Service Centre", "--gstin", GSTIN)
ON_POSTGRESQL = bool(os.environ.get("TEST_DB_URL"))
MOST_ENGINES = 8
"""Each keeps a megabyte of compiled statements."""
_HAS_BUSINESS = pytest.StashKey[bool]()
_IS_COPYING = ON_POSTGRESQL or bool(os.environ.get("FAST_TESTS"))
Invo = Callable[..., Result]
Process = Callable[..., "subprocess.CompletedProcess[str]"]

_engines: WeakSet[Engine] = WeakSet()
"""Those that were used since the last test."""

# Typer would make the root command anew for every run.
typer.testing._get_command = cache(typer.main.get_command)  # type: ignore[attr-defined]

# A shell that starts the tests in the background lets them, and all that they start, ignore the keys that end a run.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGQUIT, signal.SIG_DFL)


@event.listens_for(Engine, "engine_connect")
def _note(connection: Connection) -> None:
    _engines.add(connection.engine)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty INVO_HOME and an environment without settings of the developer.

    It lies where it lay for the test before, so that the engine of its database keeps the statements it has compiled.
    """
    for name in list(os.environ):
        if name.startswith("INVO_") or name in ("DATABASE_URL", "DB_URL", "NO_COLOR", "FORCE_COLOR"):
            monkeypatch.delenv(name)
    folder = tmp_path_factory.getbasetemp() / "home"
    monkeypatch.setenv("INVO_HOME", str(folder))
    monkeypatch.setenv("BCRYPT_ROUNDS", os.environ.get("BCRYPT_ROUNDS", "4"))
    monkeypatch.setenv("COLUMNS", "200")
    yield folder
    if folder.exists():
        folder.rename(tmp_path / "home")
    for engine in list(_engines):
        engine.dispose()
    _engines.clear()
    if engine_for.cache_info().currsize > MOST_ENGINES:
        engine_for.cache_clear()
    get_settings.cache_clear()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[URL]:
    """A database at head that nothing writes to."""
    yield from _template(tmp_path_factory, "empty", migrate)


@pytest.fixture(scope="session")
def counter_template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[URL]:
    """A database at head with the business of `counter`."""
    yield from _template(tmp_path_factory, "counter", partial(_open_business, tmp_path_factory.mktemp("opened")))


def _template(factory: pytest.TempPathFactory, name: str, fill: Callable[[URL], None]) -> Iterator[URL]:
    if not ON_POSTGRESQL:
        url = URL.create("sqlite", database=str(factory.mktemp(name) / "fasttests.db"))
        fill(url)
        yield url
        return
    url = _server().set(database=f"invo_test_{name}_{os.getpid()}")
    _administer(f'CREATE DATABASE "{url.database}"')
    fill(url)
    yield url
    _administer(f'DROP DATABASE IF EXISTS "{url.database}" WITH (FORCE)')


def _open_business(folder: Path, url: URL) -> None:
    """Whatever the test has set that happens to be the first."""
    migrate(url)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("INVO_")}
    environment |= {"INVO_HOME": str(folder), "INVO_DATABASE_URL": url.render_as_string(hide_password=False)}
    run_process(*BUSINESS, env=environment).check_returncode()


@pytest.fixture
def empty_url(home: Path) -> Iterator[URL]:
    """A database without tables (SQLite: a file that does not exist yet)."""
    if not ON_POSTGRESQL:
        yield URL.create("sqlite", database=str(home / "invo.db"))
        return
    yield from _postgresql_database("")


@pytest.fixture
def database_url(home: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[URL]:
    """A migrated database of this test's own, named by INVO_DATABASE_URL."""
    for url in _migrated(home, request):
        monkeypatch.setenv("INVO_DATABASE_URL", url.render_as_string(hide_password=False))
        yield url


@pytest.fixture
def invo(database_url: URL) -> Invo:
    """Run one command in this process: `invo("invoice", "list", input="…")`."""

    def run(*arguments: str, **options: Any) -> Result:
        return CliRunner().invoke(app, list(arguments), **options)

    return run


@pytest.fixture
def counter(invo: Invo, request: pytest.FixtureRequest) -> Invo:
    """The command over a database with one business in Karnataka."""
    if not request.node.stash.get(_HAS_BUSINESS, False):
        made = invo(*BUSINESS)
        assert made.exit_code == 0, made.output
    return invo


@pytest.fixture
def process(database_url: URL) -> Process:
    """Run the command as a process of its own, as scripts do."""
    return run_process


def run_process(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run `invo` in a new process with the environment of this test."""
    options.setdefault("stdin", None if "input" in options else subprocess.DEVNULL)
    command = [sys.executable, "-m", "invo_cli", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False, **options
    )


@pytest.fixture
def db_session(database_url: URL) -> Iterator[Session]:
    """A session in an outer transaction that is rolled back; commits inside are savepoints."""
    engine = engine_for(database_url.render_as_string(hide_password=False))
    with engine.connect().execution_options(invo_writes=True) as connection, connection.begin() as outer:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            attach(session, OWNER)
            yield session
        outer.rollback()


def _migrated(home: Path, request: pytest.FixtureRequest) -> Iterator[URL]:
    url = URL.create("sqlite", database=str(home / "invo.db"))
    if not _IS_COPYING:
        migrate(url)
        yield url
        return
    has_business = request.node.stash[_HAS_BUSINESS] = "counter" in request.fixturenames
    source = request.getfixturevalue("counter_template" if has_business else "template").database
    if ON_POSTGRESQL:
        yield from _postgresql_database(str(source))
        return
    home.mkdir(parents=True, mode=0o700, exist_ok=True)
    shutil.copy(str(source), home / "invo.db")
    yield url


def _server() -> URL:
    return normalise(os.environ["TEST_DB_URL"])


_names = [f"invo_test_{os.getpid()}_{serial}" for serial in range(9, 0, -1)]
"""Of databases that are not there now. The same ones are used again and again, as `home` is."""


def _postgresql_database(template_name: str) -> Iterator[URL]:
    name = _names.pop()
    source = f' TEMPLATE "{template_name}" STRATEGY FILE_COPY' if template_name else ""
    _administer(f'CREATE DATABASE "{name}"{source}')
    url = _server().set(database=name)
    yield url
    engine_for(url.render_as_string(hide_password=False)).dispose()
    _administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    _names.append(name)


def _administer(statement: str) -> None:
    server = _server().set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement.encode())

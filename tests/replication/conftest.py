"""A primary and its hot standby, and the command that knows both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from sqlalchemy import event, make_url
from typer.testing import CliRunner, Result

from invo_cli.cli import app
from invo_cli.db.engines import engine_for
from tests.conftest import GSTIN, Invo
from tests.database import migrate
from tests.harness.standby import PrimaryCluster, StandbyCluster

NOW = "2026-10-20T12:00:00+05:30"
TEMPLATE = "invo_replicated"
_serial = count(1)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two servers, of which the second follows the first."""

    primary: PrimaryCluster
    standby: StandbyCluster


@pytest.fixture(scope="session")
def pair() -> Iterator[Pair]:
    """Both servers, with a migrated database that nothing writes to."""
    with PrimaryCluster() as primary:
        primary.execute(f"CREATE DATABASE {TEMPLATE}")
        migrate(make_url(primary.url(TEMPLATE)))
        with StandbyCluster(primary) as standby:
            yield Pair(primary, standby)


@dataclass(frozen=True, slots=True)
class Office:
    """The command over a database of both servers."""

    pair: Pair
    database: str
    heard: list[str]
    """The statements that the standby was asked."""

    def __call__(self, *arguments: str, **options: Any) -> Result:
        """Run one command in this process."""
        return CliRunner().invoke(app, list(arguments), **options)

    def did(self, *arguments: str, **options: Any) -> Result:
        """Run one command that must succeed."""
        done = self(*arguments, **options)
        assert done.exit_code == 0, done.output
        return done

    def invoice(self) -> None:
        """Issue one document."""
        who = ("--customer", "Asha Traders", "--mobile", "9876543210")
        self.did("invoice", "create", *who, "--line", "Screen replacement:1:1500:998716:18", "-q")

    def numbers(self) -> list[str]:
        """The documents that a list shows."""
        return self.did("invoice", "list", "--sort", "number", "-o", "name").stdout.split()

    @property
    def primary(self) -> str:
        """The URL of the database on the primary."""
        return self.pair.primary.url(self.database)

    @property
    def standby(self) -> str:
        """Its URL on the standby."""
        return self.pair.standby.url(self.database)


@pytest.fixture
def office(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """A business whose reports, lists and exports read from the standby."""
    name = f"invo_office_{next(_serial)}"
    pair.primary.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    heard: list[str] = []
    found = Office(pair, name, heard)
    monkeypatch.setenv("INVO_NOW", NOW)
    monkeypatch.setenv("INVO_DATABASE_URL", found.primary)
    monkeypatch.setenv("INVO_REPLICA_URL", found.standby)
    found.did("business", "create", "--name", "Bengaluru Service Centre", "--gstin", GSTIN)
    pair.standby.catch_up()

    @event.listens_for(engine_for(found.standby), "before_cursor_execute")
    def _hear(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        heard.append(statement)

    yield found
    pair.standby.resume()
    for url in (found.primary, found.standby):
        engine_for(url).dispose()
    pair.primary.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def invo(office: Office) -> Invo:
    """The command over both servers."""
    return office

"""A filled database, somebody who may back it up, and places for new databases on the same engine."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL

from invo_cli.db.engines import engine_for
from invo_cli.db.urls import normalise
from tests.backups.making import ask
from tests.conftest import ON_POSTGRESQL, Invo
from tests.harness import binaries

NewUrl = Callable[[str], str]


@pytest.fixture
def books(invo: Invo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Invo:
    """The command over a filled database, with a token of an admin, which every copy of the database knows too."""
    monkeypatch.setenv("INVO_NOW", "2026-10-05T12:00:00+05:30")
    fill(invo, tmp_path)
    ask(invo, "auth", "login", "asha", "--password-stdin", text="correct horse\n")
    made = ask(invo, "token", "create", "--name", "cron", "--role", "admin", "--expires", "90d")
    monkeypatch.setenv("INVO_TOKEN", made["token"])
    return invo


@pytest.fixture
def new_url(database_url: URL, tmp_path: Path) -> Iterator[NewUrl]:
    """The URL of a database that is not there yet, on the engine of this run."""
    made: list[URL] = []

    def url(name: str) -> str:
        if not ON_POSTGRESQL:
            return f"sqlite:///{tmp_path / name}.db"
        made.append(database_url.set(database=f"{database_url.database}_{name}"))
        return spelled(made[-1])

    yield url
    for one in made:
        engine_for(spelled(one)).dispose()
        server = create_engine(normalise(os.environ["TEST_DB_URL"]), isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{one.database}" WITH (FORCE)'))
        server.dispose()


@pytest.fixture
def pg_dump(monkeypatch: pytest.MonkeyPatch, database_url: URL, tmp_path: Path) -> None:
    """PostgreSQL's own programs, of the version of the server, first on PATH."""
    engine = engine_for(spelled(database_url))
    with engine.connect() as connection:
        major = int(connection.exec_driver_sql("SHOW server_version_num").scalar() or 0) // 10_000
    monkeypatch.setenv("PATH", str(binaries.find(major).bin), prepend=os.pathsep)


@pytest.fixture
def no_pg_dump(monkeypatch: pytest.MonkeyPatch) -> None:
    """A PATH without PostgreSQL's programs."""
    kept = [folder for folder in os.environ["PATH"].split(os.pathsep) if not shutil.which("pg_dump", path=folder)]
    monkeypatch.setenv("PATH", os.pathsep.join(kept))


def fill(invo: Invo, folder: Path) -> None:
    """Issued, cancelled and draft documents, money, an export job with its parts, texts of every kind, an admin."""
    name = "केन्द्र [b]x[/] C:\\new\\table"
    ask(invo, "business", "create", "--name", name, "--gstin", "29AAGCB7383J1Z4")
    line = {"description": "Screen\treplacement", "hsn": "998716", "quantity": "1", "unit_price": "1500.00"}
    customer = {"name": "Asha Traders", "mobile": "9876543210", "state": "27"}
    document = folder / "document.json"
    for number in range(3):
        content = {"customer": customer, "lines": [line, line], "idempotency_key": f"key-{number}"}
        document.write_text(json.dumps(content), encoding="utf-8")
        ask(invo, "invoice", "create", "--file", str(document), *(["--draft"] if number == 2 else []))
    ask(invo, "invoice", "cancel", "INV/26-27/0002", "--reason", "Wrong buyer")
    paid = ("--amount", "500", "--method", "upi", "--allocate", "INV/26-27/0001:500")
    ask(invo, "payment", "create", "--customer", "C-0001", *paid)
    exported = ("--since-last", "nightly", "--format", "jsonl", "--out", str(folder / "nightly.jsonl"))
    assert invo("export", "invoices", *exported).exit_code == 0
    ask(invo, "user", "create", "asha", "--role", "admin", "--password-stdin", text="correct horse")


def spelled(url: URL) -> str:
    """The URL with its password."""
    return url.render_as_string(hide_password=False)

"""db copy: a whole database into a new one, of either engine."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL

from invo_cli.db import drift
from invo_cli.db.engines import engine_for
from invo_cli.db.head import HEAD
from invo_cli.db.urls import normalise
from tests.backups.conftest import NewUrl
from tests.conftest import Invo
from tests.db import schema_facts as facts

pytestmark = pytest.mark.integration
DATA_SETS = ("invoices", "lines", "customers", "audit")


def exports(invo: Invo, url: str, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What the main exports of a database say, to the byte."""
    monkeypatch.setenv("INVO_DATABASE_URL", url)
    done = [invo("export", name, "--format", "jsonl", "--out", "-") for name in DATA_SETS]
    assert [one.exit_code for one in done] == [0] * len(DATA_SETS), [one.stderr for one in done]
    return [one.stdout_bytes for one in done]


def copied(invo: Invo, source: str, target: str) -> dict[str, Any]:
    done = invo("db", "copy", "--from", source, "--to", target, "-o", "json")
    assert done.exit_code == 0, done.stderr
    return dict(json.loads(done.stdout))


def plain(rows: facts.Rows) -> str:
    """Rows as text that is the same for both engines."""
    return "\n".join(
        f"{table} {json.dumps({key: str(value).removesuffix('+00:00') for key, value in row.items()}, sort_keys=True)}"
        for table in sorted(rows)
        for row in rows[table]
    )


def test_a_copy_to_the_other_engine_and_back_is_the_same_database(
    books: Invo, new_url: NewUrl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, there, back = os.environ["INVO_DATABASE_URL"], f"sqlite:///{tmp_path / 'there.db'}", new_url("back")
    before = exports(books, source, monkeypatch)
    rows = plain(facts.rows(normalise(source)))
    moved = copied(books, source, there)
    assert (moved["revision"], moved["findings"]) == (HEAD, [])
    copied(books, there, back)
    assert plain(facts.rows(normalise(there))) == plain(facts.rows(normalise(back))) == rows
    assert exports(books, there, monkeypatch) == exports(books, back, monkeypatch) == before
    assert plain(facts.rows(normalise(source))) == rows


def test_a_copy_goes_on_with_the_next_number(books: Invo, new_url: NewUrl, monkeypatch: pytest.MonkeyPatch) -> None:
    target = new_url("next")
    copied(books, os.environ["INVO_DATABASE_URL"], target)
    line = ("--line", "Screen:1:1500:998716:18")
    numbers = []
    for url in (os.environ["INVO_DATABASE_URL"], target):
        monkeypatch.setenv("INVO_DATABASE_URL", url)
        numbers.append(books("invoice", "create", "--customer", "Asha Traders", *line, "-o", "name").stdout)
    assert numbers[0] == numbers[1] != ""
    assert books("audit", "verify").exit_code == 0


def test_a_copy_has_every_guard(books: Invo, new_url: NewUrl) -> None:
    target = new_url("guarded")
    copied(books, os.environ["INVO_DATABASE_URL"], target)
    with engine_for(target).connect() as connection:
        assert not drift.missing_triggers(connection)
        with pytest.raises(Exception, match="issued document"):
            connection.execute(text("UPDATE invoices SET total_paise = 1 WHERE status = 'issued'"))


def test_a_database_in_use_is_never_the_target(books: Invo, new_url: NewUrl, database_url: URL) -> None:
    source, target = os.environ["INVO_DATABASE_URL"], new_url("twice")
    copied(books, source, target)
    rows = plain(facts.rows(database_url))
    for again in (target, source):
        done = books("db", "copy", "--from", source, "--to", again)
        assert (done.exit_code, done.stdout) == (5, "")
        assert "already" in done.stderr
    assert plain(facts.rows(database_url)) == rows


def test_a_row_without_its_parent_stops_the_copy_and_leaves_no_file(books: Invo, tmp_path: Path) -> None:
    source, broken = os.environ["INVO_DATABASE_URL"], f"sqlite:///{tmp_path / 'broken.db'}"
    copied(books, source, broken)
    with engine_for(broken).connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("INSERT INTO user_businesses (user_id, business_id) VALUES (1, 2)")
        connection.exec_driver_sql("BEGIN")
    done = books("db", "copy", "--from", broken, "--to", f"sqlite:///{tmp_path / 'never.db'}")
    assert done.exit_code == 5, done.stderr
    assert not list(tmp_path.glob("*never*"))


@pytest.mark.parametrize("url", ["sqlite:///missing.db", "mysql://x/y", "sqlite://"])
def test_a_source_that_cannot_be_read_is_refused(books: Invo, url: str, tmp_path: Path) -> None:
    done = books("db", "copy", "--from", url, "--to", f"sqlite:///{tmp_path / 'never.db'}")
    assert done.exit_code in (3, 8)
    assert not list(tmp_path.glob("*never*"))


def test_an_operator_may_not_copy_the_database(books: Invo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    password = "correct horse\n"
    assert books("user", "create", "ravi", "--password-stdin", input=password).exit_code == 0
    monkeypatch.delenv("INVO_TOKEN")
    assert books("auth", "login", "ravi", "--password-stdin", input=password).exit_code == 0
    source = os.environ["INVO_DATABASE_URL"]
    done = books("db", "copy", "--from", source, "--to", f"sqlite:///{tmp_path / 'never.db'}")
    assert done.exit_code == 6
    assert not list(tmp_path.glob("*never*"))

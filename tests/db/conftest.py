"""A database with the rows of some days in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import URL
from typer.testing import CliRunner, Result

from invo_cli.cli import app
from invo_cli.db.engines import engine_for
from tests.conftest import ON_POSTGRESQL, _postgresql_database
from tests.db.filled import fill

NOW = "2026-10-05T12:00:00+05:30"


@pytest.fixture(scope="session")
def filled_template(template: URL, tmp_path_factory: pytest.TempPathFactory) -> Iterator[URL]:
    """A database at the head with rows in every table, that nothing writes to any more."""
    folder = tmp_path_factory.mktemp("filled")
    for url in _copy(template, folder / "home"):
        with pytest.MonkeyPatch.context() as patch:
            for name in [name for name in os.environ if name.startswith("INVO_")]:
                patch.delenv(name)
            patch.setenv("INVO_HOME", str(folder / "home"))
            patch.setenv("INVO_NOW", NOW)
            patch.setenv("BCRYPT_ROUNDS", "4")
            patch.setenv("INVO_DATABASE_URL", url.render_as_string(hide_password=False))
            fill(_run, url, folder)
        engine_for(url.render_as_string(hide_password=False)).dispose()
        yield url


@pytest.fixture
def filled_url(filled_template: URL, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[URL]:
    """A database of this test's own, at the head, with rows in every table."""
    monkeypatch.setenv("INVO_NOW", NOW)
    for url in _copy(filled_template, home):
        monkeypatch.setenv("INVO_DATABASE_URL", url.render_as_string(hide_password=False))
        yield url


def _copy(source: URL, home: Path) -> Iterator[URL]:
    if ON_POSTGRESQL:
        yield from _postgresql_database(str(source.database))
        return
    home.mkdir(parents=True, mode=0o700, exist_ok=True)
    shutil.copy(str(source.database), home / "invo.db")
    yield URL.create("sqlite", database=str(home / "invo.db"))


def _run(*arguments: str, **options: Any) -> Result:
    return CliRunner().invoke(app, list(arguments), **options)

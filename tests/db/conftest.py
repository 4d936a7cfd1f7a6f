"""A database with the rows of some days in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import URL
from typer.testing import CliRunner, Result

from invo_cli.cli import app
from invo_cli.db.engines import engine_for
from tests.conftest import ON_POSTGRESQL, _postgresql_database
from tests.db.filled import go_on, work

NOW = "2026-10-05T12:00:00+05:30"


@pytest.fixture(scope="session")
def worked_template(template: URL, tmp_path_factory: pytest.TempPathFactory) -> Iterator[URL]:
    """A database at the head with the work of some days, which nothing writes to any more."""
    folder = tmp_path_factory.mktemp("worked")
    for url in _copy(template, folder):
        with _settings(url, folder):
            work(_run, url, folder)
        yield url


@pytest.fixture(scope="session")
def filled_template(worked_template: URL, tmp_path_factory: pytest.TempPathFactory) -> Iterator[URL]:
    """The same with what is newer in it: rows in every table."""
    folder = tmp_path_factory.mktemp("filled")
    for url in _copy(worked_template, folder):
        with _settings(url, folder):
            go_on(_run)
        yield url


@pytest.fixture
def filled_url(filled_template: URL, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[URL]:
    """A database of this test's own, at the head, with rows in every table."""
    yield from _of_a_test(filled_template, home, monkeypatch)


@pytest.fixture
def worked_url(worked_template: URL, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[URL]:
    """A database of this test's own in which nothing is new, so that its trail is whole at older revisions."""
    yield from _of_a_test(worked_template, home, monkeypatch)


def _of_a_test(source: URL, home: Path, patch: pytest.MonkeyPatch) -> Iterator[URL]:
    patch.setenv("INVO_NOW", NOW)
    for url in _copy(source, home):
        patch.setenv("INVO_DATABASE_URL", url.render_as_string(hide_password=False))
        yield url


@contextmanager
def _settings(url: URL, folder: Path) -> Iterator[None]:
    """The environment in which a template is filled."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("INVO_")]:
            patch.delenv(name)
        patch.setenv("INVO_HOME", str(folder))
        patch.setenv("INVO_NOW", NOW)
        patch.setenv("BCRYPT_ROUNDS", "4")
        patch.setenv("INVO_DATABASE_URL", url.render_as_string(hide_password=False))
        yield
    engine_for(url.render_as_string(hide_password=False)).dispose()


def _copy(source: URL, home: Path) -> Iterator[URL]:
    if ON_POSTGRESQL:
        yield from _postgresql_database(str(source.database))
        return
    home.mkdir(parents=True, mode=0o700, exist_ok=True)
    shutil.copy(str(source.database), home / "invo.db")
    yield URL.create("sqlite", database=str(home / "invo.db"))


def _run(*arguments: str, **options: Any) -> Result:
    return CliRunner().invoke(app, list(arguments), **options)

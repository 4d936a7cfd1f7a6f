"""A database with the rows of a day in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from tests.conftest import Invo
from tests.db.filled import fill


@pytest.fixture
def filled_url(invo: Invo, database_url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> URL:
    """A database at the head with rows in every table that commands write to."""
    monkeypatch.setenv("INVO_NOW", "2026-10-05T12:00:00+05:30")
    fill(invo, tmp_path)
    return database_url

"""A service centre with a few documents, and a process that runs commands to be hurt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from tests.conftest import Invo
from tests.faults.books import Books, secret_url
from tests.faults.running import CANARY, Zygote

NOW = "2026-10-20T12:00:00+05:30"
ASHA = ("--customer", "Asha Traders", "--mobile", "9876543210")
LINE = "Screen replacement:1:1500:998716:18"


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    """Everything is imported once in a test run."""
    found = Zygote()
    yield found
    found.close()


@pytest.fixture
def shop(counter: Invo, database_url: URL, monkeypatch: pytest.MonkeyPatch) -> Invo:
    """The command over books with two invoices, one of them paid in part, and two drafts."""
    monkeypatch.setenv("INVO_NOW", NOW)
    monkeypatch.setenv("INVO_DATABASE_URL", secret_url(database_url, CANARY))
    for _ in range(2):
        _ask(counter, "invoice", "create", *ASHA, "--line", LINE)
    _ask(counter, "payment", "create", *ASHA[:2], "--amount", "500", "--method", "upi", "--auto", "oldest")
    for _ in range(2):
        _ask(counter, "invoice", "create", *ASHA, "--line", LINE, "--line", "Courier:1:50:996812:18", "--draft")
    return counter


@pytest.fixture
def books(shop: Invo, database_url: URL, tmp_path: Path) -> Iterator[Books]:
    """The database of the shop."""
    folder = tmp_path / "kept"
    folder.mkdir()
    found = Books(database_url, folder)
    yield found
    found.drop_copies()


def _ask(invo: Invo, *arguments: str) -> None:
    done = invo(*arguments, "-q")
    assert done.exit_code == 0, done.output

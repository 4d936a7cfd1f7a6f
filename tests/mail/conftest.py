"""A service centre that sends its e-mails to a server on loopback."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.conftest import Invo
from tests.harness.smtp import MailServer

NOW = "2026-10-20T12:00:00+05:30"
Ask = Callable[..., Any]


@pytest.fixture
def server(home: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """A mail server that invo is set to use."""
    with MailServer() as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        yield server


@pytest.fixture
def ask(counter: Invo, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Run a command that must succeed; its record."""
    monkeypatch.setenv("INVO_NOW", NOW)

    def run(*arguments: str) -> Any:
        done = counter(*arguments, "-o", "json")
        assert done.exit_code == 0, (arguments, done.stderr)
        return json.loads(done.stdout)

    return run


@pytest.fixture
def shop(ask: Ask, counter: Invo) -> Invo:
    """Asha, who reads e-mail, owes INV/26-27/0001 since 8 October and INV/26-27/0002 since 18 September."""
    ask("customer", "create", "--name", "Asha Traders", "--mobile", "9876543210", "--email", "asha@example.org")
    invoice(ask, "C-0001", dated="2026-09-01", due="2026-10-08")
    invoice(ask, "C-0001", dated="2026-09-02", due="2026-09-18")
    return counter


def invoice(ask: Ask, customer: str, *, dated: str = "2026-10-01", due: str | None = None) -> str:
    """Issue an invoice of 1,770.00; its number."""
    days = ("--date", dated, *(("--due-date", due) if due else ()))
    made = ask("invoice", "create", "--customer", customer, "--line", "Screen:1:1500:998716:18", *days)
    return str(made["number"])

"""A business that reports e-invoices."""

from __future__ import annotations

import pytest

from tests.commands.money import made
from tests.conftest import GSTIN, Invo
from tests.einvoicing.reporting import ADDRESS, PUNE


@pytest.fixture(autouse=True)
def october(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_NOW", "2026-10-05T12:00:00+05:30")
    monkeypatch.setenv("INVO_ACTOR", "asha")


@pytest.fixture
def seller(counter: Invo) -> Invo:
    """A business that reports e-invoices and has a customer in Pune with an address."""
    where = ("--address", "12 MG Road", "--city", "Bengaluru", "--pincode", "560001")
    made(counter, "business", "edit", GSTIN, *where, "--einvoice-from", "2026-04-01", "--turnover", "12,00,00,000")
    made(counter, "customer", "create", "--name", "Pune Motors", "--gstin", PUNE, *ADDRESS)
    return counter

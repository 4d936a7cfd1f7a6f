"""A business that sends goods and reports e-invoices."""

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
def office(counter: Invo) -> Invo:
    """A business and a customer in Pune, both with addresses."""
    made(counter, "business", "edit", GSTIN, "--address", "12 MG Road", "--city", "Bengaluru", "--pincode", "560001")
    made(counter, "customer", "create", "--name", "Pune Motors", "--gstin", PUNE, *ADDRESS)
    return counter


@pytest.fixture
def seller(office: Invo) -> Invo:
    """The same, and the business reports e-invoices."""
    made(office, "business", "edit", GSTIN, "--einvoice-from", "2026-04-01", "--turnover", "12,00,00,000")
    return office

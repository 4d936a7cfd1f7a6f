"""A payment that is set against one document more than once, and taken back."""

from __future__ import annotations

import pytest

from tests.commands.money import invoice, made, pay, shown
from tests.conftest import Invo

pytestmark = pytest.mark.integration


@pytest.fixture
def paid(counter: Invo) -> tuple[str, str]:
    """The numbers of a payment and of the document it is set against three times, twice by one command."""
    number = invoice(counter)
    row = pay(counter, "1000", "--allocate", f"{number}:700", "--allocate", f"{number}:80")
    made(counter, "payment", "allocate", row["number"], f"{number}:200")
    assert (shown(counter, number)["paid"], shown(counter, number)["outstanding"]) == ("980.00", "200.00")
    return row["number"], number


@pytest.mark.parametrize("back", [("unallocate",), ("void", "--reason", "bounced")])
def test_every_part_is_owed_again(counter: Invo, paid: tuple[str, str], back: tuple[str, ...]) -> None:
    payment, number = paid
    made(counter, "payment", back[0], payment, *back[1:])
    assert (shown(counter, number)["paid"], shown(counter, number)["outstanding"]) == ("0.00", "1180.00")
    assert counter("verify", "balances", "allocations").exit_code == 0

"""Short ways to invoices, notes and payments through the command, for the tests of money."""

from __future__ import annotations

import json
from typing import Any

from tests.conftest import Invo

WHO = ("--customer", "Asha Traders")
ASHA = (*WHO, "--mobile", "9876543210")


def made(invo: Invo, *arguments: str) -> Any:
    """The JSON that a command prints; it must succeed."""
    result = invo(*arguments, "-o", "json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def refused(invo: Invo, status: int, *arguments: str) -> str:
    """What a refused command says on stderr; it prints nothing."""
    result = invo(*arguments)
    assert (result.exit_code, result.stdout) == (status, ""), (result.exit_code, result.output)
    return result.stderr


def invoice(invo: Invo, rupees: str = "1000", *arguments: str) -> str:
    """The number of an invoice to Asha; 1000 with 18 % is 1180."""
    return str(made(invo, "invoice", "create", *ASHA, "--line", f"Repair:1:{rupees}:998713:18", *arguments)["number"])


def shown(invo: Invo, number: str) -> dict[str, Any]:
    """A document as it stands."""
    return dict(made(invo, "invoice", "show", number))


def pay(invo: Invo, amount: str, *arguments: str) -> dict[str, Any]:
    """A payment of Asha by UPI."""
    return dict(made(invo, "payment", "create", *WHO, "--amount", amount, "--method", "upi", *arguments))


def payment(invo: Invo, number: str) -> dict[str, Any]:
    """A payment as it stands."""
    return dict(made(invo, "payment", "show", number))


def actions(invo: Invo, *nouns: str) -> list[str]:
    """The actions of some nouns in the audit trail, the oldest first."""
    events = sorted(made(invo, "audit", "list"), key=lambda event: int(event["seq"]))
    return [event["action"] for event in events if event["action"].split(".")[0] in nouns]

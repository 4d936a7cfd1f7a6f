"""Months of made-up trade through the command: every kind of supply, notes, cancellations, payments, hostile names."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from tests.commands.hostile import KEPT
from tests.conftest import Invo

TODAY = date(2026, 10, 20)
DOCUMENTS = 30
BUYERS: tuple[dict[str, Any], ...] = (
    {"name": "Asha Traders", "mobile": "9876543210"},
    {"name": "Pune Motors", "gstin": "27AAPFU0939F1ZV"},
    {"name": "Mysuru Motors", "gstin": "29AABCR1718E1ZL"},
    {"name": "Perera Holdings", "state": "96"},
    *({"name": name, "mobile": f"98765{place:05}", "state": "33"} for place, name in enumerate(KEPT.values())),
)
LINES = (
    {"description": "Screen replacement", "hsn": "998716", "unit_price": "1499.99", "gst_rate": "18"},
    {"description": "Battery", "hsn": "850760", "unit_price": "333.33", "gst_rate": "18", "unit": "PCS"},
    {"description": "Cable", "hsn": "8544", "unit_price": "7.605", "gst_rate": "5", "unit": "MTR"},
    {"description": "Book", "hsn": "4901", "unit_price": "99.50", "taxability": "exempt"},
    {"description": "Cola", "hsn": "2202", "unit_price": "40", "gst_rate": "40", "cess_per_unit": "1.255"},
    {"item": "FAN", "unit_price": "250"},
)


class Trade:
    """What was done; the same seed does the same."""

    def __init__(self, invo: Invo, seed: int) -> None:
        self.invo = invo
        self.random = Random(seed)
        self.days = [TODAY - timedelta(days=days) for days in (0, 1, 7, 20, 33, 45, 80, 110, 200)]
        self.run("item", "create", "--name", "Fan", "--hsn", "8414", "--price", "250", "--rate", "18", "--code", "FAN")
        for _ in range(DOCUMENTS):
            self.random.choice((self.issue, self.issue, self.issue, self.note, self.pay, self.undo, self.draft))()

    def run(self, *arguments: str, fails: bool = False, **options: Any) -> Any:
        """The JSON a command prints; it must succeed unless it may be refused."""
        done = self.invo(*arguments, "-o", "json", **options)
        assert done.exit_code == 0 or (fails and done.exit_code in (3, 5)), done.stderr
        return json.loads(done.stdout) if done.exit_code == 0 else None

    def issue(self, *flags: str) -> None:
        """A document of one to four lines."""
        buyer = self.random.choice(BUYERS)
        document: dict[str, Any] = {
            "customer": buyer,
            "date": str(self.random.choice(self.days)),
            "round_off": self.random.random() < 0.5,
            "prices_include_tax": self.random.random() < 0.3,
            "lines": [
                self.random.choice(LINES) | {"quantity": self.random.choice(("1", "2", "0.5", "3.333"))}
                for _ in range(self.random.randint(1, 4))
            ],
        }
        if "gstin" in buyer and self.random.random() < 0.3:
            document |= {"reverse_charge": True, "prices_include_tax": False}
        if buyer.get("state") == "96":
            document["supply"] = self.random.choice(("export_with_payment", "export_without_payment"))
        if self.random.random() < 0.3:
            document |= {"charges": [{"description": "Freight", "amount": "75.25", "gst_rate": "18"}]}
        if self.random.random() < 0.3:
            document |= {"other_charges": "10.10", "discount": "1.05"}
        if self.random.random() < 0.2:
            document["return_period"] = "102026"
        self.run("invoice", "create", "--file", "-", "--allow-rate", "cess", *flags, input=json.dumps(document))

    def draft(self) -> None:
        """A document that does not count yet."""
        self.issue("--draft")

    def note(self) -> None:
        """A credit note for everything, or a debit note, against a document that takes one."""
        document = self.any_document()
        if document is None:
            return
        if self.random.random() < 0.6:
            self.run("credit-note", "create", "--against", document, "--full", "--reason", "Returned", fails=True)
        else:
            line = ("--line", "Courier:1:50:998716:18", "--reason", "Forgotten")
            self.run("debit-note", "create", "--against", document, *line, fails=True)

    def pay(self) -> None:
        """A payment with what is left of it now and then refunded or voided."""
        customers = self.run("customer", "list")
        if not customers:
            return
        who = ("--customer", self.random.choice(customers)["code"], "--method", self.random.choice(("cash", "upi")))
        when = ("--date", str(self.random.choice(self.days)))
        made = self.run("payment", "create", *who, *when, "--amount", "700.07", "--auto", "oldest")
        after = self.random.random()
        if after < 0.3 and made["unallocated"] != "0.00":
            self.run("payment", "refund", made["number"], "--method", "bank")
        elif after < 0.5:
            self.run("payment", "void", made["number"], "--reason", "Bounced")

    def undo(self) -> None:
        """Cancel or delete a document, if it may be."""
        document = self.any_document()
        if document is not None:
            verb = self.random.choice(("cancel", "delete"))
            self.run("invoice", verb, document, "--reason", "Wrong", fails=True)

    def any_document(self) -> str | None:
        """The id of one that is issued."""
        issued = self.run("invoice", "list", "--status", "issued")
        return self.random.choice(issued)["id"] if issued else None

    def documents(self, *filters: str) -> list[dict[str, Any]]:
        """Every document that is issued, whole; deleted ones are cancelled and do not count."""
        rows = self.run("invoice", "list", "--status", "issued", *filters)
        return [self.run("invoice", "show", row["id"]) for row in rows]


def sign(document: dict[str, Any]) -> int:
    """Credit notes are taken off."""
    return -1 if document["kind"] == "credit_note" else 1


def rupees(amount: Decimal | int) -> str:
    """As JSON has it."""
    return f"{amount:.2f}" if amount else "0.00"

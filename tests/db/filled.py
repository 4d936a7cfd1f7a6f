"""A database with rows in every table, made by the commands as a day at the counter would."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.conftest import Invo


def fill(invo: Invo, folder: Path) -> None:
    """One business with an issued, a cancelled and a draft document, their customers, items, keys and users."""
    business = ("business", "create", "--name", "केन्द्र [b]x[/]", "--gstin", "29AAGCB7383J1Z4")
    ask(invo, *business)
    ask(invo, "series", "set", "tax_invoice", "KA/{fy}/{seq:04}")
    ask(invo, "item", "create", "--code", "SCR", "--name", "Screen", "--hsn", "8517", "--price", "1500")
    line = {"description": "Screen replacement", "hsn": "998716", "quantity": "1", "unit_price": "1500.00"}
    customer = {"name": "Asha Traders", "mobile": "9876543210", "state": "27"}
    document = folder / "document.json"
    for number in range(3):
        content = {"customer": customer, "lines": [line, line], "idempotency_key": f"key-{number}"}
        document.write_text(json.dumps(content), encoding="utf-8")
        ask(invo, "invoice", "create", "--file", str(document), *(["--draft"] if number == 2 else []))
    ask(invo, "invoice", "cancel", "KA/26-27/0002", "--reason", "Wrong buyer")
    ask(invo, "user", "create", "asha", "--role", "admin", "--password-stdin", text="correct horse")


def ask(invo: Invo, *arguments: str, text: str | None = None) -> Any:
    """Run a command that must succeed and return its record."""
    done = invo(*arguments, "-o", "json", input=text)
    assert done.exit_code == 0, (arguments, done.stderr)
    return json.loads(done.stdout) if done.stdout else None

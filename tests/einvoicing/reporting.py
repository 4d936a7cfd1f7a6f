"""Documents of a customer in Pune, and the answers of the imitated portal about them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.commands.money import made
from tests.conftest import Invo

PUNE = "27AAPFU0939F1ZV"
ADDRESS = ("--address", "1 Law College Road", "--city", "Pune", "--pincode", "411001")
TO_PUNE = ("--customer", "Pune Motors", "--gstin", PUNE)
LINE = ("--line", "Screen replacement:1:1500:998716:18")


def issued(invo: Invo, *flags: str) -> str:
    return str(made(invo, "invoice", "create", *TO_PUNE, *LINE, *flags)["number"])


def record(invo: Invo, folder: Path, content: Any, *flags: str, status: int = 0) -> Any:
    """Record what the imitated portal answers."""
    file = folder / "answer.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    done = invo("einvoice", "record", str(file), *flags, "-o", "json")
    assert done.exit_code == status, done.output
    return json.loads(done.stdout) if done.stdout else done.stderr

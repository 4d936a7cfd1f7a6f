"""Databases to measure on: fresh ones with one business, and the invoice of three lines that all benchmarks issue."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import measure

INVO = (sys.executable, "-m", "invo_cli")
LINES = (
    {"description": "Screen replacement", "hsn": "998716", "quantity": "1", "unit_price": "1500.00"},
    {"description": "Fan", "hsn": "8414", "quantity": "2", "unit_price": "100.00"},
    {"description": "Labour", "hsn": "998716", "quantity": "1", "unit_price": "300.00"},
)
CUSTOMER = {"name": "Asha Traders", "mobile": "9876543210"}


def prepare(home: Path, url: str | None = None) -> str:
    """Make a database with one business and one invoice to its customer C-0001; its URL."""
    url = url or f"sqlite:///{home / 'invo.db'}"
    env = measure.environment(home) | {"INVO_DATABASE_URL": url}
    who = ("--name", "Bengaluru Service Centre", "--gstin", "29AAGCB7383J1Z4", "--address", "12 MG Road", "--no-input")
    measure.output([*INVO, "init", *who], env)
    bought = ("--mobile", CUSTOMER["mobile"], "--line", "Screen replacement:1:1500:998716:18")
    measure.output([*INVO, "invoice", "create", "--customer", CUSTOMER["name"], *bought], env)
    return url


def issuer(url: str) -> Callable[[], None]:
    """A function that issues the invoice in this process, in a transaction of its own."""
    os.environ["INVO_DATABASE_URL"] = url
    from invo_cli.db.session import write
    from invo_cli.gst.reading import read_document
    from invo_cli.services import businesses, invoices
    from invo_cli.services.acting import Act

    document = read_document({"customer": "C-0001", "lines": list(LINES)})
    now = datetime.now(UTC)
    act = Act(actor="benchmark", os_user="benchmark", host="benchmark", at=now, today=now.date())

    def issue() -> None:
        write(lambda session: invoices.create(session, businesses.current(session, None), document, act=act))

    return issue

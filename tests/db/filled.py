"""A database with rows in every table, made by the commands as a few days at the counter would."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlalchemy.engine import URL

from invo_cli.gst.einvoice.irn import DocumentType, irn
from invo_cli.imports import templates
from invo_cli.imports.layouts import LAYOUTS
from invo_cli.models import SentMail
from tests.conftest import GSTIN, Invo
from tests.db import schema_facts as facts

PASSWORD = "correct horse"
STATEMENT = """Date,Narration,Chq./Ref.No.,Value Dt,Withdrawal Amt.,Deposit Amt.,Closing Balance
03/10/26,UPI-ASHA@OKHDFC-KA/26-27/0001,412345678901,03/10/26,,"3,040.00","11,770.00"
"""


def work(invo: Invo, url: URL, folder: Path) -> None:
    """Two businesses, with all that is done before anybody signs in."""
    _documents(invo, folder)
    _money(invo)
    _government(invo, folder)
    _exports_and_imports(invo, folder)
    _mails(url)


def ask(invo: Invo, *arguments: str, text: str | None = None) -> Any:
    """Run a command that must succeed and return its record."""
    done = invo(*arguments, "-o", "json", input=text)
    assert done.exit_code == 0, (arguments, done.stderr)
    return json.loads(done.stdout) if done.stdout else None


def _documents(invo: Invo, folder: Path) -> None:
    ask(invo, "business", "create", "--name", "केन्द्र [b]x[/]", "--gstin", GSTIN)
    ask(invo, "business", "create", "--name", "Pune branch", "--gstin", "27AAPFU0939F1ZV", "--code", "PUNE")
    ask(invo, "business", "use", GSTIN)
    ask(invo, "business", "edit", GSTIN, "--einvoice-from", "2026-04-01", "--turnover", "60000000")
    ask(invo, "series", "set", "tax_invoice", "KA/{fy}/{seq:04}")
    ask(invo, "item", "create", "--code", "SCR", "--name", "Screen", "--hsn", "8517", "--price", "1500")
    line = {"description": "Screen replacement", "hsn": "998716", "quantity": "1", "unit_price": "1500.00"}
    person = {"name": "Asha Traders", "mobile": "9876543210", "state": "27"}
    firm = {"name": "Pune Motors", "gstin": "27AAPFU0939F1ZV"}
    for number, customer in enumerate([person, person, firm, person, person]):
        content = {"customer": customer, "lines": [line, line], "idempotency_key": f"key-{number}"}
        (folder / "document.json").write_text(json.dumps(content), encoding="utf-8")
        draft = ["--draft"] if number == 4 else []
        ask(invo, "invoice", "create", "--file", str(folder / "document.json"), *draft)
    ask(invo, "invoice", "cancel", "KA/26-27/0002", "--reason", "Wrong buyer")


def _money(invo: Invo) -> None:
    ask(invo, "credit-note", "create", "--against", "KA/26-27/0004", "--full", "--reason", "Returned")
    fee = ("--line", "Courier:1:50:998716:18", "--reason", "Forgotten")
    ask(invo, "debit-note", "create", "--against", "KA/26-27/0001", *fee)
    paid = ("payment", "create", "--customer", "C-0001", "--method", "upi", "--amount")
    ask(invo, *paid, "900", "--allocate", "KA/26-27/0001:500")
    ask(invo, *paid, "1180", "--advance", "--place-of-supply", "29", "--date", "2026-08-20")
    ask(invo, "period", "lock", "2026-08", "--reason", "GSTR-1 filed")


def _government(invo: Invo, folder: Path) -> None:
    number = "KA/26-27/0003"
    answer = {
        "AckNo": 112610036563310,
        "AckDt": "2026-10-05 11:00:00",
        "Irn": irn(GSTIN, date(2026, 10, 5), DocumentType.INVOICE, number),
        "DocNo": number,
    }
    (folder / "answer.json").write_text(json.dumps(answer), encoding="utf-8")
    ask(invo, "einvoice", "record", str(folder / "answer.json"))
    ask(invo, "eway", "record", "--number", "331001234567", "--invoice", number, "--date", "2026-10-05")
    (folder / "hsn.csv").write_text("HSN_CD,HSN_Description\n8517,TELEPHONE SETS\n", encoding="utf-8")
    ask(invo, "hsn", "import", str(folder / "hsn.csv"))
    ask(invo, "return", "due", "gstr1", "2026-10", "2026-11-13")


def _exports_and_imports(invo: Invo, folder: Path) -> None:
    out = str(folder / "nightly.jsonl")
    invo("export", "invoices", "--since-last", "nightly", "--format", "jsonl", "--out", out)
    (folder / "customers.csv").write_text(templates.as_csv(LAYOUTS["customers"]), encoding="utf-8")
    ask(invo, "import", "customers", str(folder / "customers.csv"))
    (folder / "statement.csv").write_text(STATEMENT, encoding="utf-8")
    ask(invo, "import", "payments", str(folder / "statement.csv"), "--match", "--book", "certain", "--batch", "october")


def _mails(url: URL) -> None:
    """A mail as sending one stores it; there is no server here."""
    from datetime import UTC, datetime

    at = datetime(2026, 10, 5, 6, 30, tzinfo=UTC)
    with facts.connect(url, writes=True) as connection, connection.begin():
        found = facts.first(connection, "SELECT business_id, id FROM invoices WHERE number = 'KA/26-27/0001'")
        connection.execute(
            insert(SentMail).values(
                business_id=found[0],
                id=1,
                key="invoice:1",
                attempt=1,
                kind="invoice",
                status="sent",
                invoice_id=found[1],
                recipient="asha@example.com",
                subject="आपका बिल",
                message_id="<1@example.com>",
                claimed_at=at,
                claimed_by="asha",
                settled_at=at,
            )
        )


def go_on(invo: Invo) -> None:
    """What older revisions cannot hold: a corrected advance, people and a token. Every table has rows now."""
    delivered = ("--place-of-supply", "27", "--reason", "Delivered in Pune", "--business", GSTIN)
    ask(invo, "payment", "amend", "PAY/26-27/0002", *delivered)
    ask(invo, "user", "create", "asha", "--role", "admin", "--password-stdin", text=PASSWORD)
    ask(invo, "auth", "login", "asha", "--password-stdin", text=PASSWORD)
    ask(invo, "user", "create", "ravi", "--role", "operator", "--password-stdin", text=PASSWORD)
    ask(invo, "user", "edit", "ravi", "--business", "PUNE")
    ask(invo, "token", "create", "--name", "cron", "--role", "exporter", "--business", GSTIN, "--expires", "90d")

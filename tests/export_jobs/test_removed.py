"""Rows that leave the database for good: the receiver is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.money import made
from tests.conftest import Invo
from tests.export_jobs.consumer import Consumer

pytestmark = pytest.mark.integration
CUSTOMERS = "code,name,mobile\nOLD-1,Asha Traders,9876543210\n"
ITEMS = "code,name,unit_price\nSCREEN,Screen,2000.00\n"
PAYMENTS = "number,date,customer,amount,method,allocate\nR-0001,2026-04-02,OLD-1,1000.00,upi,OLD/0001:600\n"
DOCUMENT = {
    "number": "OLD/0001",
    "date": "2026-04-01",
    "customer": "OLD-1",
    "lines": [
        {"description": "Screen", "hsn": "998716", "quantity": "1", "unit_price": "1500.00", "gst_rate": "18"},
        {"description": "Cable", "hsn": "8544", "quantity": "2", "unit_price": "100.00", "gst_rate": "18"},
    ],
}


def imported(invo: Invo, folder: Path, what: str, text: str, ending: str = "csv") -> str:
    file = folder / f"{what}.{ending}"
    file.write_text(text)
    return str(made(invo, "import", what, str(file))["batch"])


def test_an_undone_import_is_removed_at_the_receiver_too(counter: Invo, tmp_path: Path) -> None:
    batches = [
        imported(counter, tmp_path, "customers", CUSTOMERS),
        imported(counter, tmp_path, "items", ITEMS),
        imported(counter, tmp_path, "invoices", json.dumps(DOCUMENT) + "\n", "jsonl"),
        imported(counter, tmp_path, "payments", PAYMENTS),
    ]
    names = ("invoices", "lines", "customers", "items", "payments", "allocations")
    receivers = [Consumer(name, tmp_path) for name in names]
    assert [receiver.pull(counter) for receiver in receivers] == [1, 2, 1, 1, 1, 1]
    for batch in reversed(batches):
        made(counter, "import", "undo", batch, "--yes")
    for receiver in receivers:
        receiver.pull(counter)
        assert receiver.rows == {}, receiver.data_set
        receiver.require_same(counter)


def test_a_receiver_that_knows_documents_by_number_can_remove_them_too(counter: Invo, tmp_path: Path) -> None:
    imported(counter, tmp_path, "customers", CUSTOMERS)
    batch = imported(counter, tmp_path, "invoices", json.dumps(DOCUMENT) + "\n", "jsonl")
    receivers = [Consumer(name, tmp_path) for name in ("invoices", "lines")]
    for receiver in receivers:
        receiver.pull(counter)
    made(counter, "import", "undo", batch, "--yes")
    removal = made(counter, "audit", "list", "--action", "invoice.remove")[0]["seq"]
    named = {"number": "OLD/0001", "kind": "tax_invoice", "date": "2026-04-01", "change": removal, "op": "delete"}
    for receiver in receivers:
        receiver.pull(counter)
        rows = [json.loads(line) for line in receiver.out.read_text().splitlines()]
        assert [{name: row[name] for name in named} for row in rows] == [named] * len(rows)
    assert [row["line"] for row in rows] == [1, 2]


def test_what_came_and_went_between_two_runs_is_not_told(counter: Invo, tmp_path: Path) -> None:
    receiver = Consumer("customers", tmp_path)
    made(counter, "customer", "create", "--name", "Somebody")
    receiver.pull(counter)
    made(counter, "import", "undo", imported(counter, tmp_path, "customers", CUSTOMERS), "--yes")
    assert receiver.pull(counter) == 0


def test_a_line_taken_out_of_a_draft_is_removed(counter: Invo, tmp_path: Path) -> None:
    line = ("--line", "Repair:1:100:998713:18")
    who = ("--customer", "Asha", "--mobile", "9876543210")
    receiver = Consumer("lines", tmp_path)
    made(counter, "invoice", "create", *who, *line, *line, *line, "--draft")
    assert receiver.pull(counter) == 3
    made(counter, "invoice", "edit", "D-1", *line)
    assert receiver.pull(counter) == 3
    receiver.require_same(counter)
    assert len(receiver.rows) == 1

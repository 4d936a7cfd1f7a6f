"""The document that create, issue, edit, show, cancel and duplicate print as JSON."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.conftest import Invo, Process
from tests.contract.running import ASHA, LINE, record

pytestmark = [pytest.mark.contract, pytest.mark.integration]

# The example of docs/document.md, to which every other document is alike.
EXAMPLE: dict[str, Any] = {
    "id": "D-1", "number": "INV/26-27/0001", "kind": "tax_invoice", "status": "issued", "payment_status": "unpaid",
    "is_deleted": False, "business": "29AAGCB7383J1Z4", "financial_year": "2026-27", "return_period": "102026",
    "date": "2026-10-05", "due_date": "2026-11-04",
    "customer": {"code": "C-0001", "name": "Asha Traders", "gstin": None, "state": "29"},
    "supply": "regular", "place_of_supply": "29", "reverse_charge": False,
    "lines": [
        {"line": 1, "description": "Screen replacement", "serial": None, "hsn": "998716", "quantity": "1.000",
         "unit": "NOS", "unit_price": "1500.000", "gross": "1500.00", "discount": "0.00", "taxable_value": "1500.00",
         "taxability": "taxable", "gst_rate": "18", "cgst": "135.00", "sgst": "135.00", "igst": "0.00", "cess": "0.00",
         "total": "1770.00"},
    ],
    "taxable_value": "1500.00", "cgst": "135.00", "sgst": "135.00", "igst": "0.00", "cess": "0.00",
    "discount": "0.00", "other_charges": "0.00", "round_off": "0.00", "total": "1770.00",
    "paid": "0.00", "credited": "0.00", "outstanding": "1770.00",
    "amount_in_words": "Rupees One Thousand Seven Hundred Seventy Only",
    "against": None, "amends": None, "irn": None, "notes": None,
}  # fmt: skip
MONEY = ("taxable_value", "cgst", "sgst", "igst", "cess", "discount", "other_charges", "round_off", "total", "paid",
         "credited", "outstanding")  # fmt: skip
PARTICULARS = ("shipping_bill", "ship_to", "transport", "ecommerce_gstin", "ecommerce_section", "differential_percent",
               "service_type", "terms")  # fmt: skip
COMMAND = ("invoice", "create", *ASHA, "--line", LINE, "--date", "2026-10-05", "--due-date", "2026-11-04", "-o", "json")


@pytest.fixture(autouse=True)
def october(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_NOW", "2026-10-05T10:00:00+05:30")


def as_example(document: dict[str, Any]) -> dict[str, Any]:
    """What the example knows of a document, in the order in which the document has it."""
    known = {key: value for key, value in document.items() if key in EXAMPLE}
    customer = {key: value for key, value in known["customer"].items() if key in EXAMPLE["customer"]}
    lines = [
        {key: value for key, value in line.items() if key in EXAMPLE["lines"][0]} for line in document.get("lines", [])
    ]
    return known | {"customer": customer, "lines": lines}


def check_forms(document: dict[str, Any]) -> None:
    """Every key in its place, every value in its form."""
    assert list(as_example(document)) == list(EXAMPLE)
    assert all(re.fullmatch(r"-?[0-9]+\.[0-9]{2}", document[key]) for key in MONEY)
    assert re.fullmatch("D-[1-9][0-9]*", document["id"])
    assert re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", document["date"])
    assert re.fullmatch("[0-9]{2}", document["place_of_supply"])
    for line in as_example(document)["lines"]:
        assert list(line) == list(EXAMPLE["lines"][0])
        assert re.fullmatch(r"[0-9]+\.[0-9]{3}", line["quantity"])
        assert re.fullmatch(r"-?[0-9]+\.[0-9]{3}", line["unit_price"])
        assert re.fullmatch(r"[0-9]+(\.[0-9]*[1-9])?", line["gst_rate"])


def test_create_and_show_print_the_example(shop: Process) -> None:
    made = record(shop(*COMMAND))
    assert as_example(made) == EXAMPLE
    assert record(shop("invoice", "show", "INV/26-27/0001", "-o", "json")) == made
    check_forms(made)


def test_a_list_has_the_same_values_without_the_lines(shop: Process) -> None:
    made = record(shop(*COMMAND))
    (row,) = json.loads(shop("invoice", "list", "-o", "json").stdout)
    assert row["customer"] == EXAMPLE["customer"]
    assert set(made) - set(row) == {"lines", "amount_in_words", "seller", *PARTICULARS}
    assert all(row[key] == made[key] for key in row if key != "customer")
    (line,) = shop("invoice", "list", "-o", "jsonl").stdout.splitlines()
    assert json.loads(line) == row


def test_every_verb_prints_the_document(shop: Process, invo: Invo) -> None:
    def run(*arguments: str) -> dict[str, Any]:
        done = invo(*arguments, "-o", "json")
        assert done.exit_code == 0, done.stderr
        document: dict[str, Any] = json.loads(done.stdout)
        check_forms(document)
        return document

    draft = run(*COMMAND[:-2], "--draft")
    assert (draft["id"], draft["number"], draft["status"], draft["payment_status"]) == ("D-1", None, "draft", None)
    assert run("invoice", "edit", "D-1", "--notes", "Hello")["notes"] == "Hello"
    issued = run("invoice", "issue", "D-1")
    assert (issued["id"], issued["number"], issued["status"]) == ("D-1", "INV/26-27/0001", "issued")
    assert run("invoice", "show", "D-1") == issued
    copy = run("invoice", "duplicate", "D-1")
    assert (copy["id"], copy["status"], copy["notes"]) == ("D-2", "draft", "Hello")
    cancelled = run("invoice", "cancel", "D-1", "--reason", "Twice")
    assert (cancelled["status"], cancelled["payment_status"], cancelled["number"]) == (
        "cancelled",
        None,
        issued["number"],
    )
    hidden = run("invoice", "delete", "D-1")
    assert (hidden["is_deleted"], hidden["status"]) == (True, "cancelled")
    shown = run("invoice", "restore", "D-1")
    assert (shown["is_deleted"], shown["status"]) == (False, "cancelled")


def test_a_document_past_its_due_date_is_overdue(shop: Process, invo: Invo, monkeypatch: pytest.MonkeyPatch) -> None:
    record(shop(*COMMAND))
    monkeypatch.setenv("INVO_NOW", "2026-11-04T23:59:59+05:30")
    assert json.loads(invo("invoice", "show", "D-1", "-o", "json").stdout)["payment_status"] == "unpaid"
    monkeypatch.setenv("INVO_NOW", "2026-11-05T00:00:00+05:30")
    assert json.loads(invo("invoice", "show", "D-1", "-o", "json").stdout)["payment_status"] == "overdue"


def test_a_total_of_zero_is_paid(shop: Process, invo: Invo) -> None:
    made = json.loads(invo("invoice", "create", *ASHA, "--line", "Gift:1:0:8471:18", "-o", "json").stdout)
    assert (made["total"], made["payment_status"], made["outstanding"]) == ("0.00", "paid", "0.00")


def test_a_reprint_is_the_document_as_it_was_issued(shop: Process, invo: Invo) -> None:
    made = record(shop(*COMMAND))
    invo("business", "edit", "29AAGCB7383J1Z4", "--name", "Renamed", "--address", "Moved")
    invo("customer", "edit", "C-0001", "--name", "Renamed too", "--mobile", "9876543219")
    assert record(shop("invoice", "show", "D-1", "-o", "json")) == made

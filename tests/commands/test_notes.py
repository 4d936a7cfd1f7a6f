"""Credit and debit notes: never beyond what is left, closed to the paisa."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.conftest import Invo

pytestmark = pytest.mark.integration
ASHA = ("--customer", "Asha Traders", "--mobile", "9876543210")


def issue(invo: Invo, *arguments: str) -> dict[str, Any]:
    result = invo("invoice", "create", *ASHA, *arguments, "-o", "json")
    assert result.exit_code == 0, result.stderr
    return dict(json.loads(result.stdout))


def credit(invo: Invo, number: str, *arguments: str, kind: str = "credit-note") -> dict[str, Any]:
    result = invo(kind, "create", "--against", number, "--reason", "Returned", *arguments, "-o", "json")
    assert result.exit_code == 0, result.stderr
    return dict(json.loads(result.stdout))


def shown(invo: Invo, number: str) -> dict[str, Any]:
    return dict(json.loads(invo("invoice", "show", number, "-o", "json").stdout))


def test_a_full_credit_note_mirrors_its_invoice(counter: Invo) -> None:
    invoice = issue(
        counter, "--line", "Cable:1:99.50:8544:18", "--line", "Work:1:100:998713:5", "--charge", "Freight:20"
    )
    note = credit(counter, invoice["number"], "--full")
    assert (note["number"][:3], note["kind"], note["against"]) == ("CN/", "credit_note", invoice["number"])
    for key in ("taxable_value", "cgst", "sgst", "igst", "round_off", "total"):
        assert note[key] == invoice[key], key
    after = shown(counter, invoice["number"])
    assert (after["credited"], after["outstanding"], after["payment_status"]) == (invoice["total"], "0.00", "paid")


def test_nothing_is_left_after_a_full_note(counter: Invo) -> None:
    number = issue(counter, "--line", "Cable:1:99.50:8544:18")["number"]
    credit(counter, number, "--full")
    again = counter("credit-note", "create", "--against", number, "--full", "--reason", "Again")
    assert (again.exit_code, again.stdout) == (5, "")


@pytest.mark.parametrize("line", ["Thing:3:7.60:8544:5", "Thing:7:0.99:8544:18", "Thing:3:33.333:8544:0.25"])
@pytest.mark.parametrize("way", ["--prices-before-tax", "--prices-include-tax"])
def test_parts_add_up_to_the_whole_to_the_paisa(counter: Invo, line: str, way: str) -> None:
    invoice = issue(counter, "--line", line, way, "--discount", "0.37")
    quantity = int(line.split(":")[1])
    notes = [credit(counter, invoice["number"], "--line", "1:1") for _ in range(quantity)]
    after = shown(counter, invoice["number"])
    assert (after["credited"], after["outstanding"]) == (invoice["total"], "0.00")
    assert notes[-1]["taxable_value"] != ""
    over = counter("credit-note", "create", "--against", invoice["number"], "--line", "1:1", "--reason", "x")
    assert over.exit_code in (3, 5)


def test_more_than_the_quantity_left_is_refused(counter: Invo) -> None:
    number = issue(counter, "--line", "Cable:3:100:8544:18")["number"]
    credit(counter, number, "--line", "1:2")
    refused = counter("credit-note", "create", "--against", number, "--line", "1:2", "--reason", "x")
    assert (refused.exit_code, refused.stdout) == (3, "")
    assert "1" in refused.stderr
    assert credit(counter, number, "--line", "1")["lines"][0]["quantity"] == "1.000"


def test_a_free_line_bears_a_rate_of_the_invoice(counter: Invo) -> None:
    number = issue(counter, "--line", "Cable:1:1000:8544:18")["number"]
    wrong = counter("credit-note", "create", "--against", number, "--line", "Off:1:10::5", "--reason", "x")
    assert wrong.exit_code == 3
    note = credit(counter, number, "--line", "Price revised:1:100:8544:18")
    assert (note["total"], shown(counter, number)["outstanding"]) == ("118.00", "1062.00")
    too_much = counter("credit-note", "create", "--against", number, "--line", "Off:1:901:8544:18", "--reason", "x")
    assert too_much.exit_code == 3


def test_a_debit_note_adds_to_what_can_be_credited(counter: Invo) -> None:
    number = issue(counter, "--line", "Cable:1:1000:8544:18")["number"]
    note = credit(counter, number, "--line", "Price revised:1:100:8544:18", kind="debit-note")
    assert (note["number"][:3], note["payment_status"], note["outstanding"]) == ("DN/", None, "118.00")
    assert shown(counter, number)["outstanding"] == "1180.00"
    credit(counter, number, "--line", "Off:1:1050:8544:18")


def test_cancelling_a_note_gives_back_what_it_took(counter: Invo) -> None:
    number = issue(counter, "--line", "Cable:1:1000:8544:18")["number"]
    note = credit(counter, number, "--full")["number"]
    assert counter("invoice", "cancel", number, "--reason", "x").exit_code == 5
    assert counter("credit-note", "cancel", note, "--reason", "Wrong").exit_code == 0
    assert shown(counter, number)["outstanding"] == "1180.00"
    assert counter("invoice", "cancel", number, "--reason", "x").exit_code == 0


def test_a_note_is_a_document_too(counter: Invo) -> None:
    number = issue(counter, "--line", "Cable:2:1000:8544:18")["number"]
    document = {
        "kind": "credit_note",
        "against": number,
        "reason": "Returned",
        "lines": [{"against_line": 1, "quantity": "1"}],
    }
    made = counter("invoice", "create", "--file", "-", "-o", "json", input=json.dumps(document))
    assert made.exit_code == 0, made.stderr
    assert json.loads(made.stdout)["total"] == "1180.00"


def test_an_untaxed_line_of_a_note_needs_no_rate(counter: Invo) -> None:
    book = {"description": "Book", "hsn": "4901", "unit_price": "60", "taxability": "exempt"}
    lines = [{"description": "Cable", "hsn": "8544", "unit_price": "100", "gst_rate": "18"}, book]
    sold = {"customer": {"name": "Asha Traders"}, "lines": lines}
    made = counter("invoice", "create", "--file", "-", "-o", "json", input=json.dumps(sold))
    document = {
        "kind": "credit_note",
        "against": json.loads(made.stdout)["number"],
        "reason": "Returned",
        "lines": [{**book, "unit_price": "20"}],
    }
    note = counter("invoice", "create", "--file", "-", "-o", "json", input=json.dumps(document))
    assert note.exit_code == 0, note.stderr
    assert (json.loads(note.stdout)["total"], json.loads(note.stdout)["lines"][0]["gst_rate"]) == ("20.00", "0")


def test_a_note_keeps_to_the_customer_and_place_of_its_invoice(counter: Invo) -> None:
    number = issue(counter, "--line", "Cable:1:1000:8544:18")["number"]
    for extra in ({"place_of_supply": "27"}, {"customer": "Somebody"}, {"supply": "sez_with_payment"}):
        document = {"kind": "credit_note", "against": number, "reason": "x", **extra}
        refused = counter("invoice", "create", "--file", "-", input=json.dumps(document))
        assert refused.exit_code == 3, extra


def test_a_note_needs_an_issued_invoice(counter: Invo) -> None:
    issue(counter, "--line", "Cable:1:1000:8544:18", "--draft")
    assert counter("credit-note", "create", "--against", "D-1", "--full", "--reason", "x").exit_code == 5
    assert counter("credit-note", "create", "--against", "INV/26-27/0009", "--full", "--reason", "x").exit_code == 4
    assert counter("credit-note", "create", "--full", "--reason", "x").exit_code == 2


def test_one_note_against_several_invoices(counter: Invo) -> None:
    first, second = (issue(counter, "--line", "Cable:1:100:8544:18")["number"] for _ in range(2))
    note = credit(counter, f"{first}, {second}", "--line", "Rebate:1:150:8544:18")
    assert note["total"] == "177.00"
    assert [shown(counter, number)["credited"] for number in (first, second)] == ["118.00", "59.00"]


def test_old_rates_hold_for_notes_against_old_invoices(counter: Invo) -> None:
    number = issue(counter, "--line", "Tyre:1:1000:4011:28", "--date", "2025-09-01")["number"]
    note = credit(counter, number, "--full")
    assert note["lines"][0]["gst_rate"] == "28"


def test_a_note_is_explained_with_its_closing_round_off(counter: Invo) -> None:
    number = issue(counter, "--line", "Cable:1:99.50:8544:18")["number"]
    note = credit(counter, number, "--full")
    steps = json.loads(counter("invoice", "explain", note["number"], "-o", "json").stdout)
    assert steps[-1]["amount"] == note["total"]


def test_a_locked_month_takes_no_document(counter: Invo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_NOW", "2026-10-05")
    number = issue(counter, "--line", "Cable:1:100:8544:18", "--date", "2026-09-30")["number"]
    assert counter("period", "lock", "2026-09", "--reason", "GSTR-1 filed").exit_code == 0
    refused = counter("invoice", "create", *ASHA, "--line", "Cable:1:100:8544:18", "--date", "2026-09-30")
    assert refused.exit_code == 3
    cancelled = counter("invoice", "cancel", number, "--reason", "x")
    assert cancelled.exit_code == 5
    assert "invo period unlock 2026-09" in cancelled.stderr
    assert credit(counter, number, "--full")["date"] == "2026-10-05"
    assert json.loads(counter("period", "list", "-o", "json").stdout)[0]["period"] == "2026-09"
    assert counter("period", "unlock", "2026-09", "--reason", "amend").exit_code == 0
    issue(counter, "--line", "Cable:1:100:8544:18", "--date", "2026-09-30")


def test_the_history_of_an_invoice_tells_of_notes_and_payments(counter: Invo) -> None:
    number = issue(counter, "--line", "Cable:1:1000:8544:18")["number"]
    credit(counter, number, "--line", "Off:1:100:8544:18")
    paid = counter(
        "payment", "create", "--customer", "C-0001", "--amount", "500", "--method", "cash", "--auto", "oldest"
    )
    assert paid.exit_code == 0, paid.stderr
    events = json.loads(counter("audit", "list", "--subject", "invoice:D-1", "-o", "json").stdout)
    assert [(event["action"], event["reason"]) for event in events] == [
        ("invoice.issue", None),
        ("invoice.settle", "invoice.issue CN/26-27/0001"),
        ("invoice.settle", "payment.create PAY/26-27/0001"),
    ]
    exported = counter("export", "invoices", "--format", "jsonl", "--fields", "id,change").stdout.splitlines()
    changes = {row["id"]: row["change"] for row in map(json.loads, exported)}
    assert changes["D-1"] == events[-1]["seq"]
    assert counter("audit", "verify").exit_code == 0


def test_notes_never_take_back_more_tax_than_was_charged(counter: Invo) -> None:
    ways = (
        ("--line", "S:3:100:998716:18", "--prices-include-tax", "--no-round-off"),
        ("--line", "S:7:99.99:998716:18", "--line", "T:1:33.33:998716:18", "--discount", "10.01"),
    )
    for way in ways:
        invoice = issue(counter, *way)
        notes = []
        for line in invoice["lines"]:
            for _ in range(int(line["quantity"].split(".")[0])):
                notes.append(credit(counter, invoice["number"], "--line", f"{line['line']}:1"))
        for key in ("taxable_value", "cgst", "sgst", "total"):
            assert sum(Decimal(note[key]) for note in notes) == Decimal(invoice[key]), key
        for note in notes:
            assert sum(Decimal(line["cgst"]) for line in note["lines"]) == Decimal(note["cgst"])


def test_what_is_returned_is_taken_off_its_item(counter: Invo) -> None:
    counter("item", "create", "--name", "Battery", "--code", "BAT", "--hsn", "8507", "--price", "1200", "--rate", "18")
    number = issue(counter, "--item", "BAT:2")["number"]
    credit(counter, number, "--line", "1:1")
    (row,) = json.loads(counter("report", "items", "-o", "json").stdout)
    assert row["taxable_value"] == "1200.00"

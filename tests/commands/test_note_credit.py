"""What notes do to money: credit that pays, stays on account, goes elsewhere or back; what is left, by rate."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.commands.money import actions, invoice, made, pay, payment, refused, shown
from tests.conftest import Invo

pytestmark = pytest.mark.integration
ASHA = ("--customer", "Asha Traders", "--mobile", "9876543210")


@pytest.fixture(autouse=True)
def october(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_NOW", "2026-10-20")


def note(invo: Invo, number: str, *words: str, kind: str = "credit-note") -> dict[str, Any]:
    return dict(made(invo, kind, "create", "--against", number, "--reason", "Returned", *words))


def refuse_note(invo: Invo, status: int, number: str, *words: str, kind: str = "credit-note") -> str:
    return refused(invo, status, kind, "create", "--against", number, "--reason", "Returned", *words)


def of_lines(invo: Invo, *lines: str) -> str:
    words = (word for line in lines for word in ("--line", line))
    return str(made(invo, "invoice", "create", *ASHA, *words)["number"])


def test_a_note_is_a_document_with_its_original(counter: Invo) -> None:
    number = invoice(counter)
    row = note(counter, number, "--full", "--notes", "Sorry", "--reference", "RMA 7", "--date", "2026-10-20")
    assert (row["kind"], row["against"], row["total"], row["payment_status"]) == (
        "credit_note",
        number,
        "1180.00",
        None,
    )
    assert (row["notes"], row["reference"], row["financial_year"]) == ("Sorry", "RMA 7", "2026-27")
    assert made(counter, "credit-note", "show", row["number"]) == row
    assert [each["number"] for each in made(counter, "credit-note", "list")] == [row["number"]]
    assert made(counter, "debit-note", "list") == []


def test_the_credit_of_a_paid_invoice_goes_elsewhere_or_back(counter: Invo) -> None:
    number = invoice(counter)
    pay(counter, "1180", "--allocate", number)
    credit = note(counter, number, "--full")["number"]
    assert made(counter, "customer", "balance", "Asha Traders")["balance"] == "-1180.00"
    second = invoice(counter, "500")
    row = made(counter, "payment", "allocate", credit, second)
    assert (row["number"], row["direction"], row["allocated"], row["unallocated"]) == (
        credit,
        "credit_note",
        "590.00",
        "590.00",
    )
    after = shown(counter, second)
    assert (after["credited"], after["payment_status"]) == ("590.00", "paid")
    back = made(counter, "payment", "refund", credit, "--method", "bank", "--amount", "90")
    assert back["refund_of"] == {"number": credit, "date": "2026-10-20", "voucher": None}
    refused(counter, 5, "payment", "refund", credit, "--method", "bank", "--amount", "500.01")
    assert made(counter, "payment", "refund", credit, "--method", "bank")["amount"] == "500.00"
    assert made(counter, "customer", "balance", "Asha Traders") == {
        "customer": "C-0001",
        "as_of": "2026-10-20",
        "balance": "0.00",
        "unallocated": "0.00",
    }
    assert actions(counter, "payment") == ["payment.create", "payment.allocate", "payment.refund", "payment.refund"]


def test_a_note_whose_credit_was_used_is_cancelled_only_after_that_is_taken_back(counter: Invo) -> None:
    number, second = invoice(counter), invoice(counter, "100")
    pay(counter, "1180", "--allocate", number)
    credit = note(counter, number, "--full")["number"]
    made(counter, "payment", "allocate", credit, second)
    refused(counter, 5, "credit-note", "cancel", credit, "--reason", "x")
    made(counter, "payment", "unallocate", credit, "--from", second)
    back = made(counter, "payment", "refund", credit, "--method", "cash", "--amount", "1")["number"]
    refused(counter, 5, "credit-note", "cancel", credit, "--reason", "x")
    made(counter, "payment", "void", back, "--reason", "x")
    assert made(counter, "credit-note", "cancel", credit, "--reason", "x")["status"] == "cancelled"
    assert made(counter, "customer", "balance", "Asha Traders")["balance"] == "118.00"
    refused(counter, 5, "payment", "allocate", credit, second)


def test_a_note_pays_what_its_invoice_owes_and_keeps_the_rest(counter: Invo) -> None:
    number = invoice(counter)
    paid = pay(counter, "1000", "--allocate", number)["number"]
    credit = note(counter, number, "--line", "Off:1:500:998713:18")["number"]
    row = shown(counter, number)
    assert (row["paid"], row["credited"], row["outstanding"]) == ("1000.00", "180.00", "0.00")
    assert made(counter, "payment", "allocate", credit, invoice(counter))["unallocated"] == "0.00"
    made(counter, "payment", "void", paid, "--reason", "Bounced")
    assert shown(counter, number)["outstanding"] == "1000.00"


def test_an_invoice_with_a_note_is_not_cancelled(counter: Invo) -> None:
    number = invoice(counter)
    credit = note(counter, number, "--line", "Off:1:100:998713:18")["number"]
    assert "Take those back first" in refused(counter, 5, "invoice", "cancel", number, "--reason", "x")
    made(counter, "credit-note", "cancel", credit, "--reason", "x")
    assert made(counter, "invoice", "cancel", number, "--reason", "x")["status"] == "cancelled"


def test_an_invoice_with_a_note_that_does_not_pay_it_is_not_cancelled_either(counter: Invo) -> None:
    credited, debited = invoice(counter), invoice(counter)
    made(counter, "payment", "unallocate", note(counter, credited, "--full")["number"])
    note(counter, debited, "--line", "More:1:100:998713:18", kind="debit-note")
    for number in (credited, debited):
        assert shown(counter, number)["outstanding"] == "1180.00"
        assert "invo credit-note cancel" in refused(counter, 5, "invoice", "cancel", number, "--reason", "x")


def test_a_debit_note_is_owed_and_paid_like_an_invoice(counter: Invo) -> None:
    number = invoice(counter)
    debit = note(counter, number, "--line", "More:1:100:998713:18", kind="debit-note")["number"]
    row = pay(counter, "1298", "--auto", "oldest")
    assert [(part["invoice"], part["amount"]) for part in row["allocations"]] == [
        (number, "1180.00"),
        (debit, "118.00"),
    ]
    refused(counter, 5, "debit-note", "cancel", debit, "--reason", "x")
    made(counter, "payment", "unallocate", row["number"])
    assert made(counter, "debit-note", "cancel", debit, "--reason", "x")["status"] == "cancelled"


def test_a_debit_note_that_was_credited_is_not_cancelled(counter: Invo) -> None:
    number = invoice(counter)
    debit = note(counter, number, "--line", "More:1:100:998713:18", kind="debit-note")["number"]
    credit = note(counter, number, "--line", "Off:1:1050:998713:18")["number"]
    assert "Cancel the credit note first" in refused(counter, 5, "debit-note", "cancel", debit, "--reason", "x")
    made(counter, "credit-note", "cancel", credit, "--reason", "x")
    made(counter, "debit-note", "cancel", debit, "--reason", "x")


def test_all_that_is_left_after_a_price_reduction(counter: Invo) -> None:
    number = of_lines(counter, "Fan:2:500:8414:18", "Book:1:99.50:4901:5")
    whole = shown(counter, number)
    first = note(counter, number, "--line", "Price revised:1:150:8414:18")
    second = note(counter, number, "--full")
    lines = [(line["quantity"], line["taxable_value"], line["gst_rate"]) for line in second["lines"]]
    assert lines == [("2.000", "850.00", "18"), ("1.000", "99.50", "5")]
    assert Decimal(first["total"]) + Decimal(second["total"]) == Decimal(whole["total"])
    assert (shown(counter, number)["credited"], shown(counter, number)["outstanding"]) == (whole["total"], "0.00")
    refuse_note(counter, 5, number, "--full")


def test_all_that_is_left_leaves_out_lines_that_are_used_up(counter: Invo) -> None:
    number = of_lines(counter, "Fan:1:100:8414:18", "Belt:1:300:8414:18")
    note(counter, number, "--line", "Price revised:1:150:8414:18")
    (line,) = note(counter, number, "--full")["lines"]
    assert (line["description"], line["taxable_value"]) == ("Belt", "250.00")


def test_a_rate_is_never_taken_back_beyond_what_it_bears(counter: Invo) -> None:
    number = of_lines(counter, "Fan:1:1000:8414:18", "Book:1:100:4901:5")
    assert "left at 5 %" in refuse_note(counter, 3, number, "--line", "Off:1:100.01:4901:5")
    note(counter, number, "--line", "Off:1:60:4901:5")
    refuse_note(counter, 3, number, "--line", "Off:1:40.01:4901:5")
    note(counter, number, "--line", "More:1:10:4901:5", kind="debit-note")
    note(counter, number, "--line", "Off:1:50:4901:5")


def test_a_line_is_not_taken_twice_in_one_note(counter: Invo) -> None:
    number = of_lines(counter, "Fan:3:100:8414:18", "Belt:9:100:8414:18")
    refuse_note(counter, 3, number, "--line", "1:2", "--line", "1:2")
    row = note(counter, number, "--line", "1:2", "--line", "1")
    assert [line["quantity"] for line in row["lines"]] == ["2.000", "1.000"]


@pytest.mark.parametrize("line", ["4:1", "1:0", "1:4", "1:0.0001", "0:1", "1:1e1", "1:-1", "1:x", "Off:1:1::18:extra:"])
def test_a_line_that_is_none_is_refused(counter: Invo, line: str) -> None:
    number = of_lines(counter, "Fan:3:100:8414:18")
    refuse_note(counter, 3, number, "--line", line)
    assert shown(counter, number)["credited"] == "0.00"


def test_lines_of_the_original_are_named_for_one_document_with_prices_before_tax(counter: Invo) -> None:
    first, second = invoice(counter), invoice(counter)
    refuse_note(counter, 3, f"{first},{second}", "--line", "1:1")
    refuse_note(counter, 3, f"{first},{second}", "--full")
    document = {"kind": "credit_note", "against": first, "reason": "x", "prices_include_tax": True}
    document["lines"] = [{"against_line": 1}]
    assert counter("invoice", "create", "--file", "-", input=json.dumps(document)).exit_code == 3


@pytest.mark.parametrize("kind", ["credit-note", "debit-note"])
def test_dates_of_notes_follow_their_originals(counter: Invo, kind: str) -> None:
    early, late = invoice(counter, "100", "--date", "2026-10-01"), invoice(counter, "100", "--date", "2026-10-10")
    line = ("--line", "Off:1:10:998713:18")
    for day in ("2026-09-30", "2026-10-21", "2017-06-30"):
        refuse_note(counter, 3, early, *line, "--date", day, kind=kind)
    refuse_note(counter, 3, f"{early},{late}", *line, "--date", "2026-10-09", kind=kind)
    assert note(counter, f"{early},{late}", *line, "--date", "2026-10-10", kind=kind)["date"] == "2026-10-10"


def test_a_note_after_30_november_of_the_next_year_is_warned_about(
    counter: Invo, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = invoice(counter, "1000", "--date", "2025-04-01")
    monkeypatch.setenv("INVO_NOW", "2026-12-01")
    usual = ("credit-note", "create", "--against", number, "--line", "Off:1:1:998713:18", "--reason", "Late")
    assert "GST-58" not in counter(*usual, "--date", "2026-11-30").stderr
    late = counter(*usual)
    assert (late.exit_code, "GST-58" in late.stderr) == (0, True)


@pytest.mark.parametrize("kind", ["credit-note", "debit-note"])
def test_a_dry_run_of_a_note_keeps_nothing(counter: Invo, kind: str) -> None:
    number = invoice(counter)
    row = note(counter, number, "--line", "Off:1:100:998713:18", "--dry-run", kind=kind)
    assert (row["dry_run"], row["total"]) == (True, "118.00")
    assert made(counter, kind, "list") == []
    assert shown(counter, number)["outstanding"] == "1180.00"
    made_note = note(counter, number, "--line", "Off:1:100:998713:18", kind=kind)
    assert made_note["number"] == row["number"]
    assert made(counter, kind, "cancel", row["number"], "--reason", "x", "--dry-run")["status"] == "cancelled"
    assert made(counter, kind, "show", row["number"])["status"] == "issued"


def test_a_draft_note_takes_nothing_back_until_it_is_issued(counter: Invo) -> None:
    number = invoice(counter)
    draft = note(counter, number, "--full", "--draft")
    assert (draft["status"], draft["number"]) == ("draft", None)
    assert shown(counter, number)["credited"] == "0.00"
    pay(counter, "1000", "--allocate", number)
    issued = made(counter, "invoice", "issue", draft["id"])
    assert (issued["number"], issued["total"]) == ("CN/26-27/0001", "1180.00")
    assert shown(counter, number)["credited"] == "180.00"
    assert made(counter, "payment", "allocate", "CN/26-27/0001", invoice(counter))["unallocated"] == "0.00"


def test_the_same_key_gives_the_same_note(counter: Invo) -> None:
    number = invoice(counter)
    words = ("--line", "Off:1:100:998713:18", "--idempotency-key", "k-1")
    first, second = note(counter, number, *words), note(counter, number, *words)
    assert first["number"] == second["number"]
    assert shown(counter, number)["credited"] == "118.00"


def test_old_credit_is_set_off_only_from_when_the_invoice_was_free(
    counter: Invo, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = invoice(counter, "1000", "--date", "2026-10-01")
    paid = pay(counter, "1180", "--date", "2026-10-01", "--allocate", number)["number"]
    made(counter, "payment", "unallocate", paid)
    credit = note(counter, number, "--full", "--date", "2026-10-05")["number"]
    monkeypatch.setenv("INVO_NOW", "2026-10-25")
    made(counter, "payment", "unallocate", credit)
    row = made(counter, "payment", "allocate", credit, number)
    assert row["allocations"] == [{"invoice": number, "amount": "1180.00", "date": "2026-10-25"}]
    assert payment(counter, paid)["unallocated"] == "1180.00"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (2, ("create", "--against", "INV/26-27/0001", "--reason", "x")),
        (2, ("create", "--against", "INV/26-27/0001", "--full", "--line", "1:1", "--reason", "x")),
        (2, ("create", "--against", "INV/26-27/0001", "--full")),
        (2, ("create", "--full", "--reason", "x")),
        (3, ("create", "--against", "INV/26-27/0001", "--full", "--reason", "x", "--date", "soon")),
        (4, ("create", "--against", "INV/26-27/0009", "--full", "--reason", "x")),
        (4, ("show", "CN/26-27/0001")),
        (4, ("cancel", "CN/26-27/0001", "--reason", "x")),
        (2, ("cancel", "CN/26-27/0001")),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(counter: Invo, status: int, words: tuple[str, ...]) -> None:
    invoice(counter)
    before = made(counter, "audit", "list")
    refused(counter, status, "credit-note", *words)
    assert made(counter, "audit", "list") == before

"""Statements of account and balances: shapes, order, past dates, and what later events leave alone."""

from __future__ import annotations

import csv
import io

import pytest

from tests.commands.money import invoice, made, pay, refused
from tests.conftest import Invo

pytestmark = pytest.mark.integration
STATEMENT = ("customer", "statement", "Asha Traders")
BALANCE = ("customer", "balance", "Asha Traders")


@pytest.fixture
def asha(counter: Invo, monkeypatch: pytest.MonkeyPatch) -> Invo:
    """An invoice of 1 September, half of it paid on 1 October, a credit note of 118 on 5 October."""
    monkeypatch.setenv("INVO_NOW", "2026-10-20")
    number = invoice(counter, "1000", "--date", "2026-09-01")
    pay(counter, "590", "--date", "2026-10-01", "--allocate", number)
    line = ("--line", "Off:1:100:998713:18", "--reason", "Late", "--date", "2026-10-05")
    made(counter, "credit-note", "create", "--against", number, *line)
    return counter


def test_a_statement_runs_from_opening_to_closing(asha: Invo) -> None:
    assert made(asha, *STATEMENT, "--period", "2026-10") == {
        "customer": "C-0001",
        "name": "Asha Traders",
        "opening": "1180.00",
        "entries": [
            {
                "date": "2026-10-01",
                "kind": "payment",
                "number": "PAY/26-27/0001",
                "debit": "0.00",
                "credit": "590.00",
                "balance": "590.00",
            },
            {
                "date": "2026-10-05",
                "kind": "credit_note",
                "number": "CN/26-27/0001",
                "debit": "0.00",
                "credit": "118.00",
                "balance": "472.00",
            },
        ],
        "closing": "472.00",
    }


def test_a_period_without_entries_opens_and_closes_alike(asha: Invo) -> None:
    for period, balance in (("2026-08", "0.00"), ("2026-12", "472.00")):
        row = made(asha, *STATEMENT, "--period", period)
        assert (row["opening"], row["entries"], row["closing"]) == (balance, [], balance)


def test_without_a_period_it_is_the_financial_year(asha: Invo) -> None:
    row = made(asha, *STATEMENT)
    assert (row["opening"], len(row["entries"]), row["closing"]) == ("0.00", 3, "472.00")


@pytest.mark.parametrize(
    ("day", "balance", "free"),
    [
        ("2026-08-31", "0.00", "0.00"),
        ("2026-09-01", "1180.00", "0.00"),
        ("2026-10-01", "590.00", "0.00"),
        ("2026-10-05", "472.00", "0.00"),
        ("2030-01-01", "472.00", "0.00"),
    ],
)
def test_a_balance_is_that_of_the_end_of_its_day(asha: Invo, day: str, balance: str, free: str) -> None:
    row = made(asha, *BALANCE, "--as-of", day)
    assert row == {"customer": "C-0001", "as_of": day, "balance": balance, "unallocated": free}


def test_the_past_stays_what_it_was(asha: Invo, monkeypatch: pytest.MonkeyPatch) -> None:
    days = ("2026-09-15", "2026-10-02", "2026-10-20")
    before = [made(asha, *BALANCE, "--as-of", day) for day in days], made(asha, *STATEMENT, "--period", "2026-10")
    monkeypatch.setenv("INVO_NOW", "2026-11-10")
    made(asha, "payment", "void", "PAY/26-27/0001", "--reason", "Bounced")
    made(asha, "credit-note", "cancel", "CN/26-27/0001", "--reason", "Wrong")
    pay(asha, "5000", "--auto", "oldest")
    after = [made(asha, *BALANCE, "--as-of", day) for day in days], made(asha, *STATEMENT, "--period", "2026-10")
    assert after == before
    kinds = [entry["kind"] for entry in made(asha, *STATEMENT, "--period", "2026-11")["entries"]]
    assert kinds == ["cancellation", "payment", "void"]
    row = made(asha, *BALANCE)
    assert (row["balance"], row["unallocated"]) == ("-3820.00", "3820.00")


def test_what_happens_on_one_day_has_one_order(asha: Invo) -> None:
    day = ("--date", "2026-10-20")
    second = invoice(asha, "10", *day)
    paid = pay(asha, "20", *day)["number"]
    made(asha, "payment", "refund", paid, "--method", "cash", "--amount", "5")
    made(asha, "invoice", "cancel", second, "--reason", "x")
    made(asha, "payment", "void", pay(asha, "1", *day)["number"], "--reason", "x")
    row = made(asha, *STATEMENT, "--period", "2026-10-20..2026-10-20")
    kinds = [entry["kind"] for entry in row["entries"]]
    assert kinds == ["tax_invoice", "cancellation", "payment", "refund", "payment", "void"]
    assert (row["opening"], row["closing"]) == ("472.00", "457.00")


def test_a_statement_comes_in_every_format(asha: Invo) -> None:
    rows = list(csv.DictReader(io.StringIO(asha(*STATEMENT, "-o", "csv").stdout)))
    assert [row["balance"] for row in rows] == ["1180.00", "590.00", "472.00"]
    page = asha(*STATEMENT, "-o", "table").stdout
    for word in ("Asha Traders", "opening", "closing", "1,180.00", "credit note"):
        assert word in page
    assert asha(*STATEMENT, "-o", "plain").stdout.startswith("2026-09-01\ttax_invoice\tINV/26-27/0001\t1180.00\t")
    assert asha(*BALANCE, "-o", "table").exit_code == 0
    assert asha(*BALANCE, "-o", "name").stdout == "C-0001\n"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (4, ("customer", "statement", "Nobody")),
        (4, ("customer", "balance", "Nobody")),
        (3, (*STATEMENT, "--period", "2026-13")),
        (3, (*BALANCE, "--as-of", "2026-02-30")),
        (3, (*BALANCE, "--as-of", "soon")),
        (2, ("customer", "statement")),
    ],
)
def test_what_cannot_be_asked_is_refused(asha: Invo, status: int, words: tuple[str, ...]) -> None:
    refused(asha, status, *words)


def test_a_customer_without_business_owes_nothing(counter: Invo) -> None:
    made(counter, "customer", "create", "--name", "Asha Traders")
    assert made(counter, *BALANCE)["balance"] == "0.00"
    assert made(counter, *STATEMENT)["entries"] == []


def test_a_deleted_customer_still_has_an_account(asha: Invo) -> None:
    made(asha, "customer", "delete", "C-0001")
    assert made(asha, "customer", "balance", "C-0001")["balance"] == "472.00"


def test_drafts_and_the_customers_of_others_do_not_count(asha: Invo) -> None:
    line = ("--line", "Repair:1:1000:998713:18")
    made(asha, "invoice", "create", "--customer", "Asha Traders", *line, "--draft")
    made(asha, "invoice", "create", "--customer", "Ravi", "--mobile", "9876543211", *line)
    assert made(asha, *BALANCE)["balance"] == "472.00"
    assert made(asha, "customer", "balance", "Ravi")["balance"] == "1180.00"


def test_a_merge_takes_the_whole_account_along(asha: Invo) -> None:
    made(asha, "customer", "create", "--name", "Asha and Sons")
    made(asha, "customer", "merge", "C-0001", "C-0002", "--reason", "Entered twice", "--yes")
    assert made(asha, "customer", "balance", "C-0002")["balance"] == "472.00"
    assert len(made(asha, "customer", "statement", "C-0002")["entries"]) == 3
    assert made(asha, "customer", "balance", "C-0001")["balance"] == "0.00"
    made(asha, "payment", "unallocate", "PAY/26-27/0001")
    assert made(asha, "payment", "allocate", "PAY/26-27/0001", "INV/26-27/0001")["unallocated"] == "0.00"

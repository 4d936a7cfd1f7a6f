"""Eight processes at once: no payment gives more than it has, no document takes more than it owes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL

from tests.conftest import Invo
from tests.ledger.racing import DONE, REFUSED, race

pytestmark = pytest.mark.integration


def made(invo: Invo, *arguments: str) -> dict[str, Any]:
    result = invo(*arguments, "-o", "json")
    assert result.exit_code == 0, result.stderr
    return dict(json.loads(result.stdout))


def invoice(invo: Invo, quantity: int = 1) -> str:
    """The number of an invoice of 1,000.00 each, without tax."""
    line = ("--line", f"Repair:{quantity}:1000:998713:0")
    return str(made(invo, "invoice", "create", "--customer", "Asha", "--mobile", "9876543210", *line)["number"])


def pay(invo: Invo, amount: str, *arguments: str) -> str:
    given = ("--customer", "Asha", "--amount", amount, "--method", "upi")
    return str(made(invo, "payment", "create", *given, *arguments)["number"])


def assert_counters_agree(url: URL) -> None:
    """What stands on payments and documents is the sum of the live allocations, and the trail is whole."""
    engine = create_engine(url)
    with engine.connect() as connection:
        for table, key, column in (
            ("payments", "payment_id", "allocated_paise"),
            ("invoices", "invoice_id", "paid_paise + t.credited_paise"),
        ):
            wrong = connection.execute(
                text(
                    f"SELECT count(*) FROM {table} t WHERE t.{column} <> (SELECT coalesce(sum(a.amount_paise), 0) FROM"
                    f" allocations a WHERE a.{key} = t.id AND a.undone_on IS NULL)"
                )
            )
            assert wrong.scalar() == 0, table
        events = connection.execute(text("SELECT count(*), max(seq) FROM audit_events WHERE business_id <> 0")).one()
        assert events[0] == events[1]
    engine.dispose()


def test_a_payment_is_never_allocated_beyond_itself(counter: Invo, database_url: URL) -> None:
    numbers = [invoice(counter, 9), pay(counter, "5000")]
    assert race("allocate", source=numbers[1], invoice=numbers[0], amount="700") == {DONE: 7, REFUSED: 17}
    row = made(counter, "payment", "show", numbers[1])
    assert (row["allocated"], row["unallocated"]) == ("4900.00", "100.00")
    assert_counters_agree(database_url)


def test_a_document_never_takes_more_than_it_owes(counter: Invo, database_url: URL) -> None:
    number, payment = invoice(counter, 2), pay(counter, "90000")
    assert race("allocate", source=payment, invoice=number, amount="300") == {DONE: 6, REFUSED: 18}
    row = made(counter, "invoice", "show", number)
    assert (row["paid"], row["outstanding"]) == ("1800.00", "200.00")
    assert_counters_agree(database_url)


def test_payments_at_once_keep_the_rest_on_account(counter: Invo, database_url: URL) -> None:
    number = invoice(counter, 2)
    assert race("pay", customer="Asha", amount="150") == {DONE: 24}
    assert made(counter, "invoice", "show", number)["outstanding"] == "0.00"
    balance = made(counter, "customer", "balance", "Asha")
    assert (balance["balance"], balance["unallocated"]) == ("-1600.00", "1600.00")
    assert_counters_agree(database_url)


def test_an_advance_is_never_refunded_twice(counter: Invo, database_url: URL) -> None:
    invoice(counter)
    payment = pay(counter, "1000", "--advance")
    assert race("refund", source=payment, amount="300") == {DONE: 3, REFUSED: 21}
    assert made(counter, "payment", "show", payment)["refunded"] == "900.00"
    assert counter("series", "audit").exit_code == 0
    assert_counters_agree(database_url)


def test_credit_notes_at_once_never_take_back_more_than_the_invoice(counter: Invo, database_url: URL) -> None:
    number = invoice(counter, 5)
    assert race("credit", invoice=number) == {DONE: 5, REFUSED: 19}
    assert made(counter, "invoice", "show", number)["credited"] == "5000.00"
    assert_counters_agree(database_url)

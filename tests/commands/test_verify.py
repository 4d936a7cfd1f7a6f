"""The check of the books as a command."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy.engine import URL

from tests.conftest import Invo
from tests.db import schema_facts as facts

pytestmark = pytest.mark.integration
LINE = ("--line", "Screen:1:1500:998716:18")


@pytest.fixture
def books(counter: Invo) -> Invo:
    """Two invoices, the first one paid."""
    counter("customer", "create", "--name", "Asha", "--mobile", "9876543210")
    for _ in range(2):
        counter("invoice", "create", "--customer", "C-0001", *LINE)
    done = counter(
        "payment", "create", "--customer", "C-0001", "--amount", "1770", "--method", "cash", "--allocate", "D-1"
    )
    assert done.exit_code == 0, done.output
    return counter


def change(url: URL, statement: str) -> None:
    with facts.connect(url, writes=True) as connection, connection.begin():
        connection.exec_driver_sql(statement)


def verified(invo: Invo, *arguments: str, status: int = 0) -> dict[str, Any]:
    done = invo("verify", *arguments, "-o", "json")
    assert done.exit_code == status, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_books_in_order_have_no_finding(books: Invo) -> None:
    found = verified(books)
    assert (found["ok"], found["findings"], found["fixed"]) == (True, [], [])
    assert found["checks"] == ["numbers", "totals", "balances", "allocations", "audit", "references"]


def test_a_proved_trail_is_noted_for_the_doctor(books: Invo) -> None:
    verified(books, "numbers")
    assert "never verified" in books("doctor", "-o", "plain").output
    verified(books)
    assert "verified 0 min ago, 0 events since" in books("doctor", "-o", "plain").output
    books("invoice", "create", "--customer", "C-0001", *LINE)
    assert "verified 0 min ago, 1 event since" in books("doctor", "-o", "plain").output
    (event,) = json.loads(books("audit", "list", "--system", "--action", "audit.verify", "-o", "json").stdout)
    assert event["after"]["heads"]


@pytest.mark.parametrize("fix", ["balances", "safe"])
def test_derived_columns_are_put_right_only_when_asked(books: Invo, database_url: URL, fix: str) -> None:
    change(database_url, "UPDATE invoices SET paid_paise = 0 WHERE document_no = 1")
    found = verified(books, "balances", status=10)
    (finding,) = found["findings"]
    assert finding["fix"] == "Recompute it with: invo verify --fix balances"
    assert (finding["check"], finding["subject"]) == ("balances", "invoice:D-1")

    rehearsed = verified(books, "--fix", "balances", "--dry-run")
    assert rehearsed["dry_run"]
    assert rehearsed["fixed"] == [finding]
    assert verified(books, "balances", status=10)["findings"] == [finding]

    done = verified(books, "--fix", fix)
    assert (done["ok"], done["fixed"]) == (True, [finding])
    assert verified(books)["fixed"] == []


def test_what_no_program_puts_right_stays_a_finding(books: Invo, database_url: URL) -> None:
    change(database_url, "UPDATE number_counters SET last_serial = 1 WHERE kind = 'tax_invoice'")
    found = verified(books, "--fix", "balances", status=10)
    assert [each["check"] for each in found["findings"]] == ["numbers"]
    done = books("verify")
    assert done.exit_code == 10
    assert "error: The books have 1 finding." in done.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("number",), 3, "Did you mean numbers?"),
        (("--fix", "totals"), 3, "is not put right by a program"),
        (("--dry-run",), 2, "A check changes nothing"),
    ],
)
def test_a_wrong_word_is_refused(books: Invo, arguments: tuple[str, ...], status: int, said: str) -> None:
    done = books("verify", *arguments)
    assert done.exit_code == status
    assert said in done.stderr


def test_an_exporter_may_verify_and_not_repair(books: Invo, monkeypatch: pytest.MonkeyPatch) -> None:
    books("user", "create", "asha", "--role", "admin", "--password-stdin", input="correct horse\n")
    assert books("verify").exit_code == 6
    books("auth", "login", "asha", "--password-stdin", input="correct horse\n")
    made = books("token", "create", "--name", "night", "--role", "exporter", "--expires", "1d", "-o", "json")
    monkeypatch.setenv("INVO_TOKEN", json.loads(made.stdout)["token"])
    assert verified(books)["ok"]
    assert books("verify", "--fix", "balances").exit_code == 6

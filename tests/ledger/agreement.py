"""Where the program and the model must agree: ageing, balances, statements, and what stands on documents."""

from __future__ import annotations

from datetime import date, timedelta

from invo_cli.models import Customer
from invo_cli.services import ageing, invoice_lookup, ledger
from tests.ledger.model import LATER
from tests.ledger.twice import Twice, paise_of

BOUNDS = (30, 60, 90)


def check_ageing(history: Twice) -> None:
    """Ageing of every day seen, both ways, is the model's; days before the last act's effect are as they were."""
    books = history.books
    for day in history.days:
        assert not books.breaches(day)
        for by in ("due", "invoice"):
            rows = ageing.ageing(history.session, history.business, as_of=day, buckets=BOUNDS, by=by)
            found = {row["customer"]: ([*map(paise_of, row["buckets"])], paise_of(row["unallocated"])) for row in rows}
            assert found == books.ageing(day, BOUNDS, by), (day, by)
            assert all(paise_of(row["total"]) == books.balance(row["customer"], day) for row in rows)
            if day < books.touched:
                assert history.seen.get((day, by), found) == found, (day, by)
            history.seen[day, by] = found


def check_accounts(history: Twice) -> None:
    """Balances and statements of every customer at every day are the model's, and add up to the ageing."""
    for day in history.days:
        closings = [_check_account(history, customer, day) for customer in history.customers.values()]
        rows = ageing.ageing(history.session, history.business, as_of=day)
        assert sum(paise_of(row["total"]) for row in rows) == sum(closings)


def check_documents(history: Twice) -> None:
    """What is paid, credited and owed now stands on every document."""
    books, today = history.books, history.books.today
    for paper in books.papers.values():
        found = invoice_lookup.get(history.session, history.business, paper.number)
        row = invoice_lookup.document(history.session, history.business, found.id, today=today)
        if paper.kind != "credit_note" and paper.cancelled == LATER:
            assert paise_of(row["outstanding"]) == books.owed(paper.number, today) >= 0
            assert paise_of(row["paid"]) + paise_of(row["credited"]) == books.set_off(paper.number, today)


def _check_account(history: Twice, customer: Customer, day: date) -> int:
    """The closing balance of a statement that begins some days after the first."""
    books, code = history.books, customer.code
    first = history.days[0] + timedelta(days=5)
    last = max(first, day)
    row = ledger.balance(history.session, history.business, customer, as_of=last)
    assert paise_of(row["balance"]) == books.balance(code, last)
    assert paise_of(row["unallocated"]) == books.unallocated(code, last)
    moved = ledger.statement(history.session, history.business, customer, first=first, last=last)
    statement = ledger.statement_row(customer, moved)
    running = paise_of(statement["opening"])
    assert running == books.balance(code, first - timedelta(days=1))
    expected = sorted(move for move in books.movements(code) if first <= move[0] <= last)
    entries = [(entry["date"], entry["kind"], entry["number"]) for entry in statement["entries"]]
    assert sorted(entries) == sorted((on.isoformat(), kind, number) for on, _, kind, number, _ in expected)
    assert [entry[0] for entry in entries] == [move[0].isoformat() for move in expected]
    for entry in statement["entries"]:
        running += paise_of(entry["debit"]) - paise_of(entry["credit"])
        assert paise_of(entry["balance"]) == running
    assert running == paise_of(statement["closing"]) == books.balance(code, last)
    return books.balance(code, day)

"""Random books: every document is reported once, to the paisa, in every table that counts it."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import pytest
from sqlalchemy.orm import Session

from invo_cli.gst.money import to_paise
from invo_cli.gst.returns import gstr3b
from invo_cli.gst.returns.figures import Figures
from invo_cli.gst.returns.gstr1 import Gstr1
from invo_cli.models import Business, Invoice
from invo_cli.services import tax_reports
from tests.services.people import business_in
from tests.services.returned import ASHA, PUNE, SCREEN, amend, cancel, close, issue, made, rules

pytestmark = pytest.mark.integration
DELHI = {"name": "Delhi Buyer", "state": "07"}


@pytest.fixture
def business(db_session: Session) -> Business:
    return business_in(db_session)


@pytest.mark.parametrize("seed", range(3))
def test_every_paisa_of_a_random_book_is_reported_once(db_session: Session, business: Business, seed: int) -> None:
    periods = _random_book(db_session, business, Random(seed))
    found = {period: made(db_session, business, period) for period in periods}
    sums = Figures()
    for each in found.values():
        assert not gstr3b.differences(each)
        assert "R1-26" not in rules(each)
        for section, figures in each.due.items():
            if section not in ("at", "txpd"):
                sums.add(Figures(*figures.heads))
    rows = tax_reports.tax_summary(db_session, business, by="month", days=(None, None))
    books = [sum(to_paise(row[name]) for row in rows) for name in ("taxable_value", "igst", "cgst", "sgst", "cess")]
    assert list(sums.heads) == books
    assert _numbers(found) == _taken(db_session, business)


def _random_book(session: Session, business: Business, random: Random) -> list[str]:
    """Three months of documents, notes, cancellations and amendments; each month is closed when it is over."""
    standing: list[dict[str, Any]] = []
    for month in (8, 9, 10):
        period = f"{month:02}2026"
        for place in range(14):
            day = f"2026-{month:02}-{1 + 2 * place:02}"
            document = _random_document(random)
            if standing and random.random() < 0.2:
                old = random.choice(standing)
                if old["return_period"] != period and not old["noted"]:
                    standing.remove(old)
                    standing.append(amend(session, business, day, old["number"], **document) | {"noted": False})
                    continue
            new = issue(session, business, day, **document) | {"noted": False}
            chance = random.random()
            if chance < 0.15:
                cancel(session, business, day, new["number"])
            elif chance < 0.4:
                share = [{**document["lines"][0], "unit_price": "10.01"}] if chance < 0.3 else None
                note = {"customer": None, "against": new["number"], "reason": "x", "lines": share}
                kind = "debit_note" if share else "credit_note"
                issue(session, business, day, kind=kind, **note)
                new["noted"] = True
                standing.append(new)
            else:
                standing.append(new)
        close(session, business, f"2026-{month + 1:02}-01", period)
    return ["082026", "092026", "102026"]


def _random_document(random: Random) -> dict[str, Any]:
    lines = [
        {**SCREEN, "unit_price": f"{random.randint(1, 250_000)}.{random.randint(0, 99):02}", "quantity": "1"},
        {"description": "Fan", "hsn": "8414", "unit_price": "33.33", "gst_rate": "5", "quantity": "3"},
        {"description": "Book", "hsn": "4901", "unit_price": "99.50", "gst_rate": "0", "taxability": "exempt"},
        {"description": "Milk", "hsn": "0401", "unit_price": "12.25", "gst_rate": "0", "taxability": "nil_rated"},
    ]
    document: dict[str, Any] = {"lines": random.sample(lines, random.randint(1, 4))}
    document["customer"] = random.choice((ASHA, PUNE, DELHI, {"name": "Perera", "state": "96"}))
    if document["customer"].get("state") == "96":
        document |= {"supply": random.choice(("export_with_payment", "export_without_payment"))}
        document["lines"] = [SCREEN]
    elif document["customer"] is PUNE and random.random() < 0.3:
        document |= {"reverse_charge": True, "lines": [SCREEN]}
    return document


def _numbers(found: dict[str, Gstr1]) -> Counter[str]:
    """How many numbers of each nature table 13 of all periods has, and how many of them cancelled."""
    counted: Counter[str] = Counter()
    for each in found.values():
        for nature, numbers in each.issued:
            counted[nature.name] += numbers.total
    return counted


def _taken(session: Session, business: Business) -> Counter[str]:
    names = {"credit_note": "CREDIT_NOTE", "debit_note": "DEBIT_NOTE"}
    rows = session.query(Invoice.kind).filter(Invoice.business_id == business.id, Invoice.number.is_not(None))
    return Counter(names.get(kind, "INVOICE") for (kind,) in rows)

"""The books recomputed: honest ones have no finding, and each way to corrupt them has one."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from invo_cli.gst.reading import read_document
from invo_cli.models import Business
from invo_cli.services import audit_trail, invoices, payments, period_locks, refunds
from invo_cli.services.audit_chain import Tally
from invo_cli.services.payments import Receipt
from invo_cli.services.verifying import running
from invo_cli.services.verifying.findings import Finding
from tests.conftest import ON_POSTGRESQL
from tests.factories import ACT, TODAY, make_business, make_customer
from tests.ledger.histories import History
from tests.ledger.test_histories import ACTS
from tests.services.corruptions import CORRUPTIONS, INVOICE, PART, PAYMENT, RECEIPT

pytestmark = pytest.mark.integration


def make(session: Session, business: Business, **document: Any) -> str:
    """A document of one line of 1,000.00 at 18 %, 1,180.00 in all, unless something else is given."""
    lines = [{"description": "Screen", "hsn": "998716", "quantity": "1", "unit_price": "1000.00", "gst_rate": "18"}]
    entered = read_document({"lines": lines, "date": TODAY.isoformat()} | document)
    return str(invoices.create(session, business, entered, act=ACT).document["number"])


@pytest.fixture
def business(db_session: Session) -> Business:
    """D-1 paid in part, D-2 credited in part by D-3, D-4 owed by another customer, D-5 free credit, part refunded."""
    business = make_business(db_session)
    asha, ravi = (make_customer(db_session, business, name) for name in ("Asha", "Ravi"))
    first = make(db_session, business, customer=asha.code)
    second = make(db_session, business, customer=asha.code)
    part = [{"description": "Screen", "hsn": "998716", "quantity": "1", "unit_price": "500.00", "gst_rate": "18"}]
    make(db_session, business, kind="credit_note", against=second, reason="Returned", lines=part)
    make(db_session, business, customer=ravi.code)
    receipt = Receipt(amount=Decimal(1000), method="cash", on=TODAY)
    paid = payments.create(db_session, business, asha, receipt, act=ACT, wanted=[(first, Decimal(590))])
    refunds.refund(
        db_session, business, paid["number"], act=ACT, amount=Decimal(100), method="cash", on=TODAY, reference=None
    )
    period_locks.lock(db_session, business, "092026", act=ACT, reason="Filed", arn="AA2909261234567", filed_on=TODAY)
    return business


def findings(session: Session, *wanted: str) -> list[Finding]:
    session.flush()
    return list(running.run(session, wanted or running.CHECKS, Tally()))


def corrupt(session: Session, business: Business, *statements: str) -> None:
    """Act as somebody who owns the database: neither triggers, nor foreign keys, nor checks stop that person."""
    if ON_POSTGRESQL:
        session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        checks = "SELECT conrelid::regclass, conname FROM pg_constraint WHERE contype = 'c' AND conrelid <> 0"
        for table, name in session.execute(text(checks)).all():
            session.execute(text(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"'))
        session.execute(text("SET LOCAL session_replication_role = replica"))
    else:
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
        session.execute(text("PRAGMA ignore_check_constraints = ON"))
        for name in session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all():
            session.execute(text(f"DROP TRIGGER {name}"))
    for statement in statements:
        assert session.execute(text(statement.replace("OURS", f"business_id = {business.id}"))).rowcount  # type: ignore[attr-defined]
    session.expire_all()


def test_honest_books_have_no_finding(db_session: Session, business: Business) -> None:
    assert findings(db_session) == []


@pytest.mark.parametrize("seed", range(3))
def test_random_books_have_no_finding(db_session: Session, seed: int) -> None:
    chance = random.Random(seed)
    business = make_business(db_session)
    history = History(db_session, business, [make_customer(db_session, business, name) for name in ("Asha", "Ravi")])
    for name in chance.choices(list(ACTS), [*ACTS.values()], k=60):
        getattr(history, name)(*(chance.randrange(1_000_000) for _ in range(5)))
    assert findings(db_session) == []


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_every_corruption_is_found(db_session: Session, business: Business, name: str) -> None:
    statement, (check, subject, problem) = CORRUPTIONS[name]
    corrupt(db_session, business, statement)
    found = findings(db_session, check)
    assert any(each.subject.startswith(subject) and problem in each.problem for each in found), found
    assert all(each.check == check and each.fix for each in found)


def test_text_that_is_no_number_ends_no_run(db_session: Session, business: Business) -> None:
    if ON_POSTGRESQL:
        pytest.skip("PostgreSQL keeps the types of its columns")
    corrupt(
        db_session, business, f"{INVOICE} serial = 'abc', taxable_paise = 'x', buyer = CAST(x'ff' AS TEXT) WHERE OURS"
    )
    assert {each.check for each in findings(db_session)} >= {"numbers", "totals", "references", "audit"}


def test_derived_columns_are_recomputed_with_an_event_each(db_session: Session, business: Business) -> None:
    corrupt(
        db_session,
        business,
        f"{INVOICE} paid_paise = 1, credited_paise = 2 WHERE OURS AND document_no IN (1, 2)",
        f"{PAYMENT} allocated_paise = 7 WHERE {RECEIPT}",
    )
    wrong = findings(db_session, "balances")
    fixed = list(running.repair(db_session, act=ACT))
    assert fixed == wrong
    assert [each.subject for each in fixed] == ["invoice:D-1"] * 2 + ["invoice:D-2"] * 2 + ["payment:PAY/26-27/0001"]
    assert findings(db_session) == []
    events = audit_trail.search(db_session, business.id, audit_trail.Wanted(action="invoice.recompute"))
    assert [(each["subject"], each["before"]["paid"], each["after"]["paid"]) for each in events] == [
        ("invoice:D-1", "0.01", "590.00"),
        ("invoice:D-2", "0.01", "0.00"),
    ]


def test_what_comes_to_more_than_there_is_is_not_recomputed(db_session: Session, business: Business) -> None:
    corrupt(db_session, business, f"{PART} amount_paise = 118001 WHERE OURS AND payment_id IS NOT NULL")
    assert list(running.repair(db_session, act=ACT)) == []
    assert "--fix" not in findings(db_session, "balances")[0].fix

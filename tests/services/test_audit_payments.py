"""Every way to tamper with payments and allocations is found, and honest money is not."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from invo_cli.models import Business, Customer
from invo_cli.services import allocations, audit_trail, customer_upkeep, invoices, payments
from invo_cli.services.audit_chain import Tally
from tests.conftest import ON_POSTGRESQL
from tests.factories import ACT, TODAY, make_business, make_customer
from tests.services.returned import SCREEN, advance, amend, close, issue
from tests.services.test_audit_trail import entered, findings, tamper

pytestmark = pytest.mark.integration


@pytest.fixture
def business(db_session: Session) -> Business:
    """A business with D-1 of 1,980, PAY/26-27/0001 of 1,000 set against it, and PAY/26-27/0002, void."""
    business = make_business(db_session)
    invoices.create(db_session, business, entered(), act=ACT, draft=False)
    customer = make_customer(db_session, business)
    payer = db_session.get_one(Customer, (business.id, customer.id))
    receipt = payments.Receipt(amount=Decimal(1000), method="upi", on=TODAY, reference="UTR1")
    customer_upkeep.merge(db_session, business, "C-0001", payer.code, act=ACT, reason="entered twice")
    payments.create(db_session, business, payer, receipt, act=ACT, wanted=[("D-1", None)])
    payments.create(db_session, business, payer, receipt, act=ACT)
    second = payments.get(db_session, business, "PAY/26-27/0002")
    payments.void(db_session, business, second, act=ACT, reason="Cheque bounced")
    return business


def test_honest_payments_have_no_findings(db_session: Session, business: Business) -> None:
    tally = Tally()
    assert list(audit_trail.verify(db_session, tally)) == []
    assert (tally.documents, tally.payments, tally.allocations) == (1, 2, 1)
    allocations.unallocate(db_session, business, "PAY/26-27/0001", act=ACT)
    assert findings(db_session) == []


def test_payments_follow_a_customer_who_is_merged(db_session: Session, business: Business) -> None:
    make_customer(db_session, business, "Ravi")
    customer_upkeep.merge(db_session, business, "C-0002", "C-0003", act=ACT, reason="entered twice")
    assert findings(db_session) == []


def test_what_was_paid_follows_an_amendment(db_session: Session) -> None:
    business = make_business(db_session)
    number = issue(db_session, business, "2026-09-10")["number"]
    advance(db_session, business, "2026-09-12", "1770", is_advance=False, place_of_supply=None, wanted=[(number, None)])
    close(db_session, business, "2026-10-05", "092026")
    amend(db_session, business, "2026-10-06", number, lines=[SCREEN | {"unit_price": "1000"}])
    assert findings(db_session) == []


MINE = "number = 'PAY/26-27/0001'"
ATTACKS = {
    f"UPDATE payments SET amount_paise = 200000 WHERE {MINE}": "amount is 2000.00, but the trail says 1000.00.",
    f"UPDATE payments SET method = 'cash' WHERE {MINE}": "method is cash, but the trail says upi.",
    f"UPDATE payments SET reference = NULL WHERE {MINE}": "reference is null, but the trail says UTR1.",
    f"UPDATE payments SET dated_on = '2026-10-01' WHERE {MINE}": "date is 2026-10-01, but the trail says 2026-10-20.",
    f"UPDATE payments SET refunded_paise = 0, tds_paise = 100 WHERE {MINE}": "tds is 1.00, but the trail says 0.00.",
    f"UPDATE payments SET number = 'X', number_key = 'X' WHERE {MINE}": "the trail has no event of it.",
    "UPDATE payments SET voided_on = NULL WHERE voided_on IS NOT NULL": "status is live, but the trail says void.",
    "DELETE FROM payments WHERE voided_on IS NOT NULL": "there is no such payment any more",
    "UPDATE allocations SET amount_paise = 50000": "Allocations of 500.00 and credit notes of 0.00 are set against it",
    "DELETE FROM allocations": "Allocations of 0.00 and credit notes of 0.00 are set against it, not the 1000.00",
    "UPDATE invoices SET paid_paise = 198000": "paid is 1980.00, but the trail says 1000.00.",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_every_change_of_a_payment_is_found(db_session: Session, business: Business, attack: str) -> None:
    tamper(db_session, attack)
    assert any(ATTACKS[attack] in finding.problem for finding in findings(db_session)), findings(db_session)


def test_a_document_paid_with_an_invented_allocation_is_found(db_session: Session, business: Business) -> None:
    tamper(
        db_session,
        "UPDATE allocations SET amount_paise = 198000",
        "UPDATE payments SET amount_paise = 198000, allocated_paise = 198000 WHERE voided_on IS NULL",
        "UPDATE invoices SET paid_paise = 198000",
    )
    found = {finding.subject for finding in findings(db_session)}
    assert found == {"invoice:D-1", "payment:PAY/26-27/0001"}


@pytest.mark.skipif(ON_POSTGRESQL, reason="PostgreSQL stores no date that is none")
def test_a_payment_that_cannot_be_read_is_a_finding(db_session: Session, business: Business) -> None:
    tamper(db_session, f"UPDATE payments SET dated_on = 'yesterday' WHERE {MINE}")
    assert [finding.problem for finding in findings(db_session)] == ["It, or an event about it, cannot be read."]

"""What is personal of a customer goes when the law does not keep it, and the trail stays whole."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from invo_cli.errors import ConflictError, DeniedError
from invo_cli.gst.reading import read_document
from invo_cli.gst.retention import keep_until
from invo_cli.models import AuditEvent, AuditPersonal, Business, Customer
from invo_cli.services import audit_trail, customer_upkeep, customers, erasing, invoices, payments
from invo_cli.services.access import Principal, attach
from invo_cli.services.audit_chain import Tally
from tests.conftest import Invo
from tests.factories import ACT, TODAY, make_business

pytestmark = pytest.mark.integration
SECRETS = (
    *("Ravi Kumar", "9876543210", "ravi@example.com", "12 Temple Road", "Mysuru", "570001", "calls at night"),
    "29AABCR1718E1ZL",
)
REASON = "Request of 2026-10-20"


@pytest.fixture
def business(db_session: Session) -> Business:
    """A business that knows Ravi, whose number was changed once, and a record merged into his."""
    business = make_business(db_session)
    values = {"name": SECRETS[0], "mobile": SECRETS[1], "email": SECRETS[2], "address_line1": SECRETS[3]}
    more = {"city": SECRETS[4], "pincode": SECRETS[5], "notes": SECRETS[6], "gstin": SECRETS[7]}
    for number in range(2):
        customers.create(db_session, business, act=ACT, values=values | more | {"code": f"R-{number}"})
    customer_upkeep.edit(db_session, business.id, "R-1", act=ACT, values={"mobile": "9876500000"})
    customer_upkeep.merge(db_session, business, "R-1", "R-0", act=ACT, reason="entered twice")
    return business


def everything(session: Session) -> str:
    """All that the database says of customers and in its trail, as one text."""
    session.flush()
    session.expire_all()
    rows = [row for table in (Customer, AuditEvent, AuditPersonal) for row in session.scalars(select(table))]
    return repr([{key: value for key, value in vars(row).items() if key[0] != "_"} for row in rows])


def sell(session: Session, business: Business, on: date, draft: bool = False) -> None:
    lines = [{"description": "Screen", "hsn": "998716", "unit_price": "1500"}]
    act = replace(ACT, today=on, at=ACT.at - (TODAY - on))
    document = read_document({"customer": "R-0", "lines": lines, "date": on.isoformat()})
    invoices.create(session, business, document, act=act, draft=draft)


def test_nothing_personal_is_left_and_the_trail_verifies(db_session: Session, business: Business) -> None:
    before = everything(db_session)
    assert all(secret in before for secret in (*SECRETS, "9876500000"))
    customer = erasing.erase(db_session, business, "R-0", act=ACT, reason=REASON)
    assert (customer.name, customer.mobile, customer.is_deleted) == (erasing.ERASED, None, True)
    after = everything(db_session).casefold()
    assert not [secret for secret in (*SECRETS, "9876500000") if secret.casefold() in after]
    assert list(audit_trail.verify(db_session, Tally())) == []


def test_the_event_says_what_was_erased_and_why_but_not_the_values(db_session: Session, business: Business) -> None:
    erasing.erase(db_session, business, "R-0", act=ACT, reason=REASON)
    events = list(audit_trail.search(db_session, business.id, audit_trail.Wanted(action="customer.erase")))
    assert [(event["subject"], event["reason"]) for event in events] == [
        ("customer:R-0", REASON),
        ("customer:R-1", REASON),
    ]
    fields = ["name", "gstin", "mobile", "email", "address_line1", "city", "pincode", "notes"]
    assert events[0]["before"] == {"fields": fields}


def test_erasing_again_does_nothing(db_session: Session, business: Business) -> None:
    erasing.erase(db_session, business, "R-0", act=ACT, reason=REASON)
    head = audit_trail.head(db_session, business.id)
    erasing.erase(db_session, business, "R-0", act=ACT, reason=REASON)
    db_session.expire_all()
    assert audit_trail.head(db_session, business.id) == head


def test_values_of_others_stay(db_session: Session, business: Business) -> None:
    customers.create(db_session, business, act=ACT, values={"name": "Asha Traders", "mobile": "9876500001"})
    erasing.erase(db_session, business, "R-0", act=ACT, reason=REASON)
    kept = [json.loads(row.fields) for row in db_session.scalars(select(AuditPersonal))]
    assert [fields["after.name"] for fields in kept if "after.name" in fields] == ["Asha Traders"]


@pytest.mark.parametrize(
    ("day", "until"),
    [("2026-03-31", "2034-03-31"), ("2026-04-01", "2035-03-31"), ("2017-07-01", "2026-03-31")],
)
def test_the_law_keeps_until_the_later_of_both_rules(day: str, until: str) -> None:
    assert keep_until(date.fromisoformat(day)) == date.fromisoformat(until)
    # 72 months from 31 December after the year: never later than eight years from its end.
    assert keep_until(date.fromisoformat(day)) >= date(date.fromisoformat(until).year - 2, 12, 31)


def test_a_customer_is_kept_as_long_as_the_documents(db_session: Session, business: Business) -> None:
    sell(db_session, business, date(2018, 3, 31))
    last = date(2026, 3, 31)
    with pytest.raises(ConflictError, match="until 2026-03-31"):
        erasing.erase(db_session, business, "R-0", act=replace(ACT, today=last), reason=REASON)
    erasing.erase(db_session, business, "R-0", act=replace(ACT, today=last + timedelta(days=1)), reason=REASON)
    assert list(audit_trail.verify(db_session, Tally())) == []


def test_a_payment_is_kept_like_a_document(db_session: Session, business: Business) -> None:
    receipt = payments.Receipt(amount=Decimal(100), method="cash", on=TODAY)
    payments.create(db_session, business, customers.get(db_session, business.id, "R-0"), receipt, act=ACT)
    with pytest.raises(ConflictError, match="until 2035-03-31"):
        erasing.erase(db_session, business, "R-0", act=ACT, reason=REASON)


def test_drafts_and_merges_are_in_the_way(db_session: Session, business: Business) -> None:
    with pytest.raises(ConflictError, match="R-1 was merged into R-0"):
        erasing.erase(db_session, business, "R-1", act=ACT, reason=REASON)
    sell(db_session, business, TODAY, draft=True)
    with pytest.raises(ConflictError, match="D-1 names R-0"):
        erasing.erase(db_session, business, "R-0", act=ACT, reason=REASON)


@pytest.mark.parametrize("role", ["accountant", "operator", "viewer", "exporter"])
def test_only_an_admin_erases(db_session: Session, business: Business, role: str) -> None:
    attach(db_session, Principal(name="ravi", role=role, via="session"))
    with pytest.raises(DeniedError):
        erasing.erase(db_session, business, "R-0", act=ACT, reason=REASON)


def test_the_command_asks_shows_and_can_be_tried(counter: Invo) -> None:
    assert counter("customer", "create", "--name", "Ravi Kumar", "--mobile", "9876543210").exit_code == 0
    asked = counter("customer", "erase", "C-0001", "--reason", REASON)
    assert (asked.exit_code, asked.stdout) == (2, "")
    tried = json.loads(counter("customer", "erase", "C-0001", "--reason", REASON, "--dry-run", "-o", "json").stdout)
    assert (tried["name"], tried["dry_run"]) == (erasing.ERASED, True)
    assert json.loads(counter("customer", "show", "C-0001", "-o", "json").stdout)["name"] == "Ravi Kumar"
    done = counter("customer", "erase", "C-0001", "--reason", REASON, "--yes", "-o", "json")
    assert json.loads(done.stdout)["mobile"] is None
    assert counter("audit", "verify").exit_code == 0
    assert "9876543210" not in counter("audit", "list", "-o", "json").stdout

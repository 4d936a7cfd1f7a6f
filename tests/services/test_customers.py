"""Which stored customer a document means, and what the document then says about it."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from invo_cli.errors import ConflictError, InvalidError, NotFoundError
from invo_cli.gst.document import Address, CustomerInput
from invo_cli.models import AuditEvent, AuditPersonal, Business, Customer
from invo_cli.services import customers
from tests.services.people import ACT, business_in

pytestmark = pytest.mark.integration
ASHA = CustomerInput(name="Asha Traders", mobile="9876543210")
KARNATAKA, MAHARASHTRA = "29AAACI1681G1ZL", "27AAPFU0939F1ZV"


@pytest.fixture
def business(db_session: Session) -> Business:
    return business_in(db_session)


def found(session: Session, business: Business, given: CustomerInput) -> str:
    return customers.find_or_create(session, business, given, act=ACT)[0].code


def test_a_name_with_its_mobile_is_the_same_customer_whatever_the_case(db_session: Session, business: Business) -> None:
    assert found(db_session, business, ASHA) == "C-0001"
    assert found(db_session, business, CustomerInput(name="ASHA traders", mobile="9876543210")) == "C-0001"


def test_composed_and_decomposed_letters_are_the_same_name(db_session: Session, business: Business) -> None:
    found(db_session, business, CustomerInput(name="Café Ünal", mobile="9876543210"))
    assert found(db_session, business, CustomerInput(name="Café ünal", mobile="9876543210")) == "C-0001"


def test_a_name_alone_never_matches(db_session: Session, business: Business) -> None:
    assert [found(db_session, business, CustomerInput(name="Cash")) for _ in range(2)] == ["C-0001", "C-0002"]


def test_a_mobile_under_another_name_is_a_new_customer_and_a_warning(db_session: Session, business: Business) -> None:
    found(db_session, business, ASHA)
    customer, warnings = customers.find_or_create(
        db_session, business, CustomerInput(name="Ravi", mobile="9876543210"), act=ACT
    )
    assert customer.code == "C-0002"
    assert warnings == ["Mobile number 9876543210 is also that of C-0001 'Asha Traders'."]


def test_a_gstin_matches_whatever_the_name_and_mobile(db_session: Session, business: Business) -> None:
    found(db_session, business, CustomerInput(name="Old name", gstin=MAHARASHTRA))
    assert found(db_session, business, CustomerInput(name="New", gstin=MAHARASHTRA, mobile="9876543210")) == "C-0001"


def test_another_gstin_is_another_customer_though_name_and_mobile_agree(
    db_session: Session, business: Business
) -> None:
    found(db_session, business, CustomerInput(name="Asha", gstin=MAHARASHTRA, mobile="9876543210"))
    assert found(db_session, business, CustomerInput(name="Asha", gstin=KARNATAKA, mobile="9876543210")) == "C-0002"
    assert found(db_session, business, CustomerInput(name="Asha", mobile="9876543210")) == "C-0001"


def test_the_customers_of_another_business_never_match(db_session: Session, business: Business) -> None:
    found(db_session, business, ASHA)
    other = business_in(db_session, MAHARASHTRA)
    assert customers.find_or_create(db_session, other, ASHA, act=ACT)[0].business_id == other.id
    with pytest.raises(NotFoundError):
        customers.get(db_session, other.id, "C-0002")


def test_a_state_left_out_is_that_of_the_gstin_else_that_of_the_business(
    db_session: Session, business: Business
) -> None:
    for given, state in (
        (CustomerInput(name="A", gstin=MAHARASHTRA), "27"),
        (CustomerInput(name="B"), "29"),
        (CustomerInput(name="C", state="96"), "96"),
    ):
        assert customers.find_or_create(db_session, business, given, act=ACT)[0].state == state
    with pytest.raises(InvalidError):
        found(db_session, business, CustomerInput(name="D", gstin=KARNATAKA, state="27"))


def test_a_customer_is_called_by_code_or_exact_name(db_session: Session, business: Business) -> None:
    found(db_session, business, ASHA)
    for spelling in ("c-0001", "ASHA TRADERS"):
        assert customers.get(db_session, business.id, spelling).code == "C-0001"
    with pytest.raises(NotFoundError) as missing:
        customers.get(db_session, business.id, "Asha Trader")
    assert missing.value.advice == "Did you mean 'Asha Traders'?"


def test_a_name_that_two_have_is_a_conflict_that_lists_their_codes(db_session: Session, business: Business) -> None:
    found(db_session, business, CustomerInput(name="Cash"))
    found(db_session, business, CustomerInput(name="Cash"))
    with pytest.raises(ConflictError, match=r"C-0001, C-0002"):
        customers.get(db_session, business.id, "cash")


def test_the_document_takes_what_it_says_and_the_rest_as_stored(db_session: Session, business: Business) -> None:
    stored, _ = customers.find_or_create(
        db_session,
        business,
        CustomerInput(name="Asha", gstin=MAHARASHTRA, mobile="9876543210", address=Address(line1="1 MG Road")),
        act=ACT,
    )
    buyer = customers.buyer_of(stored, CustomerInput(name="Asha & Co", gstin=MAHARASHTRA, email="a@example.com"))
    assert (buyer.name, buyer.state, buyer.mobile, buyer.email) == ("Asha & Co", "27", "9876543210", "a@example.com")
    assert buyer.address.line1 == "1 MG Road"
    assert (stored.name, stored.email) == ("Asha", None)


def test_the_audit_event_of_a_new_customer_hides_what_is_personal(db_session: Session, business: Business) -> None:
    found(db_session, business, ASHA)
    event = db_session.scalars(select(AuditEvent).where(AuditEvent.subject == "customer:C-0001")).one()
    assert (event.action, event.actor) == ("customer.create", "asha")
    assert event.after is not None
    assert "Asha" not in event.after
    assert "9876543210" not in event.after
    personal = db_session.scalars(select(AuditPersonal).where(AuditPersonal.seq == event.seq)).one()
    assert "Asha Traders" in personal.fields


def test_codes_chosen_by_hand_are_passed_over(db_session: Session, business: Business) -> None:
    customers.create(db_session, business, act=ACT, values={"name": "By hand", "code": "c-0001"})
    assert found(db_session, business, ASHA) == "C-0002"
    assert db_session.scalar(select(func.count()).select_from(Customer)) == 2

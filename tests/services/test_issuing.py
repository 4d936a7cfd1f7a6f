"""Documents stored: what is returned without reading it again, and the number before the one taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from invo_cli.errors import ConflictError
from invo_cli.gst.document import DocumentInput
from invo_cli.gst.reading import read_document
from invo_cli.models import Book, Business
from invo_cli.services import audit, books, invoice_lookup, invoices
from invo_cli.services.batching import batched
from tests.factories import ACT, TODAY, make_business, make_customer, make_invoice

pytestmark = pytest.mark.integration
LINE = {"description": "Screen", "hsn": "998716", "quantity": "1.5", "unit_price": "999.99", "serial": "SN-1"}
FULL = {
    "charges": [{"description": "Freight", "amount": "75.00"}],
    "discount": "10.00",
    "other_charges": "5.00",
    "due_date": "2026-11-04",
    "reference": "Order 7",
    "notes": "Collected by Ravi",
    "shipping_bill": None,
}


@pytest.fixture
def business(db_session: Session) -> Business:
    """A business with the customer C-0001."""
    business = make_business(db_session, address_line1="12 MG Road")
    make_customer(db_session, business)
    return business


def entered(**keys: object) -> DocumentInput:
    return read_document({"customer": "C-0001", "lines": [LINE, LINE | {"serial": None}], **keys})


@pytest.mark.parametrize("draft", [False, True])
@pytest.mark.parametrize("keys", [{}, FULL], ids=["plain", "full"])
def test_a_new_document_is_returned_as_it_is_read_back(
    db_session: Session, business: Business, draft: bool, keys: dict[str, object]
) -> None:
    document = entered(**keys)
    made = invoices.create(db_session, business, document, act=ACT, draft=draft).document
    found = invoice_lookup.get(db_session, business, made["id"])
    again = invoice_lookup.document(db_session, business, found.id, today=TODAY)
    assert again == made
    assert list(again) == list(made)


def test_a_document_dated_before_its_predecessor_is_doubted(db_session: Session, business: Business) -> None:
    invoices.create(db_session, business, entered(), act=ACT)
    late = invoices.create(db_session, business, entered(date="2026-10-19"), act=ACT)
    assert [warning[:6] for warning in late.warnings] == ["ORD-01"]
    assert not invoices.create(db_session, business, entered(date="2026-10-19"), act=ACT).warnings


def test_a_clock_behind_the_predecessor_is_doubted(db_session: Session, business: Business) -> None:
    invoices.create(db_session, business, entered(), act=ACT)
    behind = replace(ACT, at=ACT.at - timedelta(hours=1))
    made = invoices.create(db_session, business, entered(), act=behind)
    assert [warning[:6] for warning in made.warnings] == ["ORD-02"]


def test_a_number_that_an_import_brought_is_refused(db_session: Session, business: Business) -> None:
    customer = make_customer(db_session, business, "Ravi")
    make_invoice(db_session, business, customer, number="inv/26-27/0001", number_key="INV/26-27/0001")
    with pytest.raises(ConflictError, match=r"INV/26-27/0001 is taken"):
        invoices.create(db_session, business, entered(), act=ACT)


def test_a_row_refused_in_a_batch_is_an_error_of_the_database(db_session: Session, business: Business) -> None:
    twin = insert(Book).values(business_id=business.id, last_audit_hash="")
    with pytest.raises(IntegrityError), db_session.begin_nested(), batched(db_session):
        db_session.execute(twin)
    assert db_session.scalar(select(func.count()).select_from(Book).where(Book.business_id == business.id)) == 1


def test_events_are_not_appended_behind_the_back_of_one_who_took_the_book(
    db_session: Session, business: Business
) -> None:
    event = audit.Event(action="x.y", subject="x:1")
    taken = books.take(db_session, business.id)
    audit.append(db_session, business.id, ACT, [event])
    with pytest.raises(IntegrityError), db_session.begin_nested():
        audit.append(db_session, business.id, ACT, [event], book=taken)
    with pytest.raises(RuntimeError, match="taken for others"):
        books.close_chain(db_session, business.id, before=taken.audit_seq, seq=taken.audit_seq + 1, last_hash="")

"""Documents stored: what is returned without reading it again, and the number before the one taken."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from invo_cli.errors import ConflictError
from invo_cli.gst.document import DocumentInput
from invo_cli.gst.reading import read_document
from invo_cli.models import AuditEvent, Book, Business
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
EXPORT = {
    "supply": "export_with_payment",
    "shipping_bill": {"port": "INMAA1", "number": "7896542", "date": "2026-10-08"},
    "ship_to": {"line1": "1 Pier Road", "city": "Mombasa", "state": "96", "country": "Kenya"},
    "transport": {"mode": "ship", "distance_km": 350, "document": "BL-1"},
    "service_type": "goods_transport",
    "terms": "Payable in advance.",
}
ONLINE = {"ecommerce_gstin": "29AABCF8078M1C8", "ecommerce_section": "52", "differential_percent": "65.0"}


@pytest.fixture
def business(db_session: Session) -> Business:
    """A business with the customer C-0001."""
    business = make_business(db_session, address_line1="12 MG Road")
    make_customer(db_session, business)
    return business


def entered(**keys: object) -> DocumentInput:
    return read_document({"customer": "C-0001", "lines": [LINE, LINE | {"serial": None}], **keys})


@pytest.mark.parametrize("draft", [False, True])
@pytest.mark.parametrize("keys", [{}, FULL, EXPORT, ONLINE], ids=["plain", "full", "export", "online"])
def test_a_new_document_is_returned_as_it_is_read_back(
    db_session: Session, business: Business, draft: bool, keys: dict[str, object]
) -> None:
    document = entered(**keys)
    made = invoices.create(db_session, business, document, act=ACT, draft=draft).document
    found = invoice_lookup.get(db_session, business, made["id"])
    again = invoice_lookup.document(db_session, business, found.id, today=TODAY)
    assert again == made
    assert list(again) == list(made)


@pytest.mark.parametrize("draft", [False, True])
def test_a_document_shows_what_was_entered(db_session: Session, business: Business, draft: bool) -> None:
    shown = invoices.create(db_session, business, entered(**EXPORT), act=ACT, draft=draft).document
    for key, value in EXPORT.items():
        known = {name: shown[key][name] for name in value} if isinstance(value, dict) else shown[key]
        assert known == value, key
    assert (shown["ecommerce_gstin"], shown["ecommerce_section"], shown["differential_percent"]) == (None, None, None)
    online = invoices.create(db_session, business, entered(**ONLINE), act=ACT, draft=draft).document
    assert {key: online[key] for key in ONLINE} == ONLINE | {"differential_percent": "65"}
    assert (online["shipping_bill"], online["ship_to"], online["transport"], online["terms"]) == (None,) * 4


def test_the_delivery_address_is_personal_in_the_trail(db_session: Session, business: Business) -> None:
    invoices.create(db_session, business, entered(**EXPORT), act=ACT, draft=False)
    after = db_session.scalars(select(AuditEvent.after).where(AuditEvent.action == "invoice.issue")).one()
    assert "Pier Road" not in str(after)
    assert json.loads(str(after))["ship_to"].startswith("sha256:")


def test_a_line_says_whether_it_is_a_charge(db_session: Session, business: Business) -> None:
    made = invoices.create(db_session, business, entered(**FULL), act=ACT, draft=False).document
    assert [(line["is_charge"], line["against_line"]) for line in made["lines"]] == [
        *((False, None), (False, None)),
        (True, None),
    ]


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

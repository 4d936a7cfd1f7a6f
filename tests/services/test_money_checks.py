"""The database itself refuses what no program may write: more set off than paid or owed, notes beyond their invoice."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from invo_cli.db.types import new_id
from invo_cli.models import Allocation, Business, Invoice, Payment
from invo_cli.services import payments
from tests.factories import ACT, TODAY, make_business, make_customer, make_invoice

pytestmark = pytest.mark.integration


@pytest.fixture
def books(db_session: Session) -> tuple[Business, Invoice, Payment]:
    """An invoice and a payment of 1180 each, half of them set off."""
    business = make_business(db_session)
    customer = make_customer(db_session, business)
    invoice = make_invoice(db_session, business, customer)
    receipt = payments.Receipt(amount=Decimal(1180), method="cash", on=TODAY)
    wanted = [(str(invoice.number), Decimal(590))]
    row = payments.create(db_session, business, customer, receipt, act=ACT, wanted=wanted)
    return business, invoice, payments.get(db_session, business, row["number"])


def refused(session: Session, statement: str, constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), session.begin_nested():
        session.execute(text(statement))


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("allocated_paise = 118001", "ck_payments_unallocated"),
        ("refunded_paise = 59001", "ck_payments_unallocated"),
        ("allocated_paise = -1", "ck_payments_unallocated"),
        ("amount_paise = 58999", "ck_payments_unallocated"),
        ("amount_paise = 0, allocated_paise = 0", "ck_payments_amount"),
        ("tds_paise = -1", "ck_payments_amount"),
        ("cgst_paise = 1", "ck_payments_cgst_equals_sgst"),
        ("method = 'barter'", "ck_payments_method"),
        ("direction = 'loan'", "ck_payments_direction"),
    ],
)
def test_a_payment_is_never_more_than_it_is(db_session: Session, books: Any, change: str, constraint: str) -> None:
    refused(db_session, f"UPDATE payments SET {change}", constraint)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("paid_paise = 118001", "ck_invoices_outstanding"),
        ("credited_paise = 59001", "ck_invoices_outstanding"),
        ("paid_paise = -1", "ck_invoices_outstanding"),
        ("credit_noted_paise = 118001", "ck_invoices_credit_noted"),
        ("debit_noted_paise = -1", "ck_invoices_debit_noted"),
        ("allocated_paise = 118001", "ck_invoices_allocated"),
    ],
)
def test_a_document_never_takes_more_than_it_owes(
    db_session: Session, books: Any, change: str, constraint: str
) -> None:
    refused(db_session, f"UPDATE invoices SET {change}", constraint)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("amount_paise = 0", "ck_allocations_amount"),
        ("undone_on = '2026-10-19'", "ck_allocations_undone_on"),
        ("payment_id = NULL", "ck_allocations_one_source"),
        ("note_id = invoice_id", "ck_allocations_one_source"),
    ],
)
def test_an_allocation_has_one_source_and_an_amount(
    db_session: Session, books: Any, change: str, constraint: str
) -> None:
    refused(db_session, f"UPDATE allocations SET {change}", constraint)


@pytest.mark.parametrize("missing", ["payment_id", "invoice_id"])
def test_an_allocation_is_between_a_payment_and_a_document(db_session: Session, books: Any, missing: str) -> None:
    business, invoice, payment = books
    row = {"business_id": business.id, "id": new_id(), "payment_id": payment.id, "invoice_id": invoice.id}
    values = row | {"amount_paise": 1, "allocated_on": TODAY, "created_at": ACT.at, missing: 1}
    with pytest.raises(IntegrityError), db_session.begin_nested():
        db_session.execute(insert(Allocation).values(**values))


def test_a_number_is_given_once(db_session: Session, books: Any) -> None:
    payment = books[2]
    again = {column.name: getattr(payment, column.name) for column in Payment.__table__.columns} | {"id": new_id()}
    with pytest.raises(IntegrityError), db_session.begin_nested():
        db_session.execute(insert(Payment).values(**again))

"""The edges of ageing: on which day a document moves into the next bucket, and what is not late at all."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from invo_cli.models import Business
from invo_cli.services import ageing
from tests.factories import make_business, make_customer, make_invoice

pytestmark = pytest.mark.integration
DUE = date(2026, 10, 1)


@pytest.fixture
def business(db_session: Session) -> Business:
    made = make_business(db_session)
    customer = make_customer(db_session, made)
    make_invoice(db_session, made, customer, dated_on=DUE - timedelta(days=10), due_on=DUE)
    return made


def bucket(session: Session, business: Business, late: int, by: str = "due") -> int | None:
    """The place of the only amount, so many days after the due date."""
    rows = ageing.ageing(session, business, as_of=DUE + timedelta(days=late), by=by)
    return rows[0]["buckets"].index("1180.00") if rows else None


def test_a_bucket_ends_with_its_last_day(db_session: Session, business: Business) -> None:
    days = (-11, -10, 0, 1, 30, 31, 60, 61, 90, 91, 4000)
    assert [bucket(db_session, business, late) for late in days] == [None, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4]


def test_by_invoice_the_age_counts_from_the_date_of_the_document(db_session: Session, business: Business) -> None:
    days = (-10, -9, 20, 21, 50, 51, 80, 81)
    assert [bucket(db_session, business, late, "invoice") for late in days] == [0, 1, 1, 2, 2, 3, 3, 4]


def test_a_document_without_due_date_is_due_on_its_own_date(db_session: Session) -> None:
    made = make_business(db_session)
    make_invoice(db_session, made, make_customer(db_session, made), dated_on=DUE)
    assert (bucket(db_session, made, 0), bucket(db_session, made, 1)) == (0, 1)


def test_buckets_are_chosen_and_named(db_session: Session, business: Business) -> None:
    (row,) = ageing.ageing(db_session, business, as_of=DUE + timedelta(days=8), buckets=(7,))
    assert (row["buckets"], row["unallocated"], row["total"]) == (["0.00", "0.00", "1180.00"], "0.00", "1180.00")
    assert ageing.names((7, 14)) == ["not due", "1-7", "8-14", "over 14"]


def test_customers_stand_in_the_order_of_their_codes(db_session: Session, business: Business) -> None:
    for name in ("Zara", "Anil"):
        make_invoice(db_session, business, make_customer(db_session, business, name), dated_on=DUE)
    rows = ageing.ageing(db_session, business, as_of=DUE)
    assert [(row["customer"], row["name"]) for row in rows] == [
        ("C-0001", "Asha Traders"),
        ("C-0002", "Zara"),
        ("C-0003", "Anil"),
    ]


def test_another_business_is_never_counted(db_session: Session, business: Business) -> None:
    other = make_business(db_session, gstin="27AAPFU0939F1ZV")
    make_invoice(db_session, other, make_customer(db_session, other), dated_on=DUE)
    assert [row["total"] for row in ageing.ageing(db_session, business, as_of=DUE)] == ["1180.00"]

"""Reports: what counts, how it is grouped, and that sums are exact."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from invo_cli.models import Business
from invo_cli.services import reports
from tests.factories import TODAY, make_business, make_customer, make_invoice

pytestmark = pytest.mark.integration
EVER = (None, None)


@pytest.fixture
def business(db_session: Session) -> Business:
    return make_business(db_session)


def test_sales_by_month_leave_out_what_is_not_issued(db_session: Session, business: Business) -> None:
    customer = make_customer(db_session, business)
    for dated_on in (date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 20)):
        make_invoice(db_session, business, customer, dated_on=dated_on)
    for status in ("draft", "cancelled", "amended"):
        make_invoice(db_session, business, customer, status=status)
    rows = reports.sales(db_session, business, by="month", days=EVER)
    assert [(int(row["year"]), int(row["month"]), row["documents"]) for row in rows] == [(2026, 9, 1), (2026, 10, 2)]
    assert {name: str(rows[1][name]) for name in reports.AMOUNTS} == {
        "taxable_value": "2000.00",
        "cgst": "180.00",
        "sgst": "180.00",
        "igst": "0.00",
        "cess": "0.00",
        "total": "2360.00",
    }


def test_credit_notes_are_taken_off_and_debit_notes_added(db_session: Session, business: Business) -> None:
    customer = make_customer(db_session, business)
    invoice = make_invoice(db_session, business, customer, [("1000.00", "18")])
    make_invoice(db_session, business, customer, [("100.00", "18")], kind="credit_note", against_id=invoice.id)
    make_invoice(db_session, business, customer, [("10.00", "18")], kind="debit_note", against_id=invoice.id)
    (row,) = reports.sales(db_session, business, by="customer", days=EVER)
    assert (row["customer_code"], row["taxable_value"], row["total"]) == (
        "C-0001",
        Decimal("910.00"),
        Decimal("1073.80"),
    )
    kinds = reports.sales(db_session, business, by="kind", days=EVER)
    assert [(row["kind"], str(row["total"])) for row in kinds] == [
        ("credit_note", "-118.00"),
        ("debit_note", "11.80"),
        ("tax_invoice", "1180.00"),
    ]


def test_sales_by_rate_add_up_the_lines_and_count_a_document_once(db_session: Session, business: Business) -> None:
    customer = make_customer(db_session, business)
    make_invoice(db_session, business, customer, [("100.00", "18"), ("50.00", "5"), ("200.00", "18")])
    rows = reports.sales(db_session, business, by="rate", days=EVER)
    assert [(row["gst_rate_thousandths"], row["documents"], str(row["total"])) for row in rows] == [
        (5000, 1, "52.50"),
        (18000, 1, "354.00"),
    ]


def test_sales_by_state_tell_the_tax_of_each(db_session: Session, business: Business) -> None:
    for state in ("27", "29"):
        make_invoice(db_session, business, make_customer(db_session, business, f"In {state}", state=state))
    rows = reports.sales(db_session, business, by="state", days=EVER)
    assert [(row["place_of_supply"], str(row["igst"]), str(row["cgst"])) for row in rows] == [
        ("27", "180.00", "0.00"),
        ("29", "0.00", "90.00"),
    ]


@pytest.mark.parametrize(
    ("days", "documents"),
    [
        ((date(2026, 10, 1), None), 2),
        ((None, date(2026, 10, 1)), 2),
        ((date(2026, 10, 1), date(2026, 10, 1)), 1),
        ((date(2026, 11, 1), None), 0),
    ],
)
def test_both_days_are_included(db_session: Session, business: Business, days: reports.Days, documents: int) -> None:
    customer = make_customer(db_session, business)
    for dated_on in (date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 20)):
        make_invoice(db_session, business, customer, dated_on=dated_on)
    rows = reports.sales(db_session, business, by="kind", days=days)
    assert sum(row["documents"] for row in rows) == documents


@pytest.mark.parametrize("by", reports.GROUPINGS)
def test_another_business_is_never_counted(db_session: Session, business: Business, by: str) -> None:
    other = make_business(db_session, gstin="27AAPFU0939F1ZV")
    make_invoice(db_session, other, make_customer(db_session, other))
    assert reports.sales(db_session, business, by=by, days=EVER) == []
    assert reports.receivables(db_session, business, as_of=TODAY) == []


def test_sums_beyond_fifteen_digits_are_exact(db_session: Session, business: Business) -> None:
    customer = make_customer(db_session, business)
    for _ in range(3):
        make_invoice(db_session, business, customer, [("9999999999999.99", "0")])
    (row,) = reports.sales(db_session, business, by="kind", days=EVER)
    assert str(row["total"]) == "29999999999999.97"


def test_receivables_are_what_is_left_split_by_due_date(db_session: Session, business: Business) -> None:
    asha, ravi = make_customer(db_session, business), make_customer(db_session, business, "Ravi Stores")
    make_invoice(db_session, business, asha, due_on=date(2026, 10, 19), paid_paise=8000, credited_paise=10000)
    make_invoice(db_session, business, asha, due_on=TODAY)
    make_invoice(db_session, business, asha)
    make_invoice(db_session, business, ravi, paid_paise=118000)
    (row,) = reports.receivables(db_session, business, as_of=TODAY)
    assert (row["customer_code"], row["documents"], row["oldest_due_date"]) == ("C-0001", 3, date(2026, 10, 19))
    assert [str(row[name]) for name in ("outstanding", "due", "overdue")] == ["3360.00", "2360.00", "1000.00"]


def test_receivables_leave_out_notes_of_credit_and_later_documents(db_session: Session, business: Business) -> None:
    customer = make_customer(db_session, business)
    make_invoice(db_session, business, customer, kind="credit_note")
    make_invoice(db_session, business, customer, status="cancelled")
    make_invoice(db_session, business, customer, status="draft")
    make_invoice(db_session, business, customer, dated_on=TODAY)
    assert reports.receivables(db_session, business, as_of=date(2026, 10, 19)) == []
    (row,) = reports.receivables(db_session, business, as_of=TODAY)
    assert row["documents"] == 1


def test_totals_are_exact() -> None:
    rows = [{"a": Decimal("0.10")}] * 3
    assert reports.total(rows, ["a"]) == {"a": Decimal("0.30")}
    assert str(reports.total([], ["a"])["a"]) == "0.00"

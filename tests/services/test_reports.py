"""Reports of sales and tax: what counts, how it is grouped, and that sums are exact."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from invo_cli.models import Business
from invo_cli.services import collecting, reports, tax_reports
from invo_cli.services.receivables import receivables
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
    assert [(row["month"], row["documents"]) for row in rows] == [("2026-09", 1), ("2026-10", 2)]
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
    assert (row["customer_code"], row["documents"]) == ("C-0001", 3)
    assert (row["taxable_value"], row["total"]) == (Decimal("910.00"), Decimal("1073.80"))
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
    assert [(row["gst_rate"], row["documents"], str(row["total"])) for row in rows] == [
        (Decimal(5), 1, "52.50"),
        (Decimal(18), 1, "354.00"),
    ]


def test_sales_by_state_tell_the_tax_of_each(db_session: Session, business: Business) -> None:
    for state in ("27", "29"):
        make_invoice(db_session, business, make_customer(db_session, business, f"In {state}", state=state))
    rows = reports.sales(db_session, business, by="state", days=EVER)
    assert [(row["place_of_supply"], row["state_name"], str(row["igst"]), str(row["cgst"])) for row in rows] == [
        ("27", "Maharashtra", "180.00", "0.00"),
        ("29", "Karnataka", "0.00", "90.00"),
    ]


def test_sales_by_item_keep_what_was_typed_apart_and_count_quantities(db_session: Session, business: Business) -> None:
    customer = make_customer(db_session, business)
    invoice = make_invoice(db_session, business, customer, [("100.00", "18"), ("50.00", "18")])
    make_invoice(db_session, business, customer, [("100.00", "18")], kind="credit_note", against_id=invoice.id)
    rows = reports.sales(db_session, business, by="item", days=EVER)
    assert [(row["description"], str(row["quantity"]), str(row["taxable_value"])) for row in rows] == [
        ("Work 1", "0.000", "0.00"),
        ("Work 2", "1.000", "50.00"),
    ]


def test_customers_of_one_name_are_two_rows(db_session: Session, business: Business) -> None:
    for _ in range(2):
        make_invoice(db_session, business, make_customer(db_session, business, "Ravi"))
    rows = reports.sales(db_session, business, by="customer", days=EVER)
    assert [row["customer_code"] for row in rows] == ["C-0001", "C-0002"]


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
    for rows in (
        reports.sales(db_session, business, by="kind", days=days),
        tax_reports.tax_summary(db_session, business, by="state", days=days),
    ):
        assert sum(row["documents"] for row in rows) == documents


def test_another_business_is_never_counted(db_session: Session, business: Business) -> None:
    other = make_business(db_session, gstin="27AAPFU0939F1ZV")
    make_invoice(db_session, other, make_customer(db_session, other))
    for by in reports.GROUPINGS:
        assert reports.sales(db_session, business, by=by, days=EVER) == []
    for by in tax_reports.TAX_GROUPINGS:
        assert tax_reports.tax_summary(db_session, business, by=by, days=EVER) == []
    for by in collecting.NAMES:
        assert collecting.collections(db_session, business, by=by, days=EVER) == []
    assert tax_reports.hsn(db_session, business, EVER) == []
    assert receivables(db_session, business, as_of=TODAY) == []


def test_sums_beyond_fifteen_digits_are_exact(db_session: Session, business: Business) -> None:
    customer = make_customer(db_session, business)
    for _ in range(3):
        make_invoice(db_session, business, customer, [("9999999999999.99", "0")])
    (row,) = reports.sales(db_session, business, by="kind", days=EVER)
    assert str(row["total"]) == "29999999999999.97"


def test_the_month_of_tax_is_that_of_the_return(db_session: Session, business: Business) -> None:
    customer = make_customer(db_session, business)
    make_invoice(db_session, business, customer, dated_on=date(2026, 9, 30), return_period="102026")
    make_invoice(db_session, business, customer, dated_on=date(2026, 12, 1))
    make_invoice(db_session, business, customer, dated_on=date(2027, 1, 1))
    rows = tax_reports.tax_summary(db_session, business, by="month", days=EVER)
    assert [row["month"] for row in rows] == ["2026-10", "2026-12", "2027-01"]


def test_tax_is_told_apart_by_kind_of_supply_and_reverse_charge(db_session: Session, business: Business) -> None:
    customer = make_customer(db_session, business, state="27")
    make_invoice(db_session, business, customer)
    make_invoice(db_session, business, customer, reverse_charge=True, total_paise=100_000)
    make_invoice(db_session, business, customer, supply="sez_with_payment")
    rows = tax_reports.tax_summary(db_session, business, by="month", days=EVER)
    assert [(row["supply"], row["reverse_charge"], str(row["tax"])) for row in rows] == [
        ("regular", False, "180.00"),
        ("regular", True, "180.00"),
        ("sez_with_payment", False, "180.00"),
    ]


def test_exports_to_holders_of_a_gstin_are_b2c_in_the_hsn_summary(db_session: Session, business: Business) -> None:
    customer = make_customer(db_session, business, gstin="27AAPFU0939F1ZV", state="27")
    for supply in ("regular", "sez_without_payment", "export_with_payment"):
        make_invoice(db_session, business, customer, supply=supply)
    make_invoice(db_session, business, make_customer(db_session, business))
    rows = tax_reports.hsn(db_session, business, EVER)
    assert [(row["hsn"], row["section"], str(row["taxable_value"])) for row in rows] == [
        (None, "b2b", "2000.00"),
        (None, "b2c", "2000.00"),
    ]


def test_the_best_come_first_with_their_share(db_session: Session, business: Business) -> None:
    for name, price in (("A", "100.00"), ("B", "200.00")):
        make_invoice(db_session, business, make_customer(db_session, business, name), [(price, "18")])
    rows = reports.ranked(reports.sales(db_session, business, by="customer", days=EVER))
    assert [(row["customer_name"], str(row["share"])) for row in rows] == [("B", "66.7"), ("A", "33.3")]
    assert reports.ranked([{"taxable_value": Decimal(0)}])[0]["share"] is None


def test_totals_are_exact() -> None:
    rows = [{"a": Decimal("0.10")}] * 3
    assert reports.total(rows, ["a"]) == {"a": Decimal("0.30")}
    assert str(reports.total([], ["a"])["a"]) == "0.00"

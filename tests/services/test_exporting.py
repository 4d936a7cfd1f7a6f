"""The invoices data set: its fields, its rows, its order."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from invo_cli.errors import InvalidError
from invo_cli.gst.document import DocumentInput
from invo_cli.gst.reading import read_document
from invo_cli.models import Business
from invo_cli.services import exporting, invoice_lookup, invoices
from tests.factories import ACT, TODAY, make_business, make_customer, make_invoice

pytestmark = pytest.mark.integration
HEADING = (
    "business,number,kind,status,is_deleted,date,due_date,financial_year,return_period,customer_code,customer_name,"
    "customer_gstin,place_of_supply,supply,reverse_charge,taxable_value,cgst,sgst,igst,cess,other_charges,round_off,"
    "total,paid,credited,outstanding,against,irn,change"
)


@pytest.fixture
def business(db_session: Session) -> Business:
    return make_business(db_session)


def rows(session: Session, business: Business, names: str | None = None, **wanted: Any) -> list[tuple[Any, ...]]:
    fields = exporting.chosen(exporting.INVOICES, names)
    return [tuple(row) for row in exporting.invoices(session, business, exporting.Wanted(**wanted), fields)]


def entered() -> DocumentInput:
    line = {"description": "Screen", "hsn": "998716", "quantity": "1", "unit_price": "1000.00"}
    return read_document({"customer": {"name": "Asha Traders", "mobile": "9876543210"}, "lines": [line]})


def test_the_heading_begins_as_promised() -> None:
    assert ",".join(field.name for field in exporting.INVOICES).startswith(f"{HEADING},")


def test_a_row_has_every_value(db_session: Session, business: Business) -> None:
    customer = make_customer(db_session, business, gstin="27AAPFU0939F1ZV", state="27")
    invoice = make_invoice(db_session, business, customer, paid_paise=18000, due_on=date(2026, 11, 4), irn="a" * 64)
    credit = {"kind": "credit_note", "against_id": invoice.id, "number": "CN/26-27/0001"}
    make_invoice(db_session, business, customer, [("10.00", "18")], **credit)
    names = [field.name for field in exporting.INVOICES]
    first, second = (dict(zip(names, row, strict=True)) for row in rows(db_session, business))
    assert first == {
        "business": business.code,
        "number": "INV/26-27/0001",
        "kind": "tax_invoice",
        "status": "issued",
        "is_deleted": False,
        "date": TODAY,
        "due_date": date(2026, 11, 4),
        "financial_year": "2026-27",
        "return_period": "102026",
        "customer_code": "C-0001",
        "customer_name": "Asha Traders",
        "customer_gstin": "27AAPFU0939F1ZV",
        "place_of_supply": "27",
        "supply": "regular",
        "reverse_charge": False,
        "taxable_value": 100000,
        "cgst": 0,
        "sgst": 0,
        "igst": 18000,
        "cess": 0,
        "other_charges": 0,
        "round_off": 0,
        "total": 118000,
        "paid": 18000,
        "credited": 0,
        "outstanding": 100000,
        "against": None,
        "irn": "a" * 64,
        "change": 0,
        "id": "D-1",
    }
    assert (second["number"], second["against"], second["total"]) == ("CN/26-27/0001", "INV/26-27/0001", 1180)


def test_the_change_is_the_sequence_of_the_last_event(db_session: Session, business: Business) -> None:
    for _ in range(2):
        invoices.create(db_session, business, entered(), act=ACT)
    first = invoice_lookup.get(db_session, business, "D-1")
    assert rows(db_session, business, "id,change") == [("D-1", 3), ("D-2", 4)]
    invoices.cancel(db_session, business, first, act=ACT, reason="Wrong")
    assert rows(db_session, business, "id,change") == [("D-1", 5), ("D-2", 4)]


def test_rows_come_by_date_and_document_number(db_session: Session, business: Business) -> None:
    customer = make_customer(db_session, business)
    for day in (20, 1, 20, 1):
        make_invoice(db_session, business, customer, dated_on=date(2026, 10, day))
    assert [row[0] for row in rows(db_session, business, "id")] == ["D-2", "D-4", "D-1", "D-3"]


def test_what_is_wanted_is_chosen(db_session: Session, business: Business) -> None:
    customer = make_customer(db_session, business)
    for status, day in (("draft", 1), ("issued", 2), ("cancelled", 3), ("amended", 4)):
        make_invoice(db_session, business, customer, status=status, dated_on=date(2026, 10, day))
    make_invoice(db_session, business, customer, status="cancelled", is_deleted=True)

    def ids(**wanted: Any) -> list[str]:
        return [row[0] for row in rows(db_session, business, "id", **wanted)]

    assert ids() == ["D-1", "D-2", "D-3", "D-4"]
    assert ids(deleted=True) == ["D-1", "D-2", "D-3", "D-4", "D-5"]
    assert ids(statuses=("issued", "cancelled")) == ["D-2", "D-3"]
    assert ids(first=date(2026, 10, 2), last=date(2026, 10, 3)) == ["D-2", "D-3"]


def test_another_business_is_never_exported(db_session: Session, business: Business) -> None:
    other = make_business(db_session, gstin="27AAPFU0939F1ZV")
    make_invoice(db_session, other, make_customer(db_session, other), number="OLD-1")
    invoices.create(db_session, business, entered(), act=ACT)
    invoices.create(db_session, other, entered(), act=ACT)
    assert rows(db_session, business, "business,id,change") == [(business.code, "D-1", 3)]


def test_an_unknown_field_is_named_with_the_nearest() -> None:
    with pytest.raises(InvalidError, match="no field totl") as refusal:
        exporting.chosen(exporting.INVOICES, "number,totl")
    assert "total" in refusal.value.advice

"""The data sets: their fields, their rows, their order."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from invo_cli.errors import InvalidError, NotFoundError
from invo_cli.gst.document import DocumentInput
from invo_cli.gst.reading import read_document
from invo_cli.models import Business
from invo_cli.services import customer_upkeep, customers, invoice_lookup, invoices, payments
from invo_cli.services.exporting import catalogue, measuring, selecting
from invo_cli.services.exporting.selecting import Wanted
from tests.factories import ACT, TODAY, make_business, make_customer, make_invoice
from tests.services.exported import STYLES, cells, reference, text_of

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
    return cells(session, catalogue.get("invoices"), business, names, Wanted(**wanted))


def entered() -> DocumentInput:
    line = {"description": "Screen", "hsn": "998716", "quantity": "1", "unit_price": "1000.00"}
    return read_document({"customer": {"name": "Asha Traders", "mobile": "9876543210"}, "lines": [line]})


def test_the_heading_begins_as_promised() -> None:
    assert ",".join(field.name for field in catalogue.get("invoices").fields).startswith(f"{HEADING},")


def test_a_row_has_every_value(db_session: Session, business: Business) -> None:
    customer = make_customer(db_session, business, gstin="27AAPFU0939F1ZV", state="27")
    invoice = make_invoice(db_session, business, customer, paid_paise=18000, due_on=date(2026, 11, 4), irn="a" * 64)
    credit = {"kind": "credit_note", "against_id": invoice.id, "number": "CN/26-27/0001"}
    make_invoice(db_session, business, customer, [("10.00", "18")], **credit)
    names = [field.name for field in catalogue.get("invoices").fields]
    first, second = (dict(zip(names, row, strict=True)) for row in rows(db_session, business))
    assert first == {
        "business": business.code,
        "number": "INV/26-27/0001",
        "kind": "tax_invoice",
        "status": "issued",
        "is_deleted": "false",
        "date": TODAY.isoformat(),
        "due_date": "2026-11-04",
        "financial_year": "2026-27",
        "return_period": "102026",
        "customer_code": "C-0001",
        "customer_name": "Asha Traders",
        "customer_gstin": "27AAPFU0939F1ZV",
        "place_of_supply": "27",
        "supply": "regular",
        "reverse_charge": "false",
        "taxable_value": "1000.00",
        "cgst": "0.00",
        "sgst": "0.00",
        "igst": "180.00",
        "cess": "0.00",
        "other_charges": "0.00",
        "round_off": "0.00",
        "total": "1180.00",
        "paid": "180.00",
        "credited": "0.00",
        "outstanding": "1000.00",
        "against": None,
        "irn": "a" * 64,
        "change": "0",
        "id": "D-1",
        "discount": "0.00",
        "issued_at": None,
        "cancelled_at": None,
        **dict.fromkeys(("amends", "reason", "reference", "notes", "cancel_reason")),
    }
    assert (second["number"], second["against"], second["total"]) == ("CN/26-27/0001", "INV/26-27/0001", "11.80")


def test_the_change_is_the_sequence_of_the_last_event(db_session: Session, business: Business) -> None:
    for _ in range(2):
        invoices.create(db_session, business, entered(), act=ACT)
    first = invoice_lookup.get(db_session, business, "D-1")
    assert rows(db_session, business, "id,change") == [("D-1", "3"), ("D-2", "4")]
    invoices.cancel(db_session, business, first, act=ACT, reason="Wrong")
    assert rows(db_session, business, "id,change") == [("D-1", "5"), ("D-2", "4")]


def test_a_merge_is_a_change_of_what_it_moves(db_session: Session, business: Business) -> None:
    invoices.create(db_session, business, entered(), act=ACT)
    make_customer(db_session, business, "Asha Traders and Sons")
    customer_upkeep.merge(db_session, business, "C-0001", "C-0002", act=ACT, reason="The same")
    found = selecting.changed(catalogue.get("invoices"), business.id, after=3, until=99)
    assert cells(db_session, catalogue.get("invoices"), business, "id,customer_code", only=found) == [("D-1", "C-0002")]


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


def test_events_are_chosen_by_the_day_in_india(db_session: Session, business: Business) -> None:
    trail = catalogue.get("audit")  # made at noon in India on the 20th
    assert len(cells(db_session, trail, business, "seq", Wanted(first=TODAY, last=TODAY))) == 1
    assert cells(db_session, trail, business, "seq", Wanted(last=date(2026, 10, 19))) == []
    assert cells(db_session, trail, business, "seq", Wanted(first=date(2026, 10, 21))) == []


def test_another_business_is_never_exported(db_session: Session, business: Business) -> None:
    other = make_business(db_session, gstin="27AAPFU0939F1ZV")
    make_invoice(db_session, other, make_customer(db_session, other), number="OLD-1")
    invoices.create(db_session, business, entered(), act=ACT)
    invoices.create(db_session, other, entered(), act=ACT)
    assert rows(db_session, business, "business,id,change") == [(business.code, "D-1", "3")]
    for data_set in catalogue.DATA_SETS.values():
        if data_set.book is not None:
            assert {row[0] for row in cells(db_session, data_set, business, "business")} <= {business.code}


def test_payments_and_allocations_know_their_documents(db_session: Session, business: Business) -> None:
    invoices.create(db_session, business, entered(), act=ACT)
    customer = customers.get(db_session, business.id, "C-0001")
    receipt = payments.Receipt(amount=Decimal("1000.00"), method="upi", on=TODAY, tds=Decimal("10.00"), reference="=1")
    payments.create(db_session, business, customer, receipt, act=ACT, oldest=True)
    names = "number,status,date,customer_code,amount,tds,allocated,unallocated,change"
    (paid,) = cells(db_session, catalogue.get("payments"), business, names)
    assert paid[1:] == ("live", TODAY.isoformat(), "C-0001", "1000.00", "10.00", "1010.00", "0.00", "4")
    names = "payment,note,invoice,customer_code,amount,status,undone_on,change"
    (part,) = cells(db_session, catalogue.get("allocations"), business, names)
    assert part == (paid[0], None, "INV/26-27/0001", "C-0001", "1010.00", "live", None, "4")
    payments.void(db_session, business, payments.get(db_session, business, paid[0]), act=ACT, reason="Bounced")
    assert cells(db_session, catalogue.get("payments"), business, "status", Wanted(statuses=("live",))) == []
    allocations = catalogue.get("allocations")
    touched = selecting.changed(allocations, business.id, after=5, until=99)
    assert cells(db_session, allocations, business, "payment,status", only=touched) == [(paid[0], "undone")]
    for name in ("payments", "allocations"):
        data_set = catalogue.get(name)
        for style in STYLES:
            found = cells(db_session, data_set, business)
            assert text_of(db_session, data_set, business, style) == reference(data_set.fields, found, style)


def test_an_unknown_field_or_data_set_is_named_with_the_nearest() -> None:
    with pytest.raises(InvalidError, match="no field totl") as refusal:
        catalogue.get("invoices").chosen("number,totl")
    assert "total" in refusal.value.advice
    with pytest.raises(NotFoundError, match="no data set invoice") as missing:
        catalogue.get("invoice")
    assert "invoices" in missing.value.advice


def test_every_field_is_declared_with_a_meaning_and_no_secret() -> None:
    for data_set in catalogue.DATA_SETS.values():
        names = [field.name for field in data_set.fields]
        assert len(names) == len(set(names)) <= 60  # json_object of SQLite takes 127 arguments
        assert all(field.meaning for field in data_set.fields)
        assert data_set.keys
        assert not {"password_hash", "secret_hash"} & set(names)
        assert ("status" in names) >= bool(data_set.statuses)


def test_records_are_found_by_their_subjects(db_session: Session, business: Business) -> None:
    make_invoice(db_session, business, make_customer(db_session, business), number="OLD-1")
    invoices.create(db_session, business, entered(), act=ACT)
    for name, subject in (("invoices", "invoice:D-2"), ("lines", "invoice:D-2"), ("customers", "customer:C-0002")):
        data_set = catalogue.get(name)
        by_name = cells(db_session, data_set, business, only=selecting.about(data_set, [subject, "payment:X"]))
        by_event = cells(
            db_session, data_set, business, only=selecting.changed(data_set, business.id, after=2, until=9)
        )
        assert len(by_name) == 1
        assert by_event == by_name
        assert (
            cells(db_session, data_set, business, only=selecting.changed(data_set, business.id, after=4, until=9)) == []
        )


def test_totals_are_the_sums_of_the_money_fields(db_session: Session, business: Business) -> None:
    customer = make_customer(db_session, business)
    for taxable in ("1000.00", "0.10"):
        make_invoice(db_session, business, customer, [(taxable, "18")])
    data_set = catalogue.get("invoices")
    fields = data_set.chosen("number,total,cgst")
    query = selecting.rows(data_set, fields, business.id)
    found = {name: str(amount) for name, amount in measuring.totals(db_session, query, fields).items()}
    assert found == {"total": "1180.12", "cgst": "90.01"}
    assert measuring.count(db_session, query) == 2
    assert measuring.totals(db_session, query, data_set.chosen("number")) == {}

"""The data sets: their fields, their rows, their order, and the text that the database makes of them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import BigInteger, Text, literal, select, type_coerce
from sqlalchemy.orm import Session

from invo_cli.errors import InvalidError, NotFoundError
from invo_cli.gst.document import DocumentInput
from invo_cli.gst.reading import read_document
from invo_cli.models import Business, Customer
from invo_cli.services import customer_upkeep, customers, invoice_lookup, invoices, items, payments
from invo_cli.services.exporting import catalogue, measuring, selecting, streaming
from invo_cli.services.exporting.declaring import DataSet, Field, Kind
from invo_cli.services.exporting.selecting import Wanted
from invo_cli.services.exporting.spelling import Style
from invo_cli.services.exporting.streaming import Tally
from tests.factories import ACT, TODAY, make_business, make_customer, make_invoice

pytestmark = pytest.mark.integration
HEADING = (
    "business,number,kind,status,is_deleted,date,due_date,financial_year,return_period,customer_code,customer_name,"
    "customer_gstin,place_of_supply,supply,reverse_charge,taxable_value,cgst,sgst,igst,cess,other_charges,round_off,"
    "total,paid,credited,outstanding,against,irn,change"
)
HOSTILE = (
    '=1+1, "Ä"\r\n\x1b[31m\u202e रु',
    "-x",
    "+91",
    "@cmd",
    "\tindented",
    "\r",
    "a\\b\x01\x02\x7f\U0001f600",
    '"q"',
    "tab\there",
    "\\.",
    "plain, with a comma",
    "\u2028\ufeff\ud7ff\ufffd",
    "'quoted'",
    "%s %d %% :name",
    "अशोक ट्रेडर्स",
)
STYLES: tuple[Style, ...] = ("csv", "tsv", "jsonl")


@pytest.fixture
def business(db_session: Session) -> Business:
    return make_business(db_session)


def rows(session: Session, business: Business, names: str | None = None, **wanted: Any) -> list[tuple[Any, ...]]:
    return cells(session, catalogue.get("invoices"), business, names, Wanted(**wanted))


def cells(
    session: Session,
    data_set: DataSet,
    business: Business,
    names: str | None = None,
    wanted: Wanted = selecting.EVERYTHING,
    only: Any = None,
) -> list[tuple[Any, ...]]:
    fields = data_set.chosen(names)
    query = selecting.rows(data_set, fields, business.id, wanted, only=only)
    return [tuple(row) for row in streaming.cells(session, query, fields, tally=Tally())]


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
            assert text(db_session, data_set, business, style) == reference(data_set.fields, found, style)


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


@pytest.fixture
def hostile(db_session: Session, business: Business) -> Business:
    """Customers, items and documents with texts that are hard to write."""
    for place, text in enumerate(HOSTILE, 1):
        customer = make_customer(db_session, business, text, notes=text if place % 2 else None, email="")
        state: dict[str, Any] = {"status": "draft"} if place % 3 == 0 else {}
        make_invoice(db_session, business, customer, notes=text, **state)
        values = {"name": text, "unit_price_thousandths": place * 10 + 5, "gst_rate_thousandths": 18000}
        items.create(db_session, business.id, act=ACT, values=values)
    return business


@pytest.mark.parametrize("name", ["invoices", "lines", "customers", "items", "audit"])
def test_the_text_is_that_of_the_values_byte_for_byte(db_session: Session, hostile: Business, name: str) -> None:
    data_set = catalogue.get(name)
    found = cells(db_session, data_set, hostile)
    assert len(found) >= len(HOSTILE)
    for style in STYLES:
        assert text(db_session, data_set, hostile, style) == reference(data_set.fields, found, style)
    read = list(csv.reader(io.StringIO(text(db_session, data_set, hostile, "csv").decode(), newline=""), strict=True))
    assert read[1:] == [[value or "" for value in row] for row in found]


def test_texts_that_look_like_formulas_get_an_apostrophe_and_numbers_none(
    db_session: Session, hostile: Business
) -> None:
    names = "name,notes"
    written = text(db_session, catalogue.get("customers"), hostile, "csv", names, guard=True)
    read = csv.DictReader(io.StringIO(written.decode(), newline=""), strict=True)
    assert [row["name"] for row in read] == [f"'{each}" if each[0] in "=+-@\t\r" else each for each in HOSTILE]
    assert text(db_session, catalogue.get("customers"), hostile, "jsonl", names, guard=True) == text(
        db_session, catalogue.get("customers"), hostile, "jsonl", names
    )


def test_a_single_field_has_a_line_for_every_row(db_session: Session, business: Business) -> None:
    for notes in (None, "", "\\.", "x,y"):
        make_customer(db_session, business, notes=notes)
    assert text(db_session, catalogue.get("customers"), business, "csv", "notes") == b'notes\n""\n""\n"\\."\n"x,y"\n'


DECIMALS: tuple[tuple[Kind, int, str], ...] = (
    ("money", 0, "0.00"),
    ("money", 5, "0.05"),
    ("money", -5, "-0.05"),
    ("money", -35, "-0.35"),
    ("money", -100, "-1.00"),
    ("money", -12345, "-123.45"),
    ("money", 10**15 - 1, "9999999999999.99"),
    ("quantity", -1, "-0.001"),
    ("quantity", 1500, "1.500"),
    ("rate", 18000, "18"),
    ("rate", 250, "0.25"),
    ("rate", 100_000, "100"),
    ("rate", 0, "0"),
    ("rate", 1, "0.001"),
    ("count", -7, "-7"),
)


def test_whole_numbers_become_decimals(db_session: Session, business: Business) -> None:
    make_customer(db_session, business)
    fields = [
        Field(f"f{place}", kind, literal(stored, BigInteger), "a value")
        for place, (kind, stored, _) in enumerate(DECIMALS)
    ]
    query = selecting.rows(catalogue.get("customers"), fields, business.id)
    expected = tuple(written for _, _, written in DECIMALS)
    assert [tuple(row) for row in streaming.cells(db_session, query, fields, tally=Tally())] == [expected]
    for style in STYLES:
        blocks = streaming.blocks(db_session, query, fields, style, tally=Tally())
        assert b"".join(blocks) == reference(fields, [expected], style)


def test_the_sum_and_the_difference_of_columns_is_one_amount(db_session: Session, business: Business) -> None:
    make_invoice(db_session, business, make_customer(db_session, business), paid_paise=1)
    assert rows(db_session, business, "outstanding") == [("1179.99",)]
    (cess,) = cells(db_session, catalogue.get("lines"), business, "cess")
    assert cess == ("0.00",)


def test_nothing_is_a_heading_alone(db_session: Session, business: Business) -> None:
    data_set = catalogue.get("items")
    heading = ",".join(field.name for field in data_set.fields) + "\n"
    assert text(db_session, data_set, business, "csv") == heading.encode()
    assert text(db_session, data_set, business, "jsonl") == b""


def test_the_text_comes_in_pieces_and_the_rows_are_counted(db_session: Session, business: Business) -> None:
    for place in range(streaming.ROWS + 1):
        make_customer(db_session, business, f"Customer {place}")
    data_set = catalogue.get("customers")
    for style in STYLES:
        tally = Tally()
        fields = data_set.chosen("code")
        query = selecting.rows(data_set, fields, business.id)
        pieces = list(streaming.blocks(db_session, query, fields, style, tally=tally, headed=False))
        assert (len(pieces), tally.rows) == (2, streaming.ROWS + 1)


def test_records_are_found_by_their_subjects(db_session: Session, business: Business) -> None:
    make_invoice(db_session, business, make_customer(db_session, business), number="OLD-1")
    invoices.create(db_session, business, entered(), act=ACT)
    for name, subject in (("invoices", "invoice:D-2"), ("lines", "invoice:D-2"), ("customers", "customer:C-0002")):
        data_set = catalogue.get(name)
        by_name = cells(db_session, data_set, business, only=selecting.about(data_set, [subject, "payment:X"]))
        by_event = cells(
            db_session, data_set, business, only=selecting.changed(data_set, business.id, after=1, until=9)
        )
        assert len(by_name) == 1
        assert by_event == by_name
        assert (
            cells(db_session, data_set, business, only=selecting.changed(data_set, business.id, after=3, until=9)) == []
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


def test_statements_between_two_exports_read_text_again(db_session: Session, business: Business) -> None:
    make_customer(db_session, business, "रु")
    text(db_session, catalogue.get("customers"), business, "csv")
    assert db_session.scalar(select(type_coerce(Customer.name, Text))) == "रु"
    assert customers.find(db_session, business.id, "C-0001") is not None
    assert db_session.scalar(select(literal("x"))) == "x"


def text(
    session: Session,
    data_set: DataSet,
    business: Business,
    style: Style,
    names: str | None = None,
    *,
    guard: bool = False,
) -> bytes:
    fields = data_set.chosen(names)
    query = selecting.rows(data_set, fields, business.id)
    return b"".join(streaming.blocks(session, query, fields, style, tally=Tally(), guard=guard))


def reference(fields: Sequence[Field], found: Sequence[Sequence[Any]], style: Style) -> bytes:
    """The same text, written value by value."""
    if style == "jsonl":
        lines = [dict(zip((field.name for field in fields), map(typed, fields, row), strict=True)) for row in found]
        return "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines).encode()
    comma = "," if style == "csv" else "\t"
    table = [[field.name for field in fields], *found]
    return "".join(comma.join(quoted(value, comma) for value in row) + "\n" for row in table).encode()


def typed(field: Field, value: str | None) -> Any:
    if value is None or field.kind not in ("flag", "count"):
        return value
    return value == "true" if field.kind == "flag" else int(value)


def quoted(value: str | None, comma: str) -> str:
    if value is None:
        return ""
    awkward = value == "" or any(character in value for character in (comma, '"', "\n", "\r"))
    return '"' + value.replace('"', '""') + '"' if awkward else value

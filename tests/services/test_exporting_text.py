"""The text that the database makes of rows: the same bytes on both engines."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from sqlalchemy import BigInteger, Text, literal, select, type_coerce
from sqlalchemy.orm import Session

from invo_cli.models import Business, Customer
from invo_cli.services import customers, items
from invo_cli.services.exporting import catalogue, selecting, streaming
from invo_cli.services.exporting.declaring import Field, Kind
from invo_cli.services.exporting.streaming import Tally
from tests.factories import ACT, make_business, make_customer, make_invoice
from tests.services.exported import STYLES, cells, reference, text_of

pytestmark = pytest.mark.integration
HOSTILE = (
    '=1+1, "Ä"\r\n\x1b[31m\u202e रु',
    "-x",
    "+91",
    "@cmd",
    *("\uff1d1+1", "\uff0b91", "\uff0dx", "\uff20cmd"),
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


@pytest.fixture
def business(db_session: Session) -> Business:
    return make_business(db_session)


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
        assert text_of(db_session, data_set, hostile, style) == reference(data_set.fields, found, style)
    read = list(
        csv.reader(io.StringIO(text_of(db_session, data_set, hostile, "csv").decode(), newline=""), strict=True)
    )
    assert read[1:] == [[value or "" for value in row] for row in found]


def test_texts_that_look_like_formulas_get_an_apostrophe_and_numbers_none(
    db_session: Session, hostile: Business
) -> None:
    names = "name,notes"
    written = text_of(db_session, catalogue.get("customers"), hostile, "csv", names, guard=True)
    read = csv.DictReader(io.StringIO(written.decode(), newline=""), strict=True)
    assert [row["name"] for row in read] == [
        f"'{each}" if each[0] in "=+-@\t\r\uff1d\uff0b\uff0d\uff20" else each for each in HOSTILE
    ]
    assert text_of(db_session, catalogue.get("customers"), hostile, "jsonl", names, guard=True) == text_of(
        db_session, catalogue.get("customers"), hostile, "jsonl", names
    )


def test_a_single_field_has_a_line_for_every_row(db_session: Session, business: Business) -> None:
    for notes in (None, "", "\\.", "x,y"):
        make_customer(db_session, business, notes=notes)
    assert text_of(db_session, catalogue.get("customers"), business, "csv", "notes") == b'notes\n""\n""\n"\\."\n"x,y"\n'


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
    assert cells(db_session, catalogue.get("invoices"), business, "outstanding") == [("1179.99",)]
    (cess,) = cells(db_session, catalogue.get("lines"), business, "cess")
    assert cess == ("0.00",)


def test_nothing_is_a_heading_alone(db_session: Session, business: Business) -> None:
    data_set = catalogue.get("items")
    heading = ",".join(field.name for field in data_set.fields) + "\n"
    assert text_of(db_session, data_set, business, "csv") == heading.encode()
    assert text_of(db_session, data_set, business, "jsonl") == b""


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


def test_statements_between_two_exports_read_text_again(db_session: Session, business: Business) -> None:
    make_customer(db_session, business, "रु")
    text_of(db_session, catalogue.get("customers"), business, "csv")
    assert db_session.scalar(select(type_coerce(Customer.name, Text))) == "रु"
    assert customers.find(db_session, business.id, "C-0001") is not None
    assert db_session.scalar(select(literal("x"))) == "x"

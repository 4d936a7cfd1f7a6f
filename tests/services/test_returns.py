"""Returns from the books: over several months, late and amended documents, advances, quarters, two businesses."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from invo_cli.errors import ConflictError
from invo_cli.gst.filing import Span
from invo_cli.gst.gstin import check_character
from invo_cli.gst.returns import gstr3b, writing
from invo_cli.models import Business, NumberSeries
from invo_cli.services import allocations, businesses, refunds
from invo_cli.services.returns import filing
from tests.services.people import business_in
from tests.services.returned import (
    ASHA,
    PUNE,
    SCREEN,
    act_on,
    advance,
    amend,
    cancel,
    close,
    issue,
    made,
    rules,
    text,
)

pytestmark = pytest.mark.integration
CHEAPER = {**SCREEN, "unit_price": "1000"}


@pytest.fixture
def business(db_session: Session) -> Business:
    return business_in(db_session)


def parsed(session: Session, business: Business, period: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text(session, business, period))
    return found


def test_the_file_of_a_small_book_to_the_byte(db_session: Session, business: Business) -> None:
    issue(db_session, business, "2026-10-06")
    issue(
        db_session,
        business,
        "2026-10-05",
        customer=PUNE,
        lines=[SCREEN, {**SCREEN, "description": "Fan", "hsn": "8414"}],
    )
    cancel(db_session, business, "2026-10-06", issue(db_session, business, "2026-10-06")["number"])
    expected = (
        '{"gstin":"29AAGCB7383J1Z4","fp":"102026","version":"GST3.2.4","hash":"hash","b2b":[{"ctin":"27AAPFU0939F1ZV",'
        '"inv":[{"inum":"INV/26-27/0002","idt":"05-10-2026","val":3540,"pos":"27","rchrg":"N","inv_typ":"R","itms":[{'
        '"num":1801,"itm_det":{"txval":3000,"rt":18,"iamt":540,"csamt":0}}]}]}],"b2cs":[{"sply_ty":"INTRA","rt":18,'
        '"typ":"OE","pos":"29","txval":1500,"camt":135,"samt":135,"csamt":0}],"doc_issue":{"doc_det":[{"doc_num":1,'
        '"doc_typ":"Invoices for outward supply","docs":[{"num":1,"from":"INV/26-27/0001","to":"INV/26-27/0003",'
        '"totnum":3,"cancel":1,"net_issue":2}]}]},"hsn":{"hsn_b2b":[{"num":1,"hsn_sc":"998716","user_desc":"Screen",'
        '"uqc":"NA","qty":0,"rt":18,"txval":1500,"iamt":270,"samt":0,"camt":0,"csamt":0},{"num":2,"hsn_sc":"8414",'
        '"user_desc":"Fan","uqc":"NOS","qty":1,"rt":18,"txval":1500,"iamt":270,"samt":0,"camt":0,"csamt":0}],'
        '"hsn_b2c":[{"num":1,"hsn_sc":"998716","user_desc":"Screen","uqc":"NA","qty":0,"rt":18,"txval":1500,"iamt":0,'
        '"samt":135,"camt":135,"csamt":0}]}}'
    )
    assert text(db_session, business, "102026") == expected
    assert text(db_session, business, "102026") == expected


def test_documents_stand_by_date_then_by_number_with_digits_as_numbers(db_session: Session, business: Business) -> None:
    pattern = NumberSeries(business_id=business.id, kind="tax_invoice", financial_year="", pattern="B{seq}")
    db_session.add(pattern)
    for day in (*["2026-10-06"] * 10, "2026-10-05"):
        issue(db_session, business, day, customer=PUNE, issued="2026-10-07")
    (group,) = parsed(db_session, business, "102026")["b2b"]
    assert [each["inum"] for each in group["inv"]] == ["B11", *(f"B{number}" for number in range(1, 11))]


def test_a_late_document_is_reported_in_the_return_it_names(db_session: Session, business: Business) -> None:
    issue(db_session, business, "2026-09-20", customer=PUNE, return_period="102026", issued="2026-10-02")
    assert "b2b" not in parsed(db_session, business, "092026")
    late = made(db_session, business, "102026")
    assert late.due["b2b"].taxable == 150_000
    assert "R1-03" in rules(late)
    assert parsed(db_session, business, "102026")["doc_issue"]["doc_det"][0]["docs"][0]["totnum"] == 1


def test_an_amended_invoice_is_reported_as_it_was_and_then_corrected(db_session: Session, business: Business) -> None:
    issue(db_session, business, "2026-09-10", customer=PUNE)
    close(db_session, business, "2026-10-05", "092026")
    was = text(db_session, business, "092026")
    amend(db_session, business, "2026-10-06", "INV/26-27/0001", customer=PUNE, lines=[CHEAPER])
    assert text(db_session, business, "092026") == was
    found = made(db_session, business, "102026")
    (group,) = parsed(db_session, business, "102026")["b2ba"]
    (invoice,) = group["inv"]
    keys = ("oinum", "oidt", "inum", "idt", "val")
    assert [invoice[key] for key in keys] == ["INV/26-27/0001", "10-09-2026", "INV/26-27/0002", "06-10-2026", 1180]
    assert found.due["b2b"].heads == (-50_000, -9_000, 0, 0, 0)
    assert not gstr3b.differences(found)


def test_an_amendment_of_an_unreported_amendment_refers_to_what_was_reported(
    db_session: Session, business: Business
) -> None:
    issue(db_session, business, "2026-09-10", customer=PUNE)
    close(db_session, business, "2026-10-05", "092026")
    amend(db_session, business, "2026-10-06", "INV/26-27/0001", customer=PUNE, lines=[CHEAPER])
    amend(db_session, business, "2026-10-07", "INV/26-27/0002", customer=PUNE)
    (invoice,) = parsed(db_session, business, "102026")["b2ba"][0]["inv"]
    assert (invoice["oinum"], invoice["inum"], invoice["val"]) == ("INV/26-27/0001", "INV/26-27/0003", 1770)
    (issued,) = parsed(db_session, business, "102026")["doc_issue"]["doc_det"][0]["docs"]
    assert (issued["totnum"], issued["cancel"]) == (2, 1)
    close(db_session, business, "2026-11-05", "102026")
    amend(db_session, business, "2026-11-06", "INV/26-27/0003", customer=PUNE, lines=[CHEAPER])
    (later,) = parsed(db_session, business, "112026")["b2ba"][0]["inv"]
    assert (later["oinum"], later["inum"]) == ("INV/26-27/0003", "INV/26-27/0004")
    (before,) = parsed(db_session, business, "102026")["b2ba"][0]["inv"]
    assert before == invoice


def test_an_amended_small_supply_restates_its_whole_row(db_session: Session, business: Business) -> None:
    issue(db_session, business, "2026-09-10")
    issue(db_session, business, "2026-09-11")
    close(db_session, business, "2026-10-05", "092026")
    amend(db_session, business, "2026-10-06", "INV/26-27/0001", lines=[CHEAPER])
    issue(db_session, business, "2026-10-07")
    (row,) = parsed(db_session, business, "102026")["b2csa"]
    assert (row["omon"], row["itms"]) == (
        "092026", [{"rt": 18, "txval": 2500, "camt": 225, "samt": 225, "csamt": 0}]
    )  # fmt: skip
    (new,) = parsed(db_session, business, "102026")["b2cs"]
    assert new["txval"] == 1500
    close(db_session, business, "2026-11-05", "102026")
    amend(db_session, business, "2026-11-06", "INV/26-27/0002", lines=[CHEAPER])
    (again,) = parsed(db_session, business, "112026")["b2csa"]
    assert again["itms"][0]["txval"] == 2000


def test_what_an_operator_pays_stands_in_its_own_table_only(db_session: Session, business: Business) -> None:
    gstin = "29AAGCB7383J1C" + check_character("29AAGCB7383J1C")
    operator = {"ecommerce_gstin": gstin, "ecommerce_section": "9(5)"}
    issue(db_session, business, "2026-10-05", **operator)
    found = parsed(db_session, business, "102026")
    assert set(found) == {"gstin", "fp", "version", "hash", "doc_issue", "supeco"}
    (row,) = found["supeco"]["paytx"]
    assert row["suppval"] == 1500
    rows = {each.table: each.figures for each in gstr3b.rows(made(db_session, business, "102026"))}
    assert (rows["3.1(a)"].taxable, rows["3.1.1(ii)"].taxable) == (0, 150_000)


def test_advances_are_taxed_until_their_invoice_comes(db_session: Session, business: Business) -> None:
    issue(db_session, business, "2026-08-01")
    advance(db_session, business, "2026-09-10", "1180")
    number = issue(db_session, business, "2026-10-08")["number"]
    allocations.allocate(
        db_session,
        business,
        "PAY/26-27/0001",
        [(number, None)],
        act=act_on("2026-10-08"),
        on=dt.date(2026, 10, 8),
        oldest=False,
    )
    advance(db_session, business, "2026-10-09", "590")
    refunds.refund(
        db_session,
        business,
        "PAY/26-27/0002",
        act=act_on("2026-11-10"),
        amount=None,
        method="cash",
        on=dt.date(2026, 11, 10),
        reference=None,
    )
    received, adjusted, refunded = (parsed(db_session, business, period) for period in ("092026", "102026", "112026"))
    assert received["at"][0]["itms"] == [{"rt": 18, "ad_amt": 1000, "camt": 90, "samt": 90, "csamt": 0}]
    assert adjusted["txpd"][0]["itms"] == [{"rt": 18, "ad_amt": 1000, "camt": 90, "samt": 90}]
    assert adjusted["at"][0]["itms"][0]["ad_amt"] == 500
    assert refunded["at"][0]["itms"] == [{"rt": 18, "ad_amt": -500, "camt": -45, "samt": -45, "csamt": 0}]
    natures = [each["doc_num"] for each in refunded["doc_issue"]["doc_det"]]
    assert natures == [8]


def test_an_advance_used_in_its_own_month_is_not_reported(db_session: Session, business: Business) -> None:
    number = issue(db_session, business, "2026-10-05")["number"]
    advance(db_session, business, "2026-10-06", "1180", wanted=[(number, None)])
    assert "at" not in parsed(db_session, business, "102026")


def test_advances_stand_in_the_order_in_which_they_came(db_session: Session, business: Business) -> None:
    issue(db_session, business, "2026-08-01")
    for day, place, rate in (("03", "37", "18"), ("03", "37", "5"), ("04", "29", "12"), ("05", "37", "18")):
        advance(db_session, business, f"2026-09-{day}", "1000", place_of_supply=place, gst_rate=Decimal(rate))
    rows = parsed(db_session, business, "092026")["at"]
    assert [(row["pos"], [item["rt"] for item in row["itms"]]) for row in rows] == [("37", [18, 5]), ("29", [12])]


def test_a_quarter_does_not_repeat_what_its_iff_furnished(db_session: Session, business: Business) -> None:
    businesses.edit(db_session, business, act=act_on("2026-10-01"), values={"files_quarterly": True})
    issue(db_session, business, "2026-10-05", customer=PUNE)
    issue(db_session, business, "2026-10-06")
    filing.lock(
        db_session,
        business,
        Span("102026"),
        act=act_on("2026-11-12"),
        arn="AA291026000001X",
        filed_on=dt.date(2026, 11, 12),
    )
    issue(db_session, business, "2026-12-05", customer=PUNE, lines=[CHEAPER])
    iff = json.loads(text(db_session, business, "102026", iff=True))
    assert set(iff) == {"gstin", "fp", "version", "hash", "b2b"}
    found = made(db_session, business, "122026", months=3)
    (quarter,) = map(json.loads, writing.parts(found))
    assert [each["inum"] for each in quarter["b2b"][0]["inv"]] == ["INV/26-27/0003"]
    assert quarter["hsn"]["hsn_b2b"][0]["txval"] == 2500
    assert found.due["b2b"].taxable == 250_000
    assert not gstr3b.differences(found)


def test_nothing_of_one_business_is_in_the_return_of_another(db_session: Session, business: Business) -> None:
    other = business_in(db_session, "27AAPFU0939F1ZV")
    alone = {}
    for place, each in enumerate((business, other)):
        issue(
            db_session,
            each,
            "2026-10-05",
            customer={"name": "Mysuru", "gstin": "29AABCR1718E1ZL"},
            reference=f"R{place}",
        )
        alone[each.code] = text(db_session, each, "102026")
    issue(db_session, other, "2026-10-06", customer=ASHA)
    assert text(db_session, business, "102026") == alone[business.code]
    assert str(other.gstin) not in alone[business.code]


def test_a_business_without_gstin_files_nothing(db_session: Session) -> None:
    stall = businesses.create(db_session, act=act_on("2026-10-01"), values={"name": "Stall", "state": "29"})
    with pytest.raises(ConflictError, match="files no returns"):
        made(db_session, stall, "102026")

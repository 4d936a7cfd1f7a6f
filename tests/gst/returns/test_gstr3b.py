"""GSTR-3B and CMP-08 from the documents of GSTR-1."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from invo_cli.gst.document import Kind, Taxability
from invo_cli.gst.returns import gstr3b
from invo_cli.gst.returns.books import Advance, Books, Inward
from invo_cli.gst.returns.choice import Section
from invo_cli.gst.returns.cmp08 import statement
from invo_cli.gst.returns.figures import Figures
from tests.gst.returns.making import (
    BUYER,
    FILER,
    OPERATOR,
    OTHER_BUYER,
    document,
    export,
    note,
    returned,
    taxed,
    untaxed,
)

pytestmark = pytest.mark.unit

UIN = "0717UNO00157UNO"


def books_of_all_kinds(period: str = "102026") -> Any:
    return returned(
        document(taxed(100), gstin=OTHER_BUYER),
        document(taxed(50), gstin=OTHER_BUYER, reverse_charge=True, number="INV-2"),
        document(taxed(10, intra=False), pos="33", number="INV-3"),
        document(taxed(20, intra=False), pos="29", gstin=BUYER, number="INV-4", buyer_is_composition=True),
        document(taxed(30, intra=False), pos="07", gstin=UIN, number="INV-5"),
        export(taxed(40, intra=False), number="INV-6"),
        document(taxed(60), number="INV-7", ecommerce_gstin=OPERATOR, ecommerce_section="9(5)"),
        document(untaxed(7), untaxed(2, Taxability.NIL_RATED), untaxed(3, Taxability.NON_GST), number="INV-8"),
        note(taxed(4, intra=False), pos="33"),
        advances=[
            Advance("27", 18000, 100_00, 0, 9_00, 9_00),
            Advance("27", 18000, 50_00, 0, 4_50, 4_50, is_adjustment=True),
        ],
        inward=Inward(taxable_paise=500, igst_paise=90),
        period=period,
    )


def test_the_tables_are_written_in_the_keys_of_the_utility() -> None:
    assert gstr3b.text(books_of_all_kinds("102025")) == (
        '{"gstin":"27AAPFU0939F1ZV","ret_period":"102025","sup_details":{'
        '"osup_det":{"txval":256,"iamt":10.08,"camt":13.5,"samt":13.5,"csamt":0}'
        ',"osup_zero":{"txval":40,"iamt":7.2,"csamt":0},"osup_nil_exmp":{"txval":9}'
        ',"isup_rev":{"txval":5,"iamt":0.9,"camt":0,"samt":0,"csamt":0},"osup_nongst":{"txval":3}}'
        ',"eco_dtls":{"eco_sup":{"txval":0,"iamt":0,"camt":0,"samt":0,"csamt":0},"eco_reg_sup":{"txval":60}}'
        ',"inter_sup":{"unreg_details":[{"pos":"33","txval":6,"iamt":1.08}]'
        ',"comp_details":[{"pos":"29","txval":20,"iamt":3.6}],"uin_details":[{"pos":"07","txval":30,"iamt":5.4}]}}'
    )


@pytest.mark.parametrize(
    ("period", "sections"),
    [
        ("062022", {"sup_details", "inter_sup"}),
        ("072022", {"sup_details", "eco_dtls", "inter_sup"}),
        ("102025", {"sup_details", "eco_dtls", "inter_sup"}),
        ("112025", {"sup_details", "eco_dtls"}),
    ],
)
def test_tables_come_and_go_with_the_period(period: str, sections: set[str]) -> None:
    assert set(json.loads(gstr3b.text(books_of_all_kinds(period)))) - {"gstin", "ret_period"} == sections


def test_the_rows_show_table_3_2_whatever_the_period() -> None:
    rows = [(row.table, row.pos) for row in gstr3b.rows(books_of_all_kinds()) if row.table == "3.2"]
    assert rows == [("3.2", "33"), ("3.2", "29"), ("3.2", "07")]


def test_there_is_no_difference_to_gstr1() -> None:
    assert gstr3b.differences(books_of_all_kinds()) == []


def test_a_difference_is_named_to_the_paisa() -> None:
    made = books_of_all_kinds()
    made.due[Section.B2B].add(Figures(1, 0, 2))
    made.due[Section.NIL].taxable += 3
    found = [(each.table, each.field, each.gstr1_paise - each.gstr3b_paise) for each in gstr3b.differences(made)]
    assert found == [("3.1(a)+(b)", "txval", 1), ("3.1(a)+(b)", "camt", 2), ("3.1(c)+(e)", "txval", 3)]


def test_a_composition_taxpayer_pays_its_rate_on_the_turnover() -> None:
    sales = (
        document(untaxed(1000), untaxed("0.50"), taxed(0), kind=Kind.BILL_OF_SUPPLY),
        note(untaxed(200)),
        document(untaxed(9), is_cancelled=True),
    )
    filer = replace(FILER, is_composition=True)
    inward = Inward(taxable_paise=100, cgst_paise=9, sgst_paise=9)
    books = Books(filer=filer, period="122026", months=3, documents=sales, inward=inward)
    made = statement(books, flat_rate=1000)
    assert made.outward == Figures(800_50, 0, 4_00, 4_00)
    assert made.payable.heads == (801_50, 0, 4_09, 4_09, 0)
    assert made.charged_paise == 0


def test_exempt_supplies_of_a_trader_bear_no_composition_tax() -> None:
    sale = document(untaxed(1000), taxed(100, "0"))
    books = Books(filer=FILER, period="122026", documents=[sale])
    assert statement(books, flat_rate=1000, only_taxable=True).outward == Figures(1100_00, 0, 50, 50)


def test_the_rate_is_rounded_half_away_from_zero() -> None:
    books = Books(filer=FILER, period="122026", documents=[note(untaxed(1))])
    assert statement(books, flat_rate=1000).outward.cgst == -1

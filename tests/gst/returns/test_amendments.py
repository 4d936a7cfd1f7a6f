"""Corrections of what was reported: where they stand, what they refer to, and what they add to the period."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from invo_cli.gst.document import Kind
from invo_cli.gst.returns import gstr3b
from invo_cli.gst.returns.books import Advance, Document
from invo_cli.gst.returns.choice import Section
from tests.gst.returns.making import (
    BUYER,
    OPERATOR,
    OTHER_BUYER,
    document,
    file_of,
    note,
    only,
    returned,
    rules_of,
    section_text,
    taxed,
    untaxed,
)

pytestmark = pytest.mark.unit

EARLIER = {"date": dt.date(2026, 8, 3), "period": "082026"}


def before(*lines: Any, **fields: Any) -> Document:
    return document(*lines, **{"number": "OLD-1", **EARLIER, **fields})


def corrected(old: Document, *lines: Any, **fields: Any) -> Document:
    new = document(
        *lines, number="NEW-1", gstin=fields.pop("gstin", old.gstin), pos=fields.pop("pos", old.pos), **fields
    )
    return new._replace(kind=old.kind, supply=old.supply, amends=old)


def test_an_amended_invoice_refers_to_the_first_and_states_everything_anew() -> None:
    old = before(taxed(100), gstin=OTHER_BUYER)
    made = returned(corrected(old, taxed(150)))
    assert section_text(made, "b2ba").startswith(
        '[{"ctin":"27AAGCB7383J1Z8","inv":[{"oinum":"OLD-1","oidt":"03-08-2026","inum":"NEW-1","idt":"05-10-2026"'
        ',"val":177,"pos":"27","rchrg":"N","inv_typ":"R","itms":[{"num":1801'
    )
    assert "b2b" not in file_of(made)


def test_an_amendment_adds_only_the_difference_to_the_period() -> None:
    made = returned(corrected(before(taxed(100), gstin=OTHER_BUYER), taxed(150)))
    assert only(file_of(made)["hsn"]["hsn_b2b"])["txval"] == 50
    assert made.due[Section.B2B].heads == (50_00, 0, 4_50, 4_50, 0)
    assert made.outward.taxable.heads == made.due[Section.B2B].heads
    assert gstr3b.differences(made) == []


def test_a_restated_small_supply_gives_the_whole_revised_row_of_its_month() -> None:
    old = before(taxed(100))
    others = [before(taxed(1000), number="OLD-2"), before(taxed(10, "5"), number="OLD-3")]
    elsewhere = before(taxed(7, intra=False), pos="29", number="OLD-4")
    new = corrected(old, taxed(150))
    made = returned(new, restated=[*others, elsewhere, new._replace(period="082026")])
    assert section_text(made, "b2csa") == (
        '[{"omon":"082026","sply_ty":"INTRA","typ":"OE","pos":"27","itms":['
        '{"rt":18,"txval":1150,"camt":103.5,"samt":103.5,"csamt":0}'
        ',{"rt":5,"txval":10,"camt":0.25,"samt":0.25,"csamt":0}]}]'
    )
    assert "b2cs" not in file_of(made)
    assert made.due[Section.B2CS].taxable == 50_00


def test_a_row_that_a_correction_empties_is_restated_as_nothing() -> None:
    old = before(taxed(100))
    new = corrected(old, taxed(100, "5"))
    items = only(file_of(returned(new, restated=[new._replace(period="082026")]))["b2csa"])["itms"]
    assert [(item["rt"], item["txval"]) for item in items] == [(5, 100), (18, 0)]


def test_a_correction_to_another_place_restates_both() -> None:
    old = before(taxed(100))
    new = corrected(old, taxed(100, intra=False), pos="29")
    rows = file_of(returned(new, restated=[new._replace(period="082026")]))["b2csa"]
    assert [(row["pos"], row["sply_ty"], only(row["itms"])["txval"]) for row in rows] == [
        ("27", "INTRA", 0),
        ("29", "INTER", 100),
    ]


def test_a_small_sale_to_a_buyer_found_registered_moves_in_two_steps() -> None:
    old = before(taxed(100))
    new = corrected(old, taxed(100), gstin=OTHER_BUYER)
    made = returned(new, restated=[new._replace(period="082026")])
    file = file_of(made)
    assert only(only(file["b2csa"])["itms"])["txval"] == 0
    entry = only(only(file["b2b"])["inv"])
    assert (entry["inum"], "oinum" in entry) == ("NEW-1", False)
    assert (made.due[Section.B2B].taxable, made.due[Section.B2CS].taxable) == (100_00, -100_00)
    assert "R1-53" in rules_of(made)


def test_a_registered_sale_that_was_none_is_taken_back_and_reported_anew() -> None:
    made = returned(corrected(before(taxed(100), gstin=OTHER_BUYER), taxed(100), gstin=None))
    file = file_of(made)
    entry = only(only(file["b2ba"])["inv"])
    assert (entry["oinum"], entry["inum"], entry["val"]) == ("OLD-1", "OLD-1", 0)
    assert only(entry["itms"])["itm_det"] == {"txval": 0, "rt": 18, "camt": 0, "samt": 0, "csamt": 0}
    assert only(file["b2cs"])["txval"] == 100
    assert gstr3b.differences(made) == []


def test_a_reported_note_cannot_move() -> None:
    old = before(taxed(100), gstin=OTHER_BUYER, kind=Kind.CREDIT_NOTE)
    assert "R1-54" in rules_of(returned(corrected(old, taxed(100), gstin=None)))


def test_an_amended_note_refers_to_the_first() -> None:
    old = before(taxed(100), gstin=OTHER_BUYER, kind=Kind.CREDIT_NOTE)
    entry = only(only(file_of(returned(corrected(old, taxed(60))))["cdnra"])["nt"])
    assert list(entry)[:5] == ["ont_num", "ont_dt", "nt_num", "nt_dt", "ntty"]
    assert (entry["ont_num"], entry["val"]) == ("OLD-1", 70.8)


def test_an_amended_large_sale_stays_with_its_place() -> None:
    old = before(taxed(200_000, intra=False), pos="29")
    made = returned(corrected(old, taxed(190_000, intra=False), pos="33"))
    assert only(file_of(made)["b2cla"])["pos"] == "29"
    assert "R1-55" in rules_of(made)


def test_an_invoice_that_was_all_exempt_is_taken_back() -> None:
    made = returned(corrected(before(taxed(100), gstin=OTHER_BUYER), untaxed(100)))
    file = file_of(made)
    assert only(only(file["b2ba"])["inv"])["val"] == 0
    assert only(file["nil"]["inv"])["expt_amt"] == 100


def test_sales_through_an_operator_are_restated_in_table_14a() -> None:
    through = {"ecommerce_gstin": OPERATOR, "ecommerce_section": "52"}
    old = before(taxed(100), gstin=OTHER_BUYER, **through)
    new = corrected(old, taxed(150), **through)
    other = before(taxed(30), number="OLD-2", **through)
    made = returned(new, restated=[other, new._replace(period="082026")])
    assert section_text(made, "supecoa") == (
        f'{{"clttxa":[{{"omon":"082026","oetin":"{OPERATOR}","etin":"{OPERATOR}","suppval":180,"igst":0'
        ',"cgst":16.2,"sgst":16.2,"cess":0}]}'
    )
    assert "supeco" not in file_of(made)


def test_restated_advances_count_by_the_difference() -> None:
    reported = Advance("27", 18000, 100_00, 0, 9_00, 9_00)
    now = Advance("27", 18000, 40_00, 0, 3_60, 3_60, amended_period="082026", before=reported)
    made = returned(document(taxed(1)), advances=[now])
    assert section_text(made, "ata") == (
        '[{"omon":"082026","pos":"27","sply_ty":"INTRA","itms":[{"rt":18,"ad_amt":40,"camt":3.6,"samt":3.6,"csamt":0}]}]'
    )
    assert made.due["at"].taxable == -60_00
    assert gstr3b.differences(made) == []


def test_a_restated_place_of_which_nothing_is_left_says_so() -> None:
    reported = Advance("29", 18000, 100_00, 18_00)
    gone = reported._replace(amount_paise=0, igst_paise=0, amended_period="082026", before=reported)
    made = returned(document(taxed(1)), advances=[gone])
    assert only(file_of(made)["ata"])["itms"] == [{"rt": 18, "ad_amt": 0, "iamt": 0, "csamt": 0}]
    assert "R1-41" in rules_of(made)
    other = Advance("29", 5000, 50_00, 2_50, amended_period="082026")
    made = returned(document(taxed(1)), advances=[gone, other])
    assert [item["rt"] for item in only(file_of(made)["ata"])["itms"]] == [5]
    assert "R1-41" not in rules_of(made)


def test_a_small_note_that_is_corrected_restates_its_row() -> None:
    old = before(taxed(100), kind=Kind.CREDIT_NOTE)
    new = corrected(old, taxed(60))
    sale = before(taxed(500), number="OLD-2")
    row = only(file_of(returned(new, restated=[sale, new._replace(period="082026")]))["b2csa"])
    assert only(row["itms"])["txval"] == 440


def test_a_correction_of_this_very_period_is_refused() -> None:
    made = returned(corrected(document(taxed(1), gstin=BUYER, pos="29"), taxed(2, intra=False)))
    assert "R1-50" in rules_of(made)


def test_a_correction_after_november_is_refused() -> None:
    old = before(taxed(1), gstin=OTHER_BUYER, date=dt.date(2025, 3, 31), period="032025")
    assert "R1-51" in rules_of(returned(corrected(old, taxed(2))))
    in_time = old._replace(date=dt.date(2025, 4, 1), period="042025")
    assert rules_of(returned(corrected(in_time, taxed(2)), note(taxed(1)), numbers=[])) == ["R1-61"]

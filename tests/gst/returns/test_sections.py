"""Every section written out: keys, their order, number forms, and what is left out."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from invo_cli.gst.document import Kind, Supply, Taxability
from invo_cli.gst.returns.books import Advance, Filer, Original
from tests.gst.returns.making import (
    BUYER,
    FILER,
    OPERATOR,
    OTHER_BUYER,
    PERIOD,
    document,
    export,
    file_of,
    note,
    only,
    returned,
    section_text,
    taxed,
    untaxed,
)

pytestmark = pytest.mark.unit

SEZ_FILER = Filer(gstin=FILER.gstin, state="27", is_sez=True)


def test_b2b_merges_lines_of_one_rate_in_the_order_of_the_lines() -> None:
    sale = document(taxed("100.50"), taxed(10, "0.25"), taxed(200, cess="2.10"), gstin=OTHER_BUYER, value="367.10")
    assert section_text(returned(sale), "b2b") == (
        '[{"ctin":"27AAGCB7383J1Z8","inv":[{"inum":"INV-1","idt":"05-10-2026","val":367.1,"pos":"27","rchrg":"N"'
        ',"inv_typ":"R","itms":[{"num":1801,"itm_det":{"txval":300.5,"rt":18,"camt":27.05,"samt":27.05,"csamt":2.1}}'
        ',{"num":26,"itm_det":{"txval":10,"rt":0.25,"camt":0.01,"samt":0.01,"csamt":0}}]}]}]'
    )


def test_recipients_come_in_the_order_of_their_first_document() -> None:
    sales = [
        document(taxed(1), gstin=OTHER_BUYER, number="INV-1"),
        document(taxed(1, intra=False), gstin=BUYER, pos="29", number="INV-2"),
        document(taxed(1), gstin=OTHER_BUYER, number="INV-3"),
    ]
    groups = file_of(returned(*sales))["b2b"]
    found = [(group["ctin"], [entry["inum"] for entry in group["inv"]]) for group in groups]
    assert found == [(OTHER_BUYER, ["INV-1", "INV-3"]), (BUYER, ["INV-2"])]


@pytest.mark.parametrize(
    ("supply", "code", "tax"),
    [
        (Supply.SEZ_WITH_PAYMENT, "SEWP", {"iamt": 18}),
        (Supply.SEZ_WITHOUT_PAYMENT, "SEWOP", {"iamt": 0}),
        (Supply.INTRA_STATE_IGST, "CBW", {"iamt": 18}),
        (Supply.DEEMED_EXPORT, "DE", {"camt": 9, "samt": 9}),
    ],
)
def test_the_kind_of_supply_decides_the_heads_of_b2b_and_its_notes(
    supply: Supply, code: str, tax: dict[str, int]
) -> None:
    line = taxed(100, intra="camt" in tax)
    if supply.is_without_payment:
        line = line._replace(igst_paise=0)
    sale = document(line, gstin=OTHER_BUYER, supply=supply, reverse_charge=code == "CBW")
    file = file_of(returned(sale, sale._replace(kind=Kind.CREDIT_NOTE, number="CN-1")))
    for entry in (only(only(file["b2b"])["inv"]), only(only(file["cdnr"])["nt"])):
        assert entry["inv_typ"] == code
        assert only(entry["itms"])["itm_det"] == {"txval": 100, "rt": 18, **tax, "csamt": 0}


def test_under_reverse_charge_the_value_is_without_the_tax_that_is_shown() -> None:
    entry = only(only(file_of(returned(document(taxed(100), gstin=OTHER_BUYER, reverse_charge=True)))["b2b"])["inv"])
    assert (entry["val"], entry["rchrg"], only(entry["itms"])["itm_det"]["camt"]) == (100, "Y", 9)


def test_a_sez_filer_pays_igst_at_home() -> None:
    sale = document(taxed(100, intra=False), gstin=OTHER_BUYER)
    entry = only(only(file_of(returned(sale, filer=SEZ_FILER))["b2b"])["inv"])
    assert "iamt" in only(entry["itms"])["itm_det"]


@pytest.mark.parametrize(
    ("period", "value", "section"),
    [
        ("072024", "250000", "b2cs"),
        ("072024", "250000.01", "b2cl"),
        ("082024", "100000", "b2cs"),
        ("082024", "100000.01", "b2cl"),
    ],
)
def test_large_is_what_exceeds_the_limit_of_the_period(period: str, value: str, section: str) -> None:
    sale = document(
        taxed(1000, intra=False), pos="29", value=value, period=period, date=dt.date(2024, int(period[:2]), 1)
    )
    assert section in file_of(returned(sale, period=period))


def test_b2cl_leaves_out_a_cess_that_is_not_there() -> None:
    sale = document(taxed(90_000, intra=False), taxed(10_000, "28", intra=False, cess="5"), pos="29")
    assert section_text(returned(sale), "b2cl") == (
        '[{"pos":"29","inv":[{"inum":"INV-1","idt":"05-10-2026","val":119005,"itms":[{"num":1801,"itm_det":'
        '{"txval":90000,"rt":18,"iamt":16200}},{"num":2801,"itm_det":{"txval":10000,"rt":28,"iamt":2800,"csamt":5}}]}]}]'
    )


def test_b2cs_is_net_of_small_notes_by_place_rate_and_share() -> None:
    made = returned(
        document(taxed(100)),
        document(taxed(50, "5")),
        note(taxed(120)),
        note(taxed(30), kind=Kind.DEBIT_NOTE, number="DN-1"),
        document(taxed(10, intra=False), pos="29", differential=65000),
    )
    assert section_text(made, "b2cs") == (
        '[{"sply_ty":"INTRA","rt":18,"typ":"OE","pos":"27","txval":10,"camt":0.9,"samt":0.9,"csamt":0}'
        ',{"sply_ty":"INTRA","rt":5,"typ":"OE","pos":"27","txval":50,"camt":1.25,"samt":1.25,"csamt":0}'
        ',{"sply_ty":"INTER","rt":18,"typ":"OE","pos":"29","diff_percent":0.65,"txval":10,"iamt":1.8,"csamt":0}]'
    )


def test_a_note_goes_by_its_original_not_by_itself() -> None:
    large = Original("INV-9", dt.date(2024, 7, 1), 250_000_01, "072024")
    small = Original("INV-8", dt.date(2024, 7, 1), 250_000_00, "072024")
    line = taxed(100, intra=False)
    file = file_of(returned(note(line, pos="29", original=large), note(line, pos="29", original=small, number="CN-2")))
    assert [entry["nt_num"] for entry in file["cdnur"]] == ["CN-1"]
    assert only(file["b2cs"])["txval"] == -100


def test_exports_have_bare_items_and_the_shipping_bill_as_far_as_it_is_known() -> None:
    bill: dict[str, Any] = {
        "shipping_port": "INMAA1",
        "shipping_number": "7896542",
        "shipping_date": dt.date(2026, 11, 3),
    }
    made = returned(
        export(taxed(1000, intra=False), **bill),
        export(taxed(1000, intra=False)._replace(igst_paise=0), paid=False, number="INV-2"),
    )
    assert section_text(made, "exp") == (
        '[{"exp_typ":"WPAY","inv":[{"inum":"INV-1","idt":"05-10-2026","val":1180,"sbpcode":"INMAA1","sbnum":"7896542"'
        ',"sbdt":"03-11-2026","itms":[{"txval":1000,"rt":18,"iamt":180,"csamt":0}]}]}'
        ',{"exp_typ":"WOPAY","inv":[{"inum":"INV-2","idt":"05-10-2026","val":1000'
        ',"itms":[{"txval":1000,"rt":18,"iamt":0,"csamt":0}]}]}]'
    )


def test_cdnr_has_the_share_of_the_rate_before_the_reverse_charge() -> None:
    made = returned(note(taxed(100), gstin=OTHER_BUYER, differential=65000))
    assert section_text(made, "cdnr") == (
        '[{"ctin":"27AAGCB7383J1Z8","nt":[{"nt_num":"CN-1","nt_dt":"05-10-2026","ntty":"C","val":118,"pos":"27"'
        ',"diff_percent":0.65,"rchrg":"N","inv_typ":"R","itms":[{"num":1801,"itm_det":'
        '{"txval":100,"rt":18,"camt":9,"samt":9,"csamt":0}}]}]}]'
    )


def test_cdnur_has_a_place_for_large_sales_and_none_for_exports() -> None:
    line = taxed(200_000, intra=False)
    free = export(line._replace(igst_paise=0), paid=False, kind=Kind.DEBIT_NOTE, number="DN-1")
    made = returned(note(line, pos="29"), export(line, kind=Kind.CREDIT_NOTE, number="CN-2"), free)
    item = '"itms":[{"num":1801,"itm_det":{"txval":200000,"rt":18,"iamt":36000,"csamt":0}}]'
    assert section_text(made, "cdnur") == (
        f'[{{"nt_num":"CN-1","nt_dt":"05-10-2026","ntty":"C","val":236000,"typ":"B2CL","pos":"29",{item}}}'
        f',{{"nt_num":"CN-2","nt_dt":"05-10-2026","ntty":"C","val":236000,"typ":"EXPWP",{item}}}'
        ',{"nt_num":"DN-1","nt_dt":"05-10-2026","ntty":"D","val":200000,"typ":"EXPWOP"'
        ',"itms":[{"num":1801,"itm_det":{"txval":200000,"rt":18,"iamt":0,"csamt":0}}]}]'
    )


def test_untaxed_lines_go_to_table_8_and_the_rest_of_the_invoice_on() -> None:
    mixed = document(untaxed(40), untaxed(5, Taxability.NIL_RATED), taxed(100), gstin=BUYER, pos="29", number="INV-1")
    made = returned(
        mixed._replace(lines=(*mixed.lines[:2], taxed(100, intra=False))),
        document(untaxed(7, Taxability.NON_GST), number="INV-2"),
        note(untaxed(10), gstin=BUYER, pos="29"),
        export(untaxed(3), paid=False, number="INV-3"),
    )
    assert section_text(made, "nil") == (
        '{"inv":[{"sply_ty":"INTRB2B","expt_amt":30,"nil_amt":5,"ngsup_amt":0}'
        ',{"sply_ty":"INTRB2C","expt_amt":3,"nil_amt":0,"ngsup_amt":0}'
        ',{"sply_ty":"INTRAB2C","expt_amt":0,"nil_amt":0,"ngsup_amt":7}]}'
    )
    file = file_of(made)
    assert not {"b2cs", "cdnr", "exp"} & set(file)
    entry = only(only(file["b2b"])["inv"])
    assert (entry["val"], only(entry["itms"])["itm_det"]["txval"]) == (163, 100)


def test_a_wholly_untaxed_supply_to_a_sez_is_between_states() -> None:
    sale = document(untaxed(9), gstin=OTHER_BUYER, supply=Supply.SEZ_WITH_PAYMENT)
    assert only(file_of(returned(sale))["nil"]["inv"])["sply_ty"] == "INTRB2B"


def test_advances_come_by_place_and_those_adjusted_last_in_the_file() -> None:
    made = returned(
        document(taxed(1)),
        advances=[
            Advance("29", 18000, 100_00, 18_00),
            Advance("27", 5000, 40_00, 0, 1_00, 1_00),
            Advance("29", 5000, 10_00, 50, cess_paise=3),
            Advance("29", 18000, 30_00, 5_40, is_adjustment=True),
            Advance("27", 12000, 0),
        ],
    )
    file = file_of(made)
    assert section_text(made, "at") == (
        '[{"pos":"29","sply_ty":"INTER","itms":[{"rt":18,"ad_amt":100,"iamt":18,"csamt":0}'
        ',{"rt":5,"ad_amt":10,"iamt":0.5,"csamt":0.03}]}'
        ',{"pos":"27","sply_ty":"INTRA","itms":[{"rt":5,"ad_amt":40,"camt":1,"samt":1,"csamt":0}]}]'
    )
    assert section_text(made, "txpd") == '[{"pos":"29","sply_ty":"INTER","itms":[{"rt":18,"ad_amt":30,"iamt":5.4}]}]'
    assert list(file)[-1] == "txpd"


def test_the_operator_pays_on_9_5_sales_which_stand_nowhere_else() -> None:
    through: dict[str, Any] = {"ecommerce_gstin": OPERATOR, "ecommerce_section": "9(5)"}
    file = file_of(returned(document(taxed(100), **through), note(taxed(30), **through)))
    assert file["supeco"] == {
        "paytx": [{"etin": OPERATOR, "suppval": 70, "igst": 0, "cgst": 6.3, "sgst": 6.3, "cess": 0}]
    }
    assert set(file) == {"gstin", "fp", "version", "hash", "supeco"}


def test_tax_collected_by_an_operator_is_told_per_operator_net_of_notes() -> None:
    through: dict[str, Any] = {"ecommerce_gstin": OPERATOR, "ecommerce_section": "52"}
    made = returned(
        document(taxed(100), untaxed(11), **through), note(taxed(40), gstin=OTHER_BUYER, **through), document(taxed(1))
    )
    assert section_text(made, "supeco") == (
        f'{{"clttx":[{{"etin":"{OPERATOR}","suppval":71,"igst":0,"cgst":5.4,"sgst":5.4,"cess":0}}]}}'
    )
    assert {"b2cs", "cdnr", "nil"} <= set(file_of(made))


def test_cancelled_documents_have_no_value() -> None:
    assert set(file_of(returned(document(taxed(1), is_cancelled=True)))) == {"gstin", "fp", "version", "hash"}


def test_what_the_furnishing_facility_took_is_counted_but_not_repeated() -> None:
    abroad = export(taxed(10, intra=False), number="INV-2", is_furnished=True)
    made = returned(document(taxed(100), gstin=OTHER_BUYER, is_furnished=True), abroad, months=3, period="122026")
    file = file_of(made)
    assert "b2b" not in file
    assert "exp" in file
    assert only(file["hsn"]["hsn_b2b"])["txval"] == 100
    assert made.outward.taxable.taxable == 100_00


def test_a_line_given_away_keeps_its_rate() -> None:
    entry = only(only(file_of(returned(document(taxed(0), gstin=OTHER_BUYER)))["b2b"])["inv"])
    assert entry["itms"] == [{"num": 1801, "itm_det": {"txval": 0, "rt": 18, "camt": 0, "samt": 0, "csamt": 0}}]


def test_a_note_leaves_out_a_rate_at_which_it_gives_nothing_back() -> None:
    entry = only(only(file_of(returned(note(taxed(0, "5"), taxed(10), gstin=OTHER_BUYER)))["cdnr"])["nt"])
    assert [item["num"] for item in entry["itms"]] == [1801]


def test_the_period_of_the_file_is_that_of_the_books() -> None:
    assert file_of(returned())["fp"] == PERIOD

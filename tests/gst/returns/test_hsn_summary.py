"""Table 12 in its three forms."""

from __future__ import annotations

import pytest

from invo_cli.gst.document import Supply
from invo_cli.gst.returns.hsn_summary import user_description
from tests.gst.returns.making import (
    BUYER,
    OTHER_BUYER,
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

WORDS = {"8517": "TELEPHONE SETS"}


def test_from_may_2025_registered_and_other_buyers_stand_apart() -> None:
    made = returned(
        document(taxed(100, quantity=2500, description="Phone, black & blue"), gstin=OTHER_BUYER),
        document(taxed(50, "5"), untaxed(7)),
        note(taxed(40, quantity=500), gstin=OTHER_BUYER),
        hsn_descriptions=WORDS,
    )
    assert section_text(made, "hsn") == (
        '{"hsn_b2b":[{"num":1,"hsn_sc":"8517","user_desc":"Phone black & blue","desc":"TELEPHONE SETS","uqc":"NOS"'
        ',"qty":2,"rt":18,"txval":60,"iamt":0,"samt":5.4,"camt":5.4,"csamt":0}]'
        ',"hsn_b2c":[{"num":1,"hsn_sc":"8517","user_desc":"Telephone","desc":"TELEPHONE SETS","uqc":"NOS","qty":1'
        ',"rt":5,"txval":50,"iamt":0,"samt":1.25,"camt":1.25,"csamt":0}'
        ',{"num":2,"hsn_sc":"0101","uqc":"NOS","qty":1,"rt":0,"txval":7,"iamt":0,"samt":0,"camt":0,"csamt":0}]}'
    )


def test_from_may_2021_one_table_has_rates_and_the_official_words() -> None:
    made = returned(
        document(taxed(100), gstin=OTHER_BUYER), document(taxed(50)), period="042025", hsn_descriptions=WORDS
    )
    assert section_text(made, "hsn") == (
        '{"data":[{"num":1,"hsn_sc":"8517","desc":"TELEPHONE SETS","uqc":"NOS","qty":2,"rt":18,"txval":150,"iamt":0'
        ',"samt":13.5,"camt":13.5,"csamt":0}]}'
    )


def test_before_may_2021_values_stand_in_place_of_rates() -> None:
    made = returned(document(taxed(100), taxed(50, "5")), period="042021", hsn_descriptions=WORDS)
    assert section_text(made, "hsn") == (
        '{"data":[{"num":1,"hsn_sc":"8517","desc":"Telephone","uqc":"NOS","qty":2,"val":170.5,"txval":150,"iamt":0'
        ',"samt":10.25,"camt":10.25,"csamt":0}]}'
    )


def test_services_have_neither_unit_nor_quantity() -> None:
    service = taxed(100, hsn="998716", uqc="HRS", quantity=3000)
    row = only(file_of(returned(document(service)))["hsn"]["hsn_b2c"])
    assert (row["uqc"], row["qty"]) == ("NA", 0)


def test_units_and_rates_of_one_code_stand_apart() -> None:
    sale = document(taxed(1), taxed(1, uqc="BOX"), taxed(1, "5"))
    rows = file_of(returned(sale))["hsn"]["hsn_b2c"]
    assert [(row["num"], row["uqc"], row["rt"]) for row in rows] == [(1, "NOS", 18), (2, "BOX", 18), (3, "NOS", 5)]


def test_sez_is_registered_and_an_export_is_not() -> None:
    sez = document(taxed(1, intra=False), gstin=BUYER, pos="29", supply=Supply.SEZ_WITH_PAYMENT)
    hsn = file_of(returned(sez, export(taxed(2, intra=False), number="INV-2")))["hsn"]
    assert (only(hsn["hsn_b2b"])["txval"], only(hsn["hsn_b2c"])["txval"]) == (1, 2)


def test_quantities_are_rounded_to_two_decimals_when_they_are_summed() -> None:
    row = only(file_of(returned(document(taxed(1, quantity=1005), taxed(1, quantity=1000))))["hsn"]["hsn_b2c"])
    assert row["qty"] == 2.01


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ('Screen (6.1") – replaced', "Screen 6.1 replaced"),
        ("A" * 29 + " BC", "A" * 29),
        ("स्क्रीन", ""),
    ],
)
def test_words_are_cut_to_what_the_table_takes(given: str, taken: str) -> None:
    assert user_description(given) == taken

"""From a document to its e-invoice: every supply, and that the portal would take whatever can be issued."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings

from invo_cli.gst.document import Address, Document, Original, Supply, Taxability
from invo_cli.gst.einvoice.building import build
from invo_cli.gst.einvoice.wire import write
from tests.gst.documents import make_line
from tests.gst.einvoice.papers import (
    BATTERY,
    HERE,
    SCREEN,
    SUPPLIES,
    einvoice,
    judged,
    paper,
    random_papers,
    refusals,
    taxed,
)

pytestmark = pytest.mark.unit
TYPES = {
    "B2B here": "B2B",
    "B2B there": "B2B",
    "RCM": "B2B",
    "IGST inside": "B2B",
    "ECom": "B2B",
    "credit note": "B2B",
    "debit note": "B2B",
}


@pytest.mark.parametrize("name", SUPPLIES)
def test_every_supply_is_reported_under_its_type(name: str) -> None:
    content = einvoice(paper(**SUPPLIES[name]))
    assert judged(content) == []
    assert content["TranDtls"]["SupTyp"] == TYPES.get(name, name)


@settings(max_examples=150, deadline=None)
@given(random_papers())
def test_whatever_can_be_issued_is_a_file_that_the_portal_takes(document: Document) -> None:
    content = einvoice(document)
    assert refusals(content) == []
    assert content["ValDtls"]["TotInvVal"] == taxed(document).total


def heads(content: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(content["ItemList"][0][key]) for key in ("IgstAmt", "CgstAmt", "SgstAmt"))


def test_taxes_stand_under_their_heads() -> None:
    assert heads(einvoice(paper(**SUPPLIES["B2B here"]))) == ("0.00", "135.00", "135.00")
    assert heads(einvoice(paper())) == ("270.00", "0.00", "0.00")


def test_a_sez_in_the_own_state_is_charged_igst_and_marked() -> None:
    content = einvoice(paper(**SUPPLIES["SEZWP"]))
    assert heads(content) == ("270.00", "0.00", "0.00")
    assert content["TranDtls"]["IgstOnIntra"] == "Y"


def test_without_payment_the_rate_stays_and_the_tax_is_nothing() -> None:
    content = einvoice(paper(**SUPPLIES["EXPWOP"]))
    assert (content["ItemList"][0]["GstRt"], heads(content)) == (18, ("0.00", "0.00", "0.00"))
    assert content["ValDtls"]["TotInvVal"] == Decimal(3300)


def test_an_export_goes_to_nobody_in_india() -> None:
    content = einvoice(paper(**SUPPLIES["EXPWOP"]))
    buyer = content["BuyerDtls"]
    assert [buyer[key] for key in ("Gstin", "Pos", "Pin", "Stcd")] == ["URP", "96", 999999, "96"]
    assert content["ExpDtls"] == {
        "ShipBNo": "7896542",
        "ShipBDt": "08/10/2026",
        "Port": "INMAA1",
        "CntCode": "LK",
    }


def test_a_postal_code_of_another_country_is_no_pin_code() -> None:
    london = Address(line1="1 Fleet Street", city="London", pincode="EC1A 1BB", state="96", country="UK")
    fields = SUPPLIES["EXPWP"]
    content = einvoice(paper(**fields | {"buyer": replace(fields["buyer"], address=london), "ship_to": london}))
    assert (content["BuyerDtls"]["Pin"], content["ShipDtls"]["Pin"], judged(content)) == (999999, 999999, [])


def test_an_export_of_which_nothing_is_known_is_refused() -> None:
    buyer = replace(SUPPLIES["EXPWP"]["buyer"], address=Address(line1="4 Galle Road", city="Colombo", state="96"))
    assert refusals(einvoice(paper(**SUPPLIES["EXPWP"] | {"buyer": buyer}))) == [("ExpDtls", "export")]


def test_under_reverse_charge_the_total_is_without_the_tax() -> None:
    content = einvoice(paper(**SUPPLIES["RCM"]))
    assert (content["TranDtls"]["RegRev"], heads(content)[0]) == ("Y", "270.00")
    assert (content["ItemList"][0]["TotItemVal"], content["ValDtls"]["TotInvVal"]) == (1500, 3300)


def test_exempt_lines_are_left_out_and_their_value_is_an_other_charge() -> None:
    book = make_line("99.50", "0", hsn="4901", taxability=Taxability.EXEMPT)
    content = einvoice(paper(SCREEN, book, BATTERY, other_charges=Decimal(10)))
    assert [item["SlNo"] for item in content["ItemList"]] == ["1", "2"]
    assert content["ValDtls"]["OthChrg"] == Decimal("109.50")
    assert content["ValDtls"]["AssVal"] == 3300
    assert content["ValDtls"]["TotInvVal"] == Decimal("4003.50")
    assert judged(content) == []


def test_both_parts_of_the_cess_stand_apart() -> None:
    line = make_line("100", "28", quantity="10", hsn="2402", cess_rate="5", cess_per_unit="2.076")
    content = einvoice(paper(line, date=dt.date(2025, 9, 1)))
    item = content["ItemList"][0]
    assert (item["CesRt"], item["CesAmt"], item["CesNonAdvlAmt"]) == (5, 50, Decimal("20.76"))
    assert content["ValDtls"]["CesVal"] == Decimal("70.76")


def test_a_price_that_includes_tax_is_reported_without_it() -> None:
    line = make_line("1180", quantity="2", hsn="850760", discount="180")
    item = einvoice(paper(line, prices_include_tax=True))["ItemList"][0]
    assert (item["TotAmt"], item["AssAmt"], "Discount" in item) == (item["AssAmt"], Decimal("1847.46"), False)
    assert item["UnitPrice"] == Decimal("923.730")


def test_a_differential_rate_is_the_rate_that_is_charged() -> None:
    item = einvoice(paper(SCREEN, differential_percent=Decimal(65)))["ItemList"][0]
    assert (item["GstRt"], item["IgstAmt"]) == (Decimal("11.7"), Decimal("175.50"))


def test_a_negative_line_is_a_discount() -> None:
    off = make_line("-100", hsn="850760", description="Old battery taken back")
    content = einvoice(paper(BATTERY, off))
    (item,) = content["ItemList"]
    assert (item["TotAmt"], item["Discount"], item["AssAmt"]) == (1800, 100, 1700)


def test_round_off_may_be_negative_and_nothing_else() -> None:
    content = einvoice(paper(make_line("7.605", hsn="8507"), round_off=True))
    assert content["ValDtls"]["RndOffAmt"] == Decimal("0.02")
    down = einvoice(paper(make_line("7.80", hsn="8507"), round_off=True))
    assert down["ValDtls"]["RndOffAmt"] == Decimal("-0.20")
    assert judged(down) == []


def test_a_note_names_its_original_where_the_portal_takes_its_number() -> None:
    named = einvoice(paper(**SUPPLIES["credit note"]))
    assert (named["DocDtls"]["Typ"], named["RefDtls"]) == (
        "CRN",
        {"PrecDocDtls": [{"InvNo": "INV/1", "InvDt": "01/09/2026"}]},
    )
    assert "RefDtls" not in einvoice(paper(**SUPPLIES["debit note"]))


def test_a_note_against_several_documents_names_them_all() -> None:
    originals = tuple(Original(number=number, date=dt.date(2026, 9, 1)) for number in ("INV/1", "7", "INV/2"))
    named = einvoice(paper(**SUPPLIES["credit note"] | {"originals": originals}))["RefDtls"]["PrecDocDtls"]
    assert [each["InvNo"] for each in named] == ["INV/1", "INV/2"]


def test_another_place_of_delivery_is_named_when_its_address_is_known() -> None:
    place = Address(line1="Plot 9", city="Mysuru", pincode="570001", state="29")
    content = einvoice(paper(ship_to=place))
    assert content["ShipDtls"] == {
        "LglNm": "Pune Motors",
        "Addr1": "Plot 9",
        "Loc": "Mysuru",
        "Pin": 570001,
        "Stcd": "29",
    }
    assert "ShipDtls" not in einvoice(paper(ship_to=Address(state="29")))


def test_texts_lose_what_the_portal_does_not_take() -> None:
    buyer = replace(HERE, name='Hot "Spot" \\ Sons', address=replace(HERE.address, line1="x" * 130, line2="Fort"))
    content = einvoice(paper(buyer=buyer, place_of_supply="29"))["BuyerDtls"]
    assert (content["LglNm"], content["Addr1"], content["Addr2"]) == (
        "Hot 'Spot' / Sons",
        "x" * 100,
        "x" * 30 + " Fort",
    )


def test_what_is_missing_is_named() -> None:
    bare = paper(buyer=replace(HERE, address=Address()), place_of_supply="29")
    paths = [path for path, _ in refusals(einvoice(bare))]
    assert paths == ["BuyerDtls.Addr1", "BuyerDtls.Loc", "BuyerDtls.Pin"]


def test_a_service_without_a_unit_has_no_quantity_and_goods_always_have_one() -> None:
    content = einvoice(paper(make_line("5", hsn="998716", unit="NA"), make_line("5", hsn="8507", unit="NA")))
    service, goods = content["ItemList"]
    assert ("Qty" in service, "Unit" in service, goods["Qty"], goods["Unit"]) == (False, False, 1, "OTH")


def test_the_same_document_gives_the_same_text_with_its_decimals() -> None:
    document = paper(SCREEN, supply=Supply.REGULAR)
    text = write(build(document, taxed(document)))
    assert text == write(build(document, taxed(document)))
    assert '"UnitPrice":1500.000,"TotAmt":1500.00,"AssAmt":1500.00,"GstRt":18,"IgstAmt":270.00' in text
    assert "null" not in text

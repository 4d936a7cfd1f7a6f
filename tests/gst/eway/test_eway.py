"""E-way bills: the published examples, thresholds, journeys, and what the portal would refuse."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invo_cli.errors import InvalidError
from invo_cli.gst.document import Address, Buyer, Document, Kind, Seller, Taxability, Transport
from invo_cli.gst.einvoice.wire import read, write
from invo_cli.gst.eway.building import build, bulk
from invo_cli.gst.eway.journey import Journey, carriers_paper, distance, transporter_id, vehicle_number
from invo_cli.gst.eway.scope import consignment_value, is_needed, why_not
from invo_cli.gst.eway.validation import bulk_problems, problems
from tests.gst import vectors
from tests.gst.documents import make_line
from tests.gst.einvoice.papers import BATTERY, HERE, SCREEN, SELLER, SUPPLIES, TODAY, paper, random_papers, taxed
from tests.gst.einvoice.test_schema import anything, spots

pytestmark = pytest.mark.unit
EXAMPLES = vectors.load("ewaybill")
ROAD = Journey(mode="road", vehicle="KA01AB1234", distance_km=80)


def published(name: str) -> dict[str, Any]:
    """A published payload under the names of the bulk file."""
    (found,) = (row["api_payload"] for row in EXAMPLES["vectors"] if row["name"] == name)
    content: dict[str, Any] = read(write_floats(found))
    return {EXAMPLES["bulk_key_renames"].get(key, key): value for key, value in content.items()}


def write_floats(value: Any) -> str:
    import json

    return json.dumps(value)


def refusals(content: dict[str, Any]) -> list[tuple[str, str]]:
    return [(problem.path, problem.rule) for problem in problems(content)]


@pytest.mark.parametrize("name", [row["name"] for row in EXAMPLES["vectors"]])
def test_the_published_examples_are_right(name: str) -> None:
    assert problems(published(name)) == []


GUJARAT = Address(line1="Test Address - 1", city="Test City", pincode="380015", state="24")
DEALER = Seller(name="_Test Indian Registered Company", gstin="05AAACG2115R1ZN", state="24", address=GUJARAT)
CLIENT = Buyer(
    name="_Test Registered Customer",
    gstin="05AAACG2140A1ZL",
    state="24",
    address=replace(GUJARAT, line1="Test Address - 3"),
)


def same(document: Document, journey: Journey, name: str) -> None:
    """The bill is the published one; the bulk file also names the product."""
    content = read(write(build(document, taxed(document), journey)))
    for item in content["itemList"]:
        assert item.pop("productName") == item["productDesc"]
    assert content == published(name)


def test_goods_with_taxes_are_the_published_bill() -> None:
    line = make_line("7.60", "12", hsn="61149090", description="Test Trading Goods 1")
    document = paper(
        line,
        line,
        seller=DEALER,
        buyer=CLIENT,
        place_of_supply="24",
        number="test_invoice_no",
        date=dt.date(2024, 1, 11),
        round_off=True,
    )
    same(document, Journey(mode="road", vehicle="GJ05DL9009", distance_km=1), "goods_with_taxes")


def test_nil_rated_goods_are_the_published_bill() -> None:
    line = make_line("100", "0", hsn="61149090", description="Test Nil Rated Item", taxability=Taxability.NIL_RATED)
    document = paper(
        line,
        kind=Kind.BILL_OF_SUPPLY,
        seller=DEALER,
        buyer=CLIENT,
        place_of_supply="24",
        number="test_invoice_no",
        date=dt.date(2024, 2, 25),
    )
    journey = Journey(vehicle="GJ06AA1123", distance_km=10, transporter_name="Test Common Supplier")
    same(document, journey, "non_taxable_goods_item")


@settings(max_examples=100, deadline=None)
@given(random_papers())
def test_whatever_has_goods_makes_a_file_that_the_portal_takes(document: Document) -> None:
    if why_not(document, TODAY) is not None:
        return
    if document.supply.is_export:
        document = replace(document, ship_to=HERE.address)
    content = build(document, taxed(document), ROAD)
    assert bulk_problems(read(write(bulk([content])))) == []
    parts = ("totalValue", "cgstValue", "sgstValue", "igstValue", "cessValue", "TotNonAdvolVal", "OthValue")
    assert sum(content[part] for part in parts) == content["totInvValue"] == taxed(document).total


def test_services_alone_need_none() -> None:
    assert "no goods" in str(why_not(paper(SCREEN), TODAY))
    assert why_not(paper(SCREEN, BATTERY), TODAY) is None


def test_debit_notes_and_old_documents_make_none() -> None:
    assert "debit note" in str(why_not(paper(**SUPPLIES["debit note"]), TODAY))
    old = TODAY - dt.timedelta(days=181)
    assert "older than 180 days" in str(why_not(paper(date=old), TODAY))
    assert why_not(paper(date=old + dt.timedelta(days=1)), TODAY) is None


@pytest.mark.parametrize(("price", "needed"), [("42372.88", False), ("42372.89", True), ("42400", True)])
def test_the_threshold_is_above_fifty_thousand_with_tax(price: str, needed: bool) -> None:
    # 42,372.88 with 18 per cent is 50,000.00.
    assert is_needed(taxed(paper(make_line(price, hsn="8507")))) is needed


def test_exempt_goods_do_not_count_beside_others_and_do_alone() -> None:
    book = make_line("60000", "0", hsn="4901", taxability=Taxability.EXEMPT)
    assert consignment_value(taxed(paper(book, BATTERY))) == Decimal("2124.00")
    assert is_needed(taxed(paper(book, kind=Kind.BILL_OF_SUPPLY)))


def test_an_export_goes_to_nobody_and_by_way_of_the_port() -> None:
    port = Address(line1="Chennai Port", city="Chennai", pincode="600001", state="33")
    document = paper(BATTERY, **SUPPLIES["EXPWOP"] | {"ship_to": port})
    content = build(document, taxed(document), ROAD)
    keys = ("toGstin", "toStateCode", "actualToStateCode", "toPincode", "subSupplyType", "transType")
    assert [content[key] for key in keys] == ["URP", 96, 33, 600001, 3, 2]
    assert content["itemList"][0]["igstRate"] == 0
    bare = paper(BATTERY, **SUPPLIES["EXPWOP"])
    assert ("toPincode", "pin") in refusals(build(bare, taxed(bare), ROAD))
    assert "ship_to" in next(problem.hint for problem in problems(build(bare, taxed(bare), ROAD)))
    london = replace(bare, ship_to=Address(line1="1", city="London", pincode="EC1A 1BB", state="96", country="UK"))
    assert ("toPincode", "pin") in refusals(build(london, taxed(london), ROAD))


def test_a_state_alone_as_place_of_delivery_sends_the_goods_to_the_buyer() -> None:
    content = build(document := paper(ship_to=Address(state="27")), taxed(document), ROAD)
    assert [content[key] for key in ("toAddr1", "actualToStateCode", "transType")] == ["1 Law College Road", 27, 1]
    other = build(document := paper(ship_to=Address(state="29")), taxed(document), ROAD)
    assert ("toAddr1", "missing") in refusals(other)


def test_a_sez_is_outside_its_state() -> None:
    document = paper(BATTERY, **SUPPLIES["SEZWP"])
    content = build(document, taxed(document), ROAD)
    assert [content[key] for key in ("toStateCode", "actualToStateCode")] == [96, 29]
    assert [content["itemList"][0][key] for key in ("igstRate", "cgstRate")] == [18, 0]


def test_reverse_charge_bears_no_tax() -> None:
    document = paper(BATTERY, **SUPPLIES["RCM"])
    content = build(document, taxed(document), ROAD)
    assert [content[key] for key in ("igstValue", "totalValue", "totInvValue", "OthValue")] == [0, 1800, 1800, 0]
    assert content["itemList"][0]["igstRate"] == 0


def test_a_credit_note_brings_the_goods_back() -> None:
    document = paper(BATTERY, **SUPPLIES["credit note"])
    content = build(document, taxed(document), ROAD)
    keys = ("supplyType", "subSupplyType", "docType", "fromGstin", "toGstin", "userGstin")
    assert [content[key] for key in keys] == ["I", 7, "CHL", "27AAPFU0939F1ZV", SELLER.gstin, SELLER.gstin]


def test_a_consumer_is_unregistered() -> None:
    document = paper(BATTERY, buyer=replace(HERE, gstin=None), place_of_supply="29")
    assert build(document, taxed(document), ROAD)["toGstin"] == "URP"


def test_more_than_250_lines_are_put_together() -> None:
    many = [make_line("10", hsn=code, unit="PCS", description=f"Part {place}") for place, code in
            enumerate(["8507", "8708"] * 126)]  # fmt: skip
    document = paper(*many)
    items = build(document, taxed(document), ROAD)["itemList"]
    assert [(item["itemNo"], item["hsnCode"], item["quantity"], item["taxableAmount"]) for item in items] == [
        (1, "8507", 126, 1260),
        (2, "8708", 126, 1260),
    ]
    document = paper(*many[:250])
    assert len(build(document, taxed(document), ROAD)["itemList"]) == 250


def test_the_document_says_how_it_travels_and_the_command_wins() -> None:
    entered = Transport(mode="rail", vehicle="ka 01 ab-1234", distance_km=10, document="RR1")
    journey = Journey(distance_km=25, document_date=dt.date(2026, 10, 5)).over(entered)
    assert (journey.mode, journey.vehicle, journey.distance_km, journey.document) == ("rail", "KA01AB1234", 25, "RR1")


CASES: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "right": ({}, []),
    "no vehicle": ({"vehicleNo": None}, [("vehicleNo", "missing")]),
    "a transporter instead": ({"vehicleNo": None, "transporterId": "29AAFCA7488L1Z0"}, []),
    "by rail without its paper": (
        {"transMode": 2, "vehicleNo": None},
        [("transDocNo", "missing"), ("transDocDate", "missing")],
    ),
    "too far": ({"transDistance": 4001}, [("transDistance", "distance")]),
    "one PIN code": ({"toPincode": 560001, "transDistance": 0}, [("transDistance", "distance")]),
    "one PIN code, near": ({"toPincode": 560001, "transDistance": 7}, []),
    "states as text": ({"fromStateCode": "29"}, [("fromStateCode", "state")]),
    "parts above the total": ({"totInvValue": Decimal(3891)}, [("totInvValue", "sums")]),
    "two rupees above": ({"totInvValue": Decimal(3892)}, []),
    "no items": ({"itemList": []}, [("itemList", "count")]),
    "no town": ({"toPlace": None}, [("toPlace", "missing")]),
    "unknown document": ({"docType": "CRN"}, [("docType", "pattern")]),
    "no day": ({"docDate": "2026-10-05"}, [("docDate", "date")]),
}


@pytest.mark.parametrize("name", CASES)
def test_what_the_portal_refuses(name: str) -> None:
    changes, expected = CASES[name]
    content = build(paper(), taxed(paper()), ROAD) | changes
    assert refusals({key: value for key, value in content.items() if value is not None}) == expected


def test_who_is_to_be_completed_depends_on_where_the_goods_go() -> None:
    out = build(paper(), taxed(paper()), ROAD) | {"toPlace": None, "fromPlace": None}
    hints = {problem.path: problem.hint for problem in problems(out)}
    assert ("customer" in hints["toPlace"], "business" in hints["fromPlace"]) == (True, True)
    back = {problem.path: problem.hint for problem in problems(out | {"supplyType": "I"})}
    assert ("business" in back["toPlace"], "customer" in back["fromPlace"]) == (True, True)


@pytest.mark.parametrize("content", [None, [], {}, {"billLists": []}, {"billLists": [1]}, {"version": 1}])
def test_nonsense_is_named_and_never_fails(content: Any) -> None:
    assert bulk_problems(content)


def test_values_of_flags() -> None:
    assert (vehicle_number("ka-01 ab 1234"), transporter_id(" 29aafca7488l1z0 "), distance("0")) == (
        "KA01AB1234",
        "29AAFCA7488L1Z0",
        0,
    )
    assert carriers_paper(" RR/1-2 ") == "RR/1-2"
    wrong = [(vehicle_number, "KA!"), (transporter_id, "29"), (distance, "4001"), (distance, "٣")]
    for parser, text in [*wrong, (carriers_paper, "1" * 16), (carriers_paper, 'a"b')]:
        with pytest.raises(InvalidError):
            parser(text)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_anything_anywhere_is_judged_and_never_fails(data: st.DataObject) -> None:
    content = read(write(bulk([build(paper(), taxed(paper()), ROAD)])))
    for _ in range(data.draw(st.integers(1, 4))):
        owner, key = data.draw(st.sampled_from(list(spots(content))))
        owner[key] = data.draw(anything)
    for problem in bulk_problems(content):
        assert problem.as_dict()["message"]

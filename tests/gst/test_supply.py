from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from invo_cli.errors import InvalidError
from invo_cli.gst.document import Address, Buyer, Kind, Seller, ServiceType, Supply, Taxability
from invo_cli.gst.supply import current_state, default_kind, heads_for, place_of_supply
from invo_cli.gst.tax import Heads
from tests.gst.documents import SELLER, make_line

pytestmark = pytest.mark.unit

WALK_IN = Buyer(name="Ravi", state="29")
NEIGHBOUR = Buyer(name="Meena", state="33")
REGISTERED = Buyer(name="Acme", state="27", gstin="27AAPFU0939F1ZV")
OVERSEAS = Buyer(name="Globex", state="96")
IN_KERALA = Address(state="32")
GOODS = {"is_goods": True}
SERVICE = {"is_goods": False}


def place(buyer: Buyer, **fields: Any) -> tuple[str, str]:
    given = {"supply": Supply.REGULAR, "on": dt.date(2026, 10, 5), **fields}
    found = place_of_supply(seller_state="29", buyer=buyer, **given)
    assert found.reason.endswith(".")
    return found.state, found.clause.removeprefix("IGST Act s.")


@pytest.mark.parametrize(
    ("buyer", "fields", "expected"),
    [
        (REGISTERED, {}, ("27", "10(1)(a)")),
        (REGISTERED, {"ship_to": Address(state="27")}, ("27", "10(1)(a)")),
        (REGISTERED, {"ship_to": IN_KERALA}, ("27", "10(1)(b)")),
        (WALK_IN, {}, ("29", "10(1)(ca)")),
        (NEIGHBOUR, {}, ("33", "10(1)(ca)")),
        (WALK_IN, {"ship_to": IN_KERALA}, ("32", "10(1)(ca)")),
        (WALK_IN, {"ship_to": IN_KERALA, "on": dt.date(2023, 9, 30)}, ("32", "10(1)(a)")),
        (WALK_IN, {"ship_to": IN_KERALA, "on": dt.date(2023, 10, 1)}, ("32", "10(1)(ca)")),
        (OVERSEAS, {}, ("29", "10(1)(c)")),
        (OVERSEAS, {"ship_to": IN_KERALA}, ("32", "10(1)(ca)")),
        (OVERSEAS, {"supply": Supply.EXPORT_WITHOUT_PAYMENT}, ("96", "11(b)")),
        (REGISTERED, {"supply": Supply.SEZ_WITH_PAYMENT}, ("27", "10(1)(a)")),
    ],
)
def test_goods_are_supplied_where_section_10_says(
    buyer: Buyer, fields: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert place(buyer, **GOODS, **fields) == expected


@pytest.mark.parametrize(
    ("buyer", "fields", "expected"),
    [
        (REGISTERED, {}, ("27", "12(2)(a)")),
        (REGISTERED, {"ship_to": IN_KERALA}, ("27", "12(2)(a)")),
        (WALK_IN, {}, ("29", "12(2)(b)(ii)")),
        (replace(WALK_IN, address=Address(line1="4 MG Road")), {}, ("29", "12(2)(b)(i)")),
        (NEIGHBOUR, {}, ("33", "12(2)(b)(i)")),
        (NEIGHBOUR, {"is_repair": True}, ("33", "12(2)(b)(i)")),
        (OVERSEAS, {}, ("96", "13(2)")),
        (OVERSEAS, {"is_repair": True}, ("29", "13(3)(a)")),
        (OVERSEAS, {"supply": Supply.EXPORT_WITH_PAYMENT, "is_repair": True}, ("96", "13(2)")),
        (REGISTERED, {"service_type": ServiceType.IMMOVABLE_PROPERTY, "ship_to": IN_KERALA}, ("32", "12(3)")),
        (OVERSEAS, {"service_type": ServiceType.IMMOVABLE_PROPERTY, "ship_to": IN_KERALA}, ("32", "13(4)")),
        (REGISTERED, {"service_type": ServiceType.RESTAURANT_BEAUTY_FITNESS}, ("29", "12(4)")),
        (OVERSEAS, {"service_type": ServiceType.RESTAURANT_BEAUTY_FITNESS}, ("29", "13(3)(b)")),
        (WALK_IN, {"service_type": ServiceType.RESTAURANT_BEAUTY_FITNESS, "ship_to": IN_KERALA}, ("32", "12(4)")),
        (REGISTERED, {"service_type": ServiceType.GOODS_TRANSPORT}, ("27", "12(8)(a)")),
        (NEIGHBOUR, {"service_type": ServiceType.GOODS_TRANSPORT}, ("29", "12(8)(b)")),
        (REGISTERED, {"service_type": ServiceType.INTERMEDIARY}, ("27", "12(2)(a)")),
        (OVERSEAS, {"service_type": ServiceType.INTERMEDIARY}, ("29", "13(8)(b)")),
    ],
)
def test_services_are_supplied_where_sections_12_and_13_say(
    buyer: Buyer, fields: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert place(buyer, **SERVICE, **fields) == expected


def test_the_place_of_immovable_property_is_never_guessed() -> None:
    with pytest.raises(InvalidError, match="where the property lies"):
        place(REGISTERED, is_goods=False, service_type=ServiceType.IMMOVABLE_PROPERTY)


@pytest.mark.parametrize(
    ("code", "on", "expected"),
    [
        ("25", dt.date(2020, 1, 25), "25"),
        ("25", dt.date(2020, 1, 26), "26"),
        ("28", dt.date(2017, 7, 1), "37"),
        ("29", dt.date(2026, 10, 5), "29"),
        ("97", dt.date(2026, 10, 5), "97"),
    ],
)
def test_obsolete_state_codes_become_their_successors(code: str, on: dt.date, expected: str) -> None:
    assert current_state(code, on) == expected
    assert place(Buyer(name="Old", state=code), is_goods=True, on=on)[0] == expected


@pytest.mark.parametrize(
    ("seller", "kind", "supply", "state", "expected"),
    [
        ({}, Kind.TAX_INVOICE, Supply.REGULAR, "29", Heads.CGST_SGST),
        ({}, Kind.TAX_INVOICE, Supply.REGULAR, "27", Heads.IGST),
        ({}, Kind.CREDIT_NOTE, Supply.REGULAR, "29", Heads.CGST_SGST),
        ({}, Kind.TAX_INVOICE, Supply.REGULAR, "96", Heads.IGST),
        ({}, Kind.TAX_INVOICE, Supply.REGULAR, "97", Heads.IGST),
        ({"state": "97"}, Kind.TAX_INVOICE, Supply.REGULAR, "97", Heads.CGST_SGST),
        ({}, Kind.TAX_INVOICE, Supply.SEZ_WITH_PAYMENT, "29", Heads.IGST),
        ({}, Kind.TAX_INVOICE, Supply.SEZ_WITHOUT_PAYMENT, "29", Heads.IGST),
        ({"is_sez": True}, Kind.TAX_INVOICE, Supply.REGULAR, "29", Heads.IGST),
        ({}, Kind.TAX_INVOICE, Supply.EXPORT_WITH_PAYMENT, "96", Heads.IGST),
        ({}, Kind.TAX_INVOICE, Supply.DEEMED_EXPORT, "29", Heads.CGST_SGST),
        ({}, Kind.TAX_INVOICE, Supply.DEEMED_EXPORT, "27", Heads.IGST),
        ({}, Kind.TAX_INVOICE, Supply.INTRA_STATE_IGST, "29", Heads.IGST),
        ({}, Kind.BILL_OF_SUPPLY, Supply.REGULAR, "29", Heads.NONE),
        ({}, Kind.BILL_OF_SUPPLY, Supply.SEZ_WITH_PAYMENT, "29", Heads.NONE),
        ({"is_composition": True}, Kind.TAX_INVOICE, Supply.REGULAR, "29", Heads.NONE),
        ({}, Kind.INVOICE_CUM_BILL_OF_SUPPLY, Supply.REGULAR, "29", Heads.CGST_SGST),
    ],
)
def test_the_heads_follow_the_order_of_the_law(
    seller: dict[str, Any], kind: Kind, supply: Supply, state: str, expected: Heads
) -> None:
    assert heads_for(replace(SELLER, **seller), kind, supply, state) is expected


TAXED = make_line("100")
EXEMPT = make_line("100", taxability=Taxability.EXEMPT)
NON_GST = make_line("100", taxability=Taxability.NON_GST)


@pytest.mark.parametrize(
    ("seller", "lines", "buyer", "expected"),
    [
        (SELLER, [TAXED, TAXED], WALK_IN, Kind.TAX_INVOICE),
        (SELLER, [EXEMPT, NON_GST], REGISTERED, Kind.BILL_OF_SUPPLY),
        (SELLER, [TAXED, EXEMPT], WALK_IN, Kind.INVOICE_CUM_BILL_OF_SUPPLY),
        (SELLER, [TAXED, EXEMPT], REGISTERED, Kind.TAX_INVOICE),
        (replace(SELLER, is_composition=True), [TAXED], WALK_IN, Kind.BILL_OF_SUPPLY),
        (SELLER, [], WALK_IN, Kind.TAX_INVOICE),
    ],
)
def test_the_kind_is_what_the_law_asks_for(seller: Seller, lines: list[Any], buyer: Buyer, expected: Kind) -> None:
    assert default_kind(seller, lines, buyer) is expected

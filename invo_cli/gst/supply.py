"""Where a supply takes place, which taxes that makes due and which document records it (IGST Act s.5 to s.13)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from invo_cli.errors import InvalidError
from invo_cli.gst.document import Address, Buyer, Kind, Line, Seller, ServiceType, Supply, Taxability
from invo_cli.gst.states import OBSOLETE, OVERSEAS
from invo_cli.gst.tax import Heads

UNREGISTERED_CLAUSE_SINCE = dt.date(2023, 10, 1)
"""IGST Act s.10(1)(ca), inserted by the Integrated Goods and Services Tax (Amendment) Act, 2023."""
INTERMEDIARY_CLAUSE_UNTIL: dt.date | None = None
"""Last day of IGST Act s.13(8)(b); Finance Bill 2026 clause 141 drops it, no commencement is known."""


@dataclass(frozen=True, slots=True)
class PlaceOfSupply:
    """A state code, 96 for abroad, and the clause of the IGST Act that leads there."""

    state: str
    clause: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    seller_state: str
    buyer: Buyer
    service_type: ServiceType
    ship_to: Address | None
    is_repair: bool
    on: dt.date

    @property
    def delivery_state(self) -> str | None:
        return self.ship_to.state if self.ship_to else None


def place_of_supply(
    *,
    seller_state: str,
    buyer: Buyer,
    supply: Supply,
    is_goods: bool,
    on: dt.date,
    service_type: ServiceType = ServiceType.GENERAL,
    ship_to: Address | None = None,
    is_repair: bool = False,
) -> PlaceOfSupply:
    """Return the place of supply of a document that names none; a place that is named wins and is judged by the rules.

    `is_goods` is about the principal supply, `is_repair` says that it is work on goods the buyer brings (SAC 9987),
    `on` is the date of the document. Codes 25 and 28 become their successors from the day these took over.

    Raises:
        InvalidError: a service on immovable property, and no `ship_to` that says where the property lies.
    """
    case = _Case(
        seller_state=seller_state,
        buyer=buyer,
        service_type=service_type,
        ship_to=ship_to,
        is_repair=is_repair,
        on=on,
    )
    if supply.is_export:
        clause = "IGST Act s.11(b)" if is_goods else "IGST Act s.13(2)"
        return PlaceOfSupply(OVERSEAS, clause, "The supply is an export.")
    place = _of_goods(case) if is_goods else _of_services(case)
    return PlaceOfSupply(current_state(place.state, on), place.clause, place.reason)


def current_state(code: str, on: dt.date) -> str:
    """Return the code in force on a day: 26 instead of 25 from 2020-01-26, always 37 instead of 28."""
    successor, since = OBSOLETE.get(code, (code, dt.date.min))
    return successor if on >= since else code


def heads_for(seller: Seller, kind: Kind, supply: Supply, place_of_supply: str) -> Heads:
    """Return which taxes a document charges; deemed exports are taxed as ordinary supplies (IGST Act s.7, s.8)."""
    if seller.is_composition or kind is Kind.BILL_OF_SUPPLY:
        return Heads.NONE
    is_always_inter_state = (
        supply.is_sez or seller.is_sez or supply.is_export or place_of_supply == OVERSEAS  # s.7(5)
    )
    if is_always_inter_state or supply is Supply.INTRA_STATE_IGST:
        return Heads.IGST
    return Heads.CGST_SGST if place_of_supply == seller.state else Heads.IGST


def default_kind(seller: Seller, lines: Sequence[Line], buyer: Buyer) -> Kind:
    """Return the document that the law asks for: s.31(1), s.31(3)(c), rule 46A."""
    if seller.is_composition:
        return Kind.BILL_OF_SUPPLY
    taxed = [line.taxability is Taxability.TAXABLE for line in lines]
    if all(taxed):
        return Kind.TAX_INVOICE
    if not any(taxed):
        return Kind.BILL_OF_SUPPLY
    return Kind.TAX_INVOICE if buyer.gstin else Kind.INVOICE_CUM_BILL_OF_SUPPLY


def _of_goods(case: _Case) -> PlaceOfSupply:
    buyer, delivery = case.buyer, case.delivery_state
    if buyer.is_overseas and delivery in (None, OVERSEAS):
        return PlaceOfSupply(
            case.seller_state, "IGST Act s.10(1)(c)", "The goods are handed over at the seller's place."
        )
    if buyer.gstin:
        if delivery not in (None, buyer.state):
            return PlaceOfSupply(
                buyer.state, "IGST Act s.10(1)(b)", "Billed to a registered buyer and shipped to another place."
            )
        return PlaceOfSupply(buyer.state, "IGST Act s.10(1)(a)", "The goods are delivered in the state of the buyer.")
    clause = "s.10(1)(ca)" if case.on >= UNREGISTERED_CLAUSE_SINCE else "s.10(1)(a)"
    if delivery:
        return PlaceOfSupply(
            delivery, f"IGST Act {clause}", "The buyer is unregistered: where the goods are delivered."
        )
    return PlaceOfSupply(buyer.state, f"IGST Act {clause}", "The buyer is unregistered: the state on the document.")


def _of_services(case: _Case) -> PlaceOfSupply:
    if case.service_type is ServiceType.IMMOVABLE_PROPERTY:
        return _of_property(case)
    if case.service_type is ServiceType.RESTAURANT_BEAUTY_FITNESS:
        clause = "s.13(3)(b)" if case.buyer.is_overseas else "s.12(4)"
        state = case.delivery_state or case.seller_state
        return PlaceOfSupply(state, f"IGST Act {clause}", "The service is performed there.")
    if case.buyer.is_overseas:
        return _of_services_abroad(case)
    if case.service_type is ServiceType.GOODS_TRANSPORT and not case.buyer.gstin:
        return PlaceOfSupply(case.seller_state, "IGST Act s.12(8)(b)", "The goods are handed over for transport there.")
    return _of_general_services(case)


def _of_property(case: _Case) -> PlaceOfSupply:
    if case.delivery_state is None:
        raise InvalidError(
            "The place of supply of a service on immovable property is where the property lies.",
            hint="Give place_of_supply, or ship_to with the state of the property.",
        )
    clause = "s.13(4)" if case.buyer.is_overseas else "s.12(3)"
    return PlaceOfSupply(case.delivery_state, f"IGST Act {clause}", "The property lies there.")


def _of_services_abroad(case: _Case) -> PlaceOfSupply:
    if case.service_type is ServiceType.INTERMEDIARY and _has_intermediary_clause(case.on):
        return PlaceOfSupply(case.seller_state, "IGST Act s.13(8)(b)", "The supplier is an intermediary.")
    if case.is_repair:
        return PlaceOfSupply(case.seller_state, "IGST Act s.13(3)(a)", "The goods are repaired there.")
    return PlaceOfSupply(OVERSEAS, "IGST Act s.13(2)", "The recipient is outside India.")


def _has_intermediary_clause(on: dt.date) -> bool:
    return INTERMEDIARY_CLAUSE_UNTIL is None or on <= INTERMEDIARY_CLAUSE_UNTIL


def _of_general_services(case: _Case) -> PlaceOfSupply:
    buyer = case.buyer
    if buyer.gstin:
        section = "12(8)(a)" if case.service_type is ServiceType.GOODS_TRANSPORT else "12(2)(a)"
        return PlaceOfSupply(buyer.state, f"IGST Act s.{section}", "The recipient is registered there.")
    if buyer.address.line1 or buyer.address.state or buyer.state != case.seller_state:
        return PlaceOfSupply(buyer.state, "IGST Act s.12(2)(b)(i)", "The address of the recipient is on record.")
    return PlaceOfSupply(
        case.seller_state, "IGST Act s.12(2)(b)(ii)", "The recipient is unregistered, without an address on record."
    )

"""From what was entered to a complete document: every default of the law and of the business filled in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from invo_cli.errors import InvalidError
from invo_cli.gst.discounts import gross_of
from invo_cli.gst.document import (
    ZERO,
    Buyer,
    ChargeInput,
    Document,
    DocumentInput,
    Line,
    LineInput,
    Seller,
    ServiceType,
    Supply,
    Taxability,
)
from invo_cli.gst.supply import default_kind, place_of_supply

REPAIR_SAC = "9987"
DEFAULT_UNIT = "NOS"
_CARRIED = (
    *("reverse_charge", "discount", "other_charges", "due_date", "against", "reason", "amends", "shipping_bill"),
    *("ship_to", "transport", "ecommerce_gstin", "ecommerce_section", "differential_percent", "return_period"),
    *("reference", "notes", "terms"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What a business settles for documents that do not say."""

    gst_rate: Decimal
    round_off: bool
    today: dt.date


def complete(
    entered: DocumentInput,
    *,
    seller: Seller,
    buyer: Buyer,
    defaults: Defaults,
    against_date: dt.date | None = None,
    allow_rate: str | None = None,
) -> Document:
    """The document with nothing left open; items must have been filled into its lines before.

    Raises InvalidError for a document without lines, or a line without description or price.
    """
    if not entered.lines:
        raise InvalidError("The document has no lines.", hint='Add one with --line "DESCRIPTION:QTY:PRICE:HSN:RATE".')
    rate = ZERO if seller.is_composition else defaults.gst_rate
    lines = tuple(_line(number, line, rate) for number, line in enumerate(entered.lines, 1))
    principal = max(lines, key=gross_of)
    charges = tuple(_charge(charge, _taxed_with(charge, lines, principal)) for charge in entered.charges)
    date = entered.date or defaults.today
    supply = entered.supply or _usual_supply(seller, buyer)
    return Document(
        kind=entered.kind or default_kind(seller, (*lines, *charges), buyer),
        date=date,
        seller=seller,
        buyer=buyer,
        lines=(*lines, *charges),
        supply=supply,
        place_of_supply=entered.place_of_supply or _place(entered, seller, buyer, supply, principal, date),
        prices_include_tax=bool(entered.prices_include_tax),
        round_off=defaults.round_off if entered.round_off is None else entered.round_off,
        number=entered.number,
        against_date=against_date,
        service_type=entered.service_type or ServiceType.GENERAL,
        allow_rate=allow_rate,
        **_carried(entered),
    )


def settled(document: Document, entered: DocumentInput) -> DocumentInput:
    """What was entered with every default written down, so that the same document can be made again at any time."""
    goods = [line for line in document.lines if not line.is_charge]
    charges = [line for line in document.lines if line.is_charge]
    return DocumentInput(
        customer=entered.customer,
        kind=document.kind,
        date=document.date,
        supply=document.supply,
        place_of_supply=document.place_of_supply,
        prices_include_tax=document.prices_include_tax,
        round_off=document.round_off,
        charges=tuple(
            ChargeInput(description=line.description, amount=line.unit_price, gst_rate=line.gst_rate)
            for line in charges
        ),
        lines=tuple(_settled_line(line) for line in goods),
        **_carried(document),
        service_type=document.service_type,
    )


def _carried(source: DocumentInput | Document) -> dict[str, Any]:
    """What a document takes over as it was entered."""
    return {name: getattr(source, name) for name in _CARRIED}


def _usual_supply(seller: Seller, buyer: Buyer) -> Supply:
    """A customer marked as SEZ is supplied as SEZ: without payment when the seller has a letter of undertaking."""
    if not buyer.is_sez:
        return Supply.REGULAR
    return Supply.SEZ_WITHOUT_PAYMENT if seller.lut else Supply.SEZ_WITH_PAYMENT


def _place(entered: DocumentInput, seller: Seller, buyer: Buyer, supply: Supply, principal: Line, date: dt.date) -> str:
    place = place_of_supply(
        seller_state=seller.state,
        buyer=buyer,
        supply=supply,
        is_goods=not principal.is_service,
        on=date,
        service_type=entered.service_type or ServiceType.GENERAL,
        ship_to=entered.ship_to,
        is_repair=(principal.hsn or "").startswith(REPAIR_SAC),
    )
    return place.state


def _line(number: int, line: LineInput, default_rate: Decimal) -> Line:
    if line.description is None:
        raise InvalidError(f"Line {number} has no description.", hint="Describe what is supplied (Rule 46(h)).")
    if line.unit_price is None:
        raise InvalidError(f"Line {number} has no price.", hint="Give its unit price, or an item that has one.")
    taxability = line.taxability or Taxability.TAXABLE
    usual = default_rate if taxability is Taxability.TAXABLE else ZERO
    return Line(
        description=line.description,
        quantity=Decimal(1) if line.quantity is None else line.quantity,
        unit_price=line.unit_price,
        unit=line.unit or DEFAULT_UNIT,
        hsn=line.hsn,
        serial=line.serial,
        item=line.item,
        discount=line.discount,
        discount_percent=line.discount_percent,
        taxability=taxability,
        gst_rate=usual if line.gst_rate is None else line.gst_rate,
        cess_rate=line.cess_rate or ZERO,
        cess_per_unit=line.cess_per_unit or ZERO,
        against_line=line.against_line,
    )


def _taxed_with(charge: ChargeInput, lines: Sequence[Line], principal: Line) -> Line:
    """The line that a charge belongs to: one with a rate of its own belongs to what is taxed."""
    if not charge.gst_rate or principal.taxability is Taxability.TAXABLE:
        return principal
    taxable = [line for line in lines if line.taxability is Taxability.TAXABLE]
    return max(taxable, key=gross_of, default=replace(principal, taxability=Taxability.TAXABLE, hsn=None))


def _charge(charge: ChargeInput, principal: Line) -> Line:
    """Freight and the like belong to the principal supply and are taxed like it (CGST Act s.8(a), s.15(2)(c))."""
    return Line(
        description=charge.description,
        quantity=Decimal(1),
        unit_price=charge.amount,
        unit=principal.unit,
        hsn=principal.hsn,
        taxability=principal.taxability,
        gst_rate=principal.gst_rate if charge.gst_rate is None else charge.gst_rate,
        is_charge=True,
    )


def _settled_line(line: Line) -> LineInput:
    return LineInput(
        item=line.item,
        description=line.description,
        serial=line.serial,
        hsn=line.hsn,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        discount=line.discount,
        discount_percent=line.discount_percent,
        taxability=line.taxability,
        gst_rate=line.gst_rate,
        cess_rate=line.cess_rate,
        cess_per_unit=line.cess_per_unit,
        against_line=line.against_line,
    )

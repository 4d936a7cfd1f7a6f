"""Who sells, who buys, where it goes, and the particulars of the document (Rules 46, 49, 50, 51, 53)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from invo_cli.exports.pdf.labels import state_name
from invo_cli.exports.pdf.sheet import Sheet, printed_date
from invo_cli.gst.states import OVERSEAS

Fact = list[str]


def seller_block(sheet: Sheet) -> dict[str, Any]:
    """The seller as the letterhead shows it."""
    seller = sheet.document["seller"]
    facts = (
        (sheet.say("gstin"), seller.get("gstin")),
        (sheet.say("state"), state_name(seller["state"], sheet.language)),
        (sheet.say("mobile"), sheet.extras.get("mobile")),
        (sheet.say("email"), sheet.extras.get("email")),
    )
    return {"name": seller["name"], "address": _address(seller.get("address")), "facts": _known(facts)}


def buyer_block(sheet: Sheet) -> dict[str, Any]:
    """The recipient; one at home without GSTIN is said to be unregistered."""
    buyer = sheet.document["customer"]
    is_overseas = buyer["state"] == OVERSEAS
    facts = (
        (sheet.say("gstin"), buyer.get("gstin") or (None if is_overseas else sheet.say("unregistered"))),
        (sheet.say("state"), state_name(buyer["state"], sheet.language)),
        (sheet.say("mobile"), buyer.get("mobile")),
        (sheet.say("email"), buyer.get("email")),
    )
    return {
        "heading": sheet.say("bill_to"),
        "name": buyer["name"],
        "address": _address(buyer.get("address")),
        "facts": _known(facts),
    }


def ship_to_block(sheet: Sheet) -> dict[str, Any] | None:
    """The place of delivery where it is another (Rule 46(o)), else None."""
    place = sheet.extras.get("ship_to")
    if not place:
        return None
    state = place.get("state")
    facts = ((sheet.say("state"), state and state_name(state, sheet.language)),)
    return {
        "heading": sheet.say("ship_to"),
        "name": place.get("name") or "",
        "address": _address(place),
        "facts": _known(facts),
    }


def particulars(sheet: Sheet) -> list[Fact]:
    """Number, dates, place of supply, reverse charge, and what this kind of document adds."""
    document, extras = sheet.document, sheet.extras
    transport = extras.get("transport") or {}
    return _known(
        (
            (sheet.say("number"), _number(sheet)),
            (sheet.say("date"), printed_date(document["date"])),
            (sheet.say("due_date"), printed_date(document.get("due_date"))),
            (sheet.say("against"), _against(sheet)),
            (sheet.say("reason"), document.get("reason") or extras.get("reason")),
            (sheet.say("amends"), document.get("amends")),
            (sheet.say("place_of_supply"), state_name(document["place_of_supply"], sheet.language)),
            (sheet.say("reverse_charge"), sheet.say("yes" if document.get("reverse_charge") else "no")),
            (sheet.say("lut"), extras.get("lut") if _is_without_payment(sheet) else None),
            *_shipping_bill(sheet),
            (sheet.say("ecommerce_gstin"), extras.get("ecommerce_gstin")),
            (sheet.say("vehicle"), transport.get("vehicle")),
            (sheet.say("transport_document"), transport.get("document")),
            (sheet.say("reference"), document.get("reference")),
        )
    )


def registration_facts(sheet: Sheet) -> list[Fact]:
    """What the invoice portal answered: the IRN, and the acknowledgement."""
    extras = sheet.extras
    return _known(
        (
            (sheet.say("irn"), sheet.document.get("irn")),
            (sheet.say("ack_number"), extras.get("ack_number")),
            (sheet.say("ack_date"), printed_date(extras.get("ack_date"))),
        )
    )


def _number(sheet: Sheet) -> str:
    number = sheet.document.get("number")
    return str(number) if number else f"{sheet.document['id']} ({sheet.say('no_number')})"


def _against(sheet: Sheet) -> str | None:
    """What a note or voucher refers to, each with its date."""
    first = {"number": sheet.document.get("against"), "date": sheet.extras.get("against_date")}
    return ", ".join(filter(None, (_dated(sheet, each) for each in sheet.extras.get("originals") or [first]))) or None


def _dated(sheet: Sheet, original: Mapping[str, str | None]) -> str | None:
    number, date = original.get("number"), printed_date(original.get("date"))
    return f"{number} {sheet.say('dated', date=date)}" if number and date else number


def _is_without_payment(sheet: Sheet) -> bool:
    return str(sheet.document.get("supply")).endswith("_without_payment")


def _shipping_bill(sheet: Sheet) -> list[tuple[str, str | None]]:
    bill = sheet.extras.get("shipping_bill") or {}
    words = (bill.get("number"), printed_date(bill.get("date")))
    return [
        (sheet.say("shipping_bill"), " · ".join(word for word in words if word)),
        (sheet.say("port"), bill.get("port")),
    ]


def _address(address: Mapping[str, Any] | None) -> list[str]:
    """The lines of an address; its state is a fact of its own."""
    given = address or {}
    town = " ".join(str(given[key]) for key in ("city", "pincode") if given.get(key))
    return [line for line in (given.get("line1"), given.get("line2"), town, given.get("country")) if line]


def _known(facts: Iterable[tuple[str, str | None]]) -> list[Fact]:
    return [[label, value] for label, value in facts if value]

"""Seller, buyer and place of delivery as the e-invoice has them."""

from __future__ import annotations

import re
from typing import Any

from invo_cli.gst.document import Address, Buyer, Document, Seller
from invo_cli.gst.einvoice.conditions import UNREGISTERED
from invo_cli.gst.einvoice.places import OVERSEAS_PIN, pin_code
from invo_cli.gst.einvoice.schema import SCHEMA
from invo_cli.gst.states import OVERSEAS

Section = dict[str, Any]
_LENGTHS = {field.key: (int(field.least or 0), int(field.most or 0)) for field in SCHEMA["BuyerDtls"]}


def seller(found: Seller) -> Section:
    """SellerDtls; what is not known is left out, for the validation to name."""
    pin = pin_code(found.address.pincode)
    return known({"Gstin": found.gstin, "LglNm": plain(found.name), **_place(found.address, 50), "Pin": pin}) | {
        "Stcd": found.state
    }


def buyer(document: Document) -> Section:
    """BuyerDtls; the buyer of an export is unregistered, in state 96 with PIN code 999999."""
    found = document.buyer
    is_export = document.supply.is_export
    return known(
        {
            "Gstin": UNREGISTERED if is_export else found.gstin,
            "LglNm": plain(found.name),
            "Pos": OVERSEAS if is_export else document.place_of_supply,
            **_place(found.address, 100),
            "Pin": OVERSEAS_PIN if is_export else pin_code(found.address.pincode),
            "Stcd": OVERSEAS if is_export else found.state,
            "Ph": found.mobile,
            "Em": _email(found),
        }
    )


def delivery(document: Document) -> Section | None:
    """ShipDtls, where the goods go elsewhere and the whole address is known; a state alone only settles the tax."""
    place = document.ship_to
    if place is None or not (place.line1 and place.city and place.state):
        return None
    pin = OVERSEAS_PIN if place.state == OVERSEAS else pin_code(place.pincode)
    if pin is None:
        return None
    # Its keys are named after the buyer: who receives is not kept apart from who buys.
    return {"LglNm": plain(document.buyer.name), **_place(place, 100), "Pin": pin, "Stcd": place.state}


def plain(text: str | None, limit: int = 100) -> str | None:
    """A text as the portal takes it: one line, no double quotes and no backslashes, at most `limit` characters."""
    if text is None:
        return None
    one_line = re.sub(r"\s+", " ", text.replace('"', "'").replace("\\", "/")).strip()
    return one_line[:limit].strip() or None


def known(section: Section) -> Section:
    """The section without what is not known: the portal wants keys left out, not null."""
    return {key: value for key, value in section.items() if value is not None}


def _place(address: Address, longest_town: int) -> Section:
    """The lines and the town; a first line that is too long goes on in the second."""
    first = plain(address.line1, 1000) or ""
    rest = " ".join(part for part in (first[100:].strip(), plain(address.line2) or "") if part)
    second = plain(rest) if len(rest) >= _LENGTHS["Addr2"][0] else None
    town = plain(address.city, longest_town)
    return known({"Addr1": first[:100].strip() or None, "Addr2": second, "Loc": town})


def _email(found: Buyer) -> str | None:
    email = found.email
    return email if email and re.fullmatch(r"[a-zA-Z0-9+_.-]{1,60}@[a-zA-Z0-9.-]{1,39}", email) else None

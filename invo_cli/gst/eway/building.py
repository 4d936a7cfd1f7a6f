"""From a document to its e-way bill in the portal's bulk form: rates on the lines, amounts on the bill."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from invo_cli.gst.document import Address, Document, Kind
from invo_cli.gst.einvoice.conditions import UNREGISTERED
from invo_cli.gst.einvoice.facts import write_day
from invo_cli.gst.einvoice.parties import known, plain
from invo_cli.gst.einvoice.places import pin_code
from invo_cli.gst.eway.items import item_list
from invo_cli.gst.eway.journey import MODES, Journey
from invo_cli.gst.states import OVERSEAS
from invo_cli.gst.tax import DocumentTax

VERSION = "1.0.0621"
ZERO = Decimal(0)
_SUPPLY, EXPORT, _SALES_RETURN = 1, 3, 7
_REGULAR, _BILL_TO_SHIP_TO = 1, 2
_DOCUMENT_TYPES = {
    Kind.TAX_INVOICE: "INV",
    Kind.INVOICE_CUM_BILL_OF_SUPPLY: "INV",
    Kind.BILL_OF_SUPPLY: "BIL",
    Kind.CREDIT_NOTE: "CHL",
}


def bulk(bills: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The bulk file of several bills."""
    return {"version": VERSION, "billLists": list(bills)}


def build(document: Document, tax: DocumentTax, journey: Journey) -> dict[str, Any]:
    """The e-way bill of a document with goods (`scope.why_not`); a credit note brings its goods back.

    Particulars that are not known are left out: `validation.problems` names them.
    """
    is_return = document.kind is Kind.CREDIT_NOTE
    is_direct = is_return or _destination(document) is document.buyer.address
    seller, buyer = _seller(document), _buyer(document)
    sender, receiver = (buyer, seller) if is_return else (seller, buyer)
    items = item_list(document, tax)
    return known(
        {
            "userGstin": document.seller.gstin,
            "supplyType": "I" if is_return else "O",
            "subSupplyType": _sub_type(document, is_return),
            "docType": _DOCUMENT_TYPES[document.kind],
            "docNo": document.number,
            "docDate": write_day(document.date),
            "transType": _REGULAR if is_direct else _BILL_TO_SHIP_TO,
            **{f"from{key}": value for key, value in sender.items() if key != "Actual"},
            "actualFromStateCode": sender["Actual"],
            **{f"to{key}": value for key, value in receiver.items() if key != "Actual"},
            "actualToStateCode": receiver["Actual"],
            **_values(document, tax),
            **_journey(journey),
            "itemList": items,
            "mainHsnCode": next((item["hsnCode"] for item in items if not item["hsnCode"].startswith("99")), None),
        }
    )


def _sub_type(document: Document, is_return: bool) -> int:
    if is_return:
        return _SALES_RETURN
    return EXPORT if document.supply.is_export else _SUPPLY


def _seller(document: Document) -> dict[str, Any]:
    seller = document.seller
    state = int(seller.state)
    gstin = seller.gstin or UNREGISTERED
    return {"Gstin": gstin, "TrdName": plain(seller.name), **_place(seller.address)} | {
        "StateCode": state,
        "Actual": state,
    }


def _buyer(document: Document) -> dict[str, Any]:
    """Billed to the buyer, sent to the place of delivery; state 96 stands for abroad and for a SEZ."""
    buyer, place = document.buyer, _destination(document)
    is_outside = document.supply.is_export or document.supply.is_sez
    gstin = None if document.supply.is_export else buyer.gstin
    return {"Gstin": gstin or UNREGISTERED, "TrdName": plain(buyer.name), **_place(place)} | {
        "StateCode": int(OVERSEAS if is_outside else buyer.state),
        "Actual": int(place.state or buyer.state),
    }


def _destination(document: Document) -> Address:
    """The place of delivery; a state alone only settles the tax, and in the buyer's own the goods go to the buyer."""
    place, buyer = document.ship_to, document.buyer
    is_state_alone = place is not None and not place.line1 and place.state == buyer.state
    return buyer.address if place is None or is_state_alone else place


def _place(address: Address) -> dict[str, Any]:
    return {
        "Addr1": plain(address.line1),
        "Addr2": plain(address.line2),
        "Place": plain(address.city, 50),
        "Pincode": pin_code(address.pincode),
    }


def _values(document: Document, tax: DocumentTax) -> dict[str, Any]:
    """The amounts; what the buyer does not pay under reverse charge is 0, what is left over stands in OthValue."""
    is_paid = not document.reverse_charge
    heads = {f"{head}Value": getattr(tax, head) if is_paid else ZERO for head in ("cgst", "sgst", "igst")}
    cess = sum((line.cess_ad_valorem for line in tax.lines), ZERO) if is_paid else ZERO
    specific = sum((line.cess_specific for line in tax.lines), ZERO) if is_paid else ZERO
    return {
        "totalValue": tax.taxable,
        **heads,
        "cessValue": cess,
        "TotNonAdvolVal": specific,
        "OthValue": tax.total - tax.taxable - sum(heads.values(), ZERO) - cess - specific,
        "totInvValue": tax.total,
    }


def _journey(journey: Journey) -> dict[str, Any]:
    return {
        "transMode": MODES[journey.mode] if journey.mode else MODES["road"] if journey.vehicle else None,
        "transDistance": journey.distance_km,
        "transporterId": journey.transporter_id,
        "transporterName": plain(journey.transporter_name),
        "transDocNo": journey.document,
        "transDocDate": journey.document_date and write_day(journey.document_date),
        "vehicleNo": journey.vehicle,
        "vehicleType": ("O" if journey.is_over_dimensional else "R") if journey.vehicle else None,
    }

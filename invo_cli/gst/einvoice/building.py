"""From a document to its e-invoice, INV-01 version 1.1."""

from __future__ import annotations

import re
from typing import Any

from invo_cli.gst.document import Document, Supply
from invo_cli.gst.einvoice import items, parties
from invo_cli.gst.einvoice.conditions import VERSION
from invo_cli.gst.einvoice.countries import country_code
from invo_cli.gst.einvoice.facts import write_day
from invo_cli.gst.einvoice.irn import TYPES
from invo_cli.gst.tax import DocumentTax

SUPPLY_TYPES = {
    Supply.REGULAR: "B2B",
    Supply.INTRA_STATE_IGST: "B2B",
    Supply.SEZ_WITH_PAYMENT: "SEZWP",
    Supply.SEZ_WITHOUT_PAYMENT: "SEZWOP",
    Supply.EXPORT_WITH_PAYMENT: "EXPWP",
    Supply.EXPORT_WITHOUT_PAYMENT: "EXPWOP",
    Supply.DEEMED_EXPORT: "DEXP",
}
_ORIGINAL = re.compile("[1-9a-zA-Z][0-9a-zA-Z/-]{1,15}")
_SHIPPING_NUMBER_LENGTH = 20
_PORT = re.compile("[0-9A-Za-z]{2,10}")


def build(document: Document, tax: DocumentTax) -> dict[str, Any]:
    """The e-invoice of a document that has a number and is reported (`scope.why_not`); amounts are Decimal.

    Particulars that are not known are left out: `validation.problems` names them.
    """
    lines = items.reported(tax)
    return parties.known(
        {
            "Version": VERSION,
            "TranDtls": _transaction(document, tax),
            "DocDtls": {"Typ": TYPES[document.kind].value, "No": document.number, "Dt": write_day(document.date)},
            "SellerDtls": parties.seller(document.seller),
            "BuyerDtls": parties.buyer(document),
            "ShipDtls": parties.delivery(document),
            "ItemList": items.item_list(document, lines),
            "ValDtls": items.totals(tax, lines),
            "RefDtls": _references(document),
            "ExpDtls": _export(document),
        }
    )


def _transaction(document: Document, tax: DocumentTax) -> dict[str, Any]:
    # A SEZ is outside its own state, so IGST is due there too (IGST Act s.7(5)).
    is_igst_inside = bool(tax.igst) and document.place_of_supply == document.seller.state
    return parties.known(
        {
            "TaxSch": "GST",
            "SupTyp": SUPPLY_TYPES[document.supply],
            "RegRev": "Y" if document.reverse_charge else "N",
            "EcmGstin": document.ecommerce_gstin,
            "IgstOnIntra": "Y" if is_igst_inside else "N",
        }
    )


def _references(document: Document) -> dict[str, Any] | None:
    """The originals of a note; the portal takes no number of one character there, and the reference is optional."""
    named = [
        {"InvNo": original.number, "InvDt": write_day(original.date)}
        for original in document.originals
        if _ORIGINAL.fullmatch(original.number)
    ]
    return {"PrecDocDtls": named} if named else None


def _export(document: Document) -> dict[str, Any] | None:
    if not document.supply.is_export:
        return None
    bill, ship_to = document.shipping_bill, document.ship_to
    country = (ship_to and country_code(ship_to.country)) or country_code(document.buyer.address.country)
    found = parties.known(
        {
            "ShipBNo": bill and parties.plain(bill.number, _SHIPPING_NUMBER_LENGTH),
            "ShipBDt": bill and bill.date and write_day(bill.date),
            "Port": bill.port if bill and bill.port and _PORT.fullmatch(bill.port) else None,
            "CntCode": country,
        }
    )
    return found or None

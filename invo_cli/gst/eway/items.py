"""The lines of an e-way bill; more than 250 are put together by HSN code, unit and rates."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from invo_cli.gst.document import Document, Taxability
from invo_cli.gst.einvoice.items import rate_of
from invo_cli.gst.einvoice.parties import plain
from invo_cli.gst.money import format_rate
from invo_cli.gst.tax import DocumentTax, LineTax

MOST = 250
ZERO = Decimal(0)
_SUMMED = ("quantity", "taxableAmount", "cessNonAdvol")
_ALIKE = ("hsnCode", "qtyUnit", "cgstRate", "sgstRate", "igstRate", "cessRate")


def item_list(document: Document, tax: DocumentTax) -> list[dict[str, Any]]:
    """The lines, numbered from 1, with rates where tax is charged."""
    items = [_item(line, document) for line in tax.lines]
    if len(items) > MOST:
        items = _grouped(items)
    return [{"itemNo": number} | item for number, item in enumerate(items, 1)]


def _item(taxed: LineTax, document: Document) -> dict[str, Any]:
    line = taxed.line
    name = plain(line.description)
    return {
        "productName": name,
        "productDesc": name,
        "hsnCode": line.hsn or "",
        "quantity": line.quantity.quantize(Decimal("0.001")),
        "qtyUnit": "OTH" if line.unit == "NA" else line.unit,
        "taxableAmount": taxed.taxable,
        **_rates(taxed, document),
        "cessNonAdvol": ZERO if document.reverse_charge else taxed.cess_specific,
    }


def _rates(taxed: LineTax, document: Document) -> dict[str, Decimal]:
    """The rates of the taxes that are charged to the buyer, 0 of the others."""
    line = taxed.line
    is_charged = line.taxability is Taxability.TAXABLE and not document.reverse_charge
    is_charged = is_charged and not document.supply.is_without_payment
    rate = rate_of(document, line.gst_rate) if is_charged else ZERO
    # A line worth nothing bears no tax from which its heads could be seen.
    is_split = bool(taxed.cgst) or (not taxed.igst and document.place_of_supply == document.seller.state)
    half = Decimal(format_rate(rate / 2)) if is_split else ZERO
    return {
        "sgstRate": half,
        "cgstRate": half,
        "igstRate": ZERO if is_split else rate,
        "cessRate": Decimal(format_rate(line.cess_rate)) if is_charged else ZERO,
    }


def _grouped(items: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """One item for each HSN code, unit and rates, under the description of the first."""
    groups: dict[tuple[Any, ...], dict[str, Any]] = {}
    for item in items:
        group = groups.setdefault(tuple(item[key] for key in _ALIKE), item | dict.fromkeys(_SUMMED, ZERO))
        for key in _SUMMED:
            group[key] += item[key]
    return list(groups.values())

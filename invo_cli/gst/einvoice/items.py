"""The lines of an e-invoice and their totals; lines that are nil rated, exempt or outside GST go into OthChrg."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from invo_cli.gst.document import Document, Line, Taxability
from invo_cli.gst.einvoice.parties import known, plain
from invo_cli.gst.money import format_rate, round_paise
from invo_cli.gst.tax import DocumentTax, LineTax

ZERO = Decimal(0)
THOUSANDTH = Decimal("0.001")
NO_UNIT = "NA"
_SHORTEST_DESCRIPTION = 3


def reported(tax: DocumentTax) -> list[LineTax]:
    """The lines that go into ItemList."""
    return [line for line in tax.lines if line.line.taxability is Taxability.TAXABLE]


def item_list(document: Document, lines: Sequence[LineTax]) -> list[dict[str, Any]]:
    """ItemList, numbered from 1."""
    return [_item(number, line, document) for number, line in enumerate(lines, 1)]


def totals(tax: DocumentTax, lines: Sequence[LineTax]) -> dict[str, Any]:
    """ValDtls; other charges hold what is charged after tax and the value of the lines left out."""
    left_out = sum((line.total for line in tax.lines), ZERO) - sum((line.total for line in lines), ZERO)
    cess = sum((line.cess for line in lines), ZERO)
    return known(
        {
            "AssVal": _total(lines, "taxable"),
            "CgstVal": _total(lines, "cgst"),
            "SgstVal": _total(lines, "sgst"),
            "IgstVal": _total(lines, "igst"),
            "CesVal": _unless_zero(cess),
            "OthChrg": _unless_zero(tax.other_charges + left_out),
            "RndOffAmt": _unless_zero(tax.round_off),
            "TotInvVal": round_paise(tax.total),
        }
    )


def rate_of(document: Document, rate: Decimal) -> Decimal:
    """The rate that is charged, without trailing zeros: 65 per cent of 18 is 11.7."""
    share = document.differential_percent
    charged = rate if share is None else (rate * share / 100).quantize(THOUSANDTH)
    return Decimal(format_rate(charged))


def _item(number: int, taxed: LineTax, document: Document) -> dict[str, Any]:
    line = taxed.line
    description = plain(line.description, 300)
    price, gross, discount = _price(taxed, document)
    return known(
        {
            "SlNo": str(number),
            "PrdDesc": description if description and len(description) >= _SHORTEST_DESCRIPTION else None,
            "IsServc": "Y" if line.is_service else "N",
            "HsnCd": line.hsn,
            **_quantity(line),
            "UnitPrice": price.quantize(THOUSANDTH),
            "TotAmt": gross,
            "Discount": _unless_zero(discount),
            "AssAmt": taxed.taxable,
            "GstRt": rate_of(document, line.gst_rate),
            "IgstAmt": taxed.igst,
            "CgstAmt": taxed.cgst,
            "SgstAmt": taxed.sgst,
            "CesRt": Decimal(format_rate(line.cess_rate)) if line.cess_rate else None,
            "CesAmt": _unless_zero(taxed.cess_ad_valorem),
            "CesNonAdvlAmt": _unless_zero(taxed.cess_specific),
            "TotItemVal": taxed.total,
        }
    )


def _quantity(line: Line) -> dict[str, Any]:
    """How much of which unit; a service without a unit has neither."""
    if line.is_service and line.unit == NO_UNIT:
        return {}
    return {"Qty": line.quantity.quantize(THOUSANDTH), "Unit": "OTH" if line.unit == NO_UNIT else line.unit}


def _price(taxed: LineTax, document: Document) -> tuple[Decimal, Decimal, Decimal]:
    """Unit price, gross and discount without tax; of a price that includes tax the taxable value is all there is."""
    if not document.prices_include_tax:
        return taxed.line.unit_price, taxed.gross, taxed.discount
    quantity = taxed.line.quantity
    return (taxed.taxable / quantity if quantity else ZERO), taxed.taxable, ZERO


def _total(lines: Sequence[LineTax], name: str) -> Decimal:
    return sum((getattr(line, name) for line in lines), Decimal("0.00"))


def _unless_zero(amount: Decimal) -> Decimal | None:
    return amount or None

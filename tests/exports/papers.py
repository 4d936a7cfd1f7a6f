"""Documents for the paper tests: as scripts see them, with figures from the arithmetic itself."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from invo_cli.gst.document import Buyer, Document, Kind, Line, Seller, Supply, Taxability
from invo_cli.gst.supply import heads_for
from invo_cli.gst.tax import DocumentTax, LineTax, compute
from invo_cli.gst.words import amount_in_words

SELLER = Seller(name="Bright Service Centre", gstin="29AAGCB7383J1Z4", state="29")
BUYER = Buyer(name="Asha Traders", state="29")
ADDRESS = {"line1": "12, MG Road", "line2": "Near Trinity Circle", "city": "Bengaluru", "pincode": "560001"}
ZERO = Decimal(0)


def line(description: str = "Screen replacement", price: str = "1500.00", **values: Any) -> Line:
    """A line of one piece at 18 per cent, unless told otherwise."""
    usual: dict[str, Any] = {"quantity": Decimal(1), "hsn": "998716", "gst_rate": Decimal(18)}
    return Line(description=description, unit_price=Decimal(price), **usual | values)


def printed(
    *lines: Line,
    kind: str = "tax_invoice",
    seller: Seller = SELLER,
    buyer: Buyer = BUYER,
    supply: Supply = Supply.REGULAR,
    place_of_supply: str | None = None,
    taxes: dict[str, Any] | None = None,
    **values: Any,
) -> dict[str, Any]:
    """The output document; `taxes` are further fields of the taxed document, `values` replace keys of the result."""
    rule = Kind(kind) if kind in set(Kind) else Kind.TAX_INVOICE
    place = place_of_supply or buyer.state
    document = Document(
        kind=rule,
        date=dt.date(2026, 10, 5),
        seller=seller,
        buyer=buyer,
        lines=lines or (line(),),
        supply=supply,
        place_of_supply=place,
        **taxes or {},
    )
    tax = compute(document, heads_for(seller, rule, supply, place))
    return _output(document, kind, tax) | values


def untaxed(description: str = "Old newspapers", price: str = "500.00", **values: Any) -> Line:
    """An exempt line."""
    return line(description, price, taxability=Taxability.EXEMPT, gst_rate=ZERO, **values)


def _output(document: Document, kind: str, tax: DocumentTax) -> dict[str, Any]:
    buyer = document.buyer
    return {
        "id": "D-17",
        "number": "INV/26-27/0001",
        "kind": kind,
        "status": "issued",
        "payment_status": "unpaid",
        "date": document.date.isoformat(),
        "due_date": None,
        "customer": {
            "code": "C-0001",
            "name": buyer.name,
            "gstin": buyer.gstin,
            "state": buyer.state,
            "mobile": buyer.mobile,
            "email": buyer.email,
            "address": ADDRESS,
        },
        "seller": {
            "name": document.seller.name,
            "gstin": document.seller.gstin,
            "state": document.seller.state,
            "address": ADDRESS,
        },
        "supply": document.supply.value,
        "place_of_supply": document.place_of_supply,
        "reverse_charge": document.reverse_charge,
        "prices_include_tax": document.prices_include_tax,
        "lines": [_line(number, each) for number, each in enumerate(tax.lines, 1)],
        "taxable_value": str(tax.taxable),
        **{head: str(getattr(tax, head)) for head in ("cgst", "sgst", "igst", "cess")},
        "discount": str(tax.discount),
        "other_charges": str(tax.other_charges),
        "round_off": str(tax.round_off),
        "total": str(tax.total),
        "paid": "0.00",
        "credited": "0.00",
        "outstanding": str(tax.total),
        "amount_in_words": amount_in_words(tax.total),
        "against": None,
        "amends": None,
        "irn": None,
        "reference": None,
        "notes": None,
        "cancel_reason": None,
    }


def _line(number: int, taxed: LineTax) -> dict[str, Any]:
    entered = taxed.line
    return {
        "line": number,
        "description": entered.description,
        "serial": entered.serial,
        "hsn": entered.hsn,
        "quantity": f"{entered.quantity:.3f}",
        "unit": entered.unit,
        "unit_price": f"{entered.unit_price:.3f}",
        "gross": str(taxed.gross),
        "discount": str(taxed.discount),
        "taxable_value": str(taxed.taxable),
        "taxability": entered.taxability.value,
        "gst_rate": f"{entered.gst_rate}",
        "cess_rate": f"{entered.cess_rate}",
        "cess_per_unit": f"{entered.cess_per_unit:.3f}",
        **{head: str(getattr(taxed, head)) for head in ("cgst", "sgst", "igst", "cess")},
        "total": str(taxed.total),
    }

"""Documents for the tests of the arithmetic: a seller in Karnataka and whatever the test is about."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from invo_cli.gst.document import Buyer, Document, Kind, Line, Seller

SELLER = Seller(name="Bangalore Phone Care", gstin="29AAGCB7383J1Z4", state="29")
BUYER = Buyer(name="Asha Traders", state="29")
AMOUNTS = {"discount", "discount_percent", "cess_rate", "cess_per_unit", "other_charges", "differential_percent"}


def make_line(price: str, rate: str = "18", *, quantity: str = "1", **fields: Any) -> Line:
    """One line; amounts and rates are given as text."""
    given: dict[str, Any] = {"description": "Screen replacement", **_with_decimals(fields)}
    return Line(quantity=Decimal(quantity), unit_price=Decimal(price), gst_rate=Decimal(rate), **given)


def make_document(*lines: Line, **fields: Any) -> Document:
    """A tax invoice of 5 October 2026 that is not rounded to the rupee; amounts and rates may be given as text."""
    given: dict[str, Any] = {
        "kind": Kind.TAX_INVOICE,
        "date": dt.date(2026, 10, 5),
        "seller": SELLER,
        "buyer": BUYER,
        "place_of_supply": "29",
        **_with_decimals(fields),
    }
    return Document(lines=lines, **given)


def figures(of: object, names: str) -> str:
    """The named attributes as text in one string, the way they would be printed."""
    return " ".join(str(getattr(of, name)) for name in names.split())


def _with_decimals(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: Decimal(value) if key in AMOUNTS and value is not None else value for key, value in fields.items()}

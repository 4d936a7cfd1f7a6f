"""Customers, items and payments of imported files: every column, read into its record."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from invo_cli.gst.document import Taxability
from invo_cli.gst.hsn import check_hsn
from invo_cli.gst.money import parse_decimal
from invo_cli.gst.numbering import check_number
from invo_cli.gst.reading_values import (
    EMAIL,
    GSTIN,
    MOBILE,
    STATE,
    check_code,
    choice,
    date,
    decimal,
    flag,
    parsed,
    rate,
    text,
)
from invo_cli.gst.records import CustomerRecord, ItemRecord, PaymentRecord
from invo_cli.gst.shapes import Problem, Shape
from invo_cli.gst.uqc import parse_uqc

METHODS = ("cash", "upi", "card", "bank", "cheque")
_HUNDRED = Decimal(100)


def _read_parts(value: str) -> tuple[tuple[str, Decimal | None], ...]:
    """`INV/26-27/0001:500; INV/26-27/0002`: numbers, each with an amount or without."""
    return tuple(_read_part(part.strip()) for part in value.split(";") if part.strip())


def _read_part(part: str) -> tuple[str, Decimal | None]:
    number, colon, amount = part.partition(":")
    return number.strip(), parse_decimal(amount.strip(), what="Allocated amount", places=2) if colon else None


def _write_parts(parts: Iterable[tuple[str, Decimal | None]]) -> str:
    return "; ".join(number if amount is None else f"{number}:{amount}" for number, amount in parts)


def _check_payment(payment: PaymentRecord) -> Iterable[Problem]:
    if payment.number is None and payment.idempotency_key is None:
        yield Problem(
            "number",
            "A payment needs the number it had, or an idempotency key.",
            "Otherwise a second run of the file could not know it.",
        )
    of_advances = ("voucher", "gst_rate", "place_of_supply", "description")
    given = [name for name in of_advances if getattr(payment, name) is not None]
    if given and not payment.is_advance:
        yield Problem(given[0], "This belongs to an advance.", "Say is_advance: true, or leave it out.")


_CODE_FIELD = parsed("Code", check_code)
_NUMBER = parsed("Number", check_number)

CUSTOMER = Shape(
    CustomerRecord,
    {
        "code": _CODE_FIELD,
        "name": text("Customer's name", "name"),
        "gstin": GSTIN,
        "state": STATE,
        "mobile": MOBILE,
        "email": EMAIL,
        "address_line1": text("Address line", "address"),
        "address_line2": text("Address line", "address"),
        "city": text("City", "city"),
        "pincode": text("PIN code", "pincode"),
        "country": text("Country", "country"),
        "is_composition": flag("Composition"),
        "is_sez": flag("SEZ"),
        "notes": text("Notes", "notes"),
    },
)

ITEM = Shape(
    ItemRecord,
    {
        "code": _CODE_FIELD,
        "name": text("Name", "description"),
        "kind": choice("Kind", ("part", "labour")),
        "hsn": parsed("HSN code", check_hsn),
        "unit": parsed("Unit", parse_uqc),
        "unit_price": decimal("Unit price", 3),
        "price_includes_tax": flag("Price includes tax"),
        "taxability": choice("Taxability", Taxability),
        "gst_rate": rate("GST rate", most=_HUNDRED),
        "cess_rate": rate("Cess rate", most=_HUNDRED),
        "cess_per_unit": decimal("Cess per unit", 3),
    },
)

PAYMENT = Shape(
    PaymentRecord,
    {
        "number": _NUMBER,
        "date": date("Date"),
        "customer": text("Customer", "customer"),
        "amount": decimal("Amount", 2),
        "method": choice("Method", METHODS),
        "reference": text("Reference", "reference"),
        "tds": decimal("TDS", 2),
        "allocate": parsed("Allocation", _read_parts, _write_parts),
        "is_advance": flag("Advance"),
        "voucher": _NUMBER,
        "gst_rate": rate("GST rate", most=_HUNDRED),
        "place_of_supply": STATE,
        "description": text("Description", "description"),
        "notes": text("Notes", "notes"),
        "idempotency_key": text("Idempotency key", "idempotency_key"),
    },
    _check_payment,
)

"""The document file of docs/document.md: every key, read into a `DocumentInput` and written back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, cast

from invo_cli.errors import InvalidError
from invo_cli.gst.contact import check_pincode
from invo_cli.gst.document import (
    Address,
    ChargeInput,
    CustomerInput,
    DocumentInput,
    Kind,
    LineInput,
    ServiceType,
    ShippingBill,
    Supply,
    Taxability,
    Transport,
)
from invo_cli.gst.hsn import check_hsn
from invo_cli.gst.numbering import check_number
from invo_cli.gst.periods import parse_return_period, return_period
from invo_cli.gst.reading_values import (
    EMAIL,
    GSTIN,
    LIMITS,
    MOBILE,
    STATE,
    choice,
    date,
    decimal,
    flag,
    matching,
    parsed,
    rate,
    text,
    whole,
)
from invo_cli.gst.shapes import Field, Problem, Shape
from invo_cli.gst.states import OVERSEAS
from invo_cli.gst.strict_json import kind_of, load_json
from invo_cli.gst.uqc import parse_uqc

__all__ = ["LIMITS", "load_json", "read_document", "write_document"]

_HUNDRED = Decimal(100)


def read_document(data: object) -> DocumentInput:
    """The document that an object such as `load_json` gives holds.

    Left-out keys and null mean the same. Raises InvalidError naming everything that is wrong: its `problems` are
    `{path, message, hint, value}` with paths such as `lines[2].quantity`, counted from 0.
    """
    return cast(DocumentInput, _DOCUMENT.read(data, ""))


def write_document(document: DocumentInput) -> dict[str, Any]:
    """The object with every key, null where absent and numbers as texts, that `read_document` reads back equal."""
    return _DOCUMENT.write(document)


def _read_return_period(value: str) -> str:
    return return_period(parse_return_period(value).first)


def _pincode_problems(address: Address, path: str, state: str | None) -> Iterable[Problem]:
    """Postal codes of other countries have any form; a PIN of India has six digits."""
    is_overseas = OVERSEAS in (address.state, state)
    if address.pincode is not None and not is_overseas:
        try:
            check_pincode(address.pincode)
        except InvalidError as error:
            yield Problem(path, error.message, error.hint, address.pincode)


def _check_customer(customer: CustomerInput) -> Iterable[Problem]:
    if customer.address is not None:
        yield from _pincode_problems(customer.address, "address.pincode", customer.state)


def _check_ship_to(address: Address) -> Iterable[Problem]:
    yield from _pincode_problems(address, "pincode", None)
    if address.state is None:
        yield Problem("state", "State is missing.", "The state of the delivery decides the place of supply.")


def _check_line(line: LineInput) -> Iterable[Problem]:
    if line.discount is not None and line.discount_percent is not None:
        yield Problem("discount_percent", "Discount is given as an amount and in per cent.", "Keep one of the two.")


_ADDRESS_FIELDS: Mapping[str, Field] = {
    "line1": text("Address line", "address"),
    "line2": text("Address line", "address"),
    "city": text("City", "city"),
    "pincode": text("PIN code", "pincode"),
    "state": STATE,
    "country": text("Country", "country"),
}

_CUSTOMER = Shape(
    CustomerInput,
    {
        "name": text("Customer's name", "name"),
        "gstin": GSTIN,
        "state": STATE,
        "mobile": MOBILE,
        "email": EMAIL,
        "address": Shape(Address, _ADDRESS_FIELDS).as_field(),
    },
    _check_customer,
)

_LINE = Shape(
    LineInput,
    {
        "item": text("Item", "code"),
        "description": text("Description", "description"),
        "serial": text("Serial number", "serial"),
        "hsn": parsed("HSN code", check_hsn),
        "quantity": decimal("Quantity", 3),
        "unit": parsed("Unit", parse_uqc),
        "unit_price": decimal("Unit price", 3, negative=True),
        "discount": decimal("Discount", 2),
        "discount_percent": rate("Discount in per cent", most=_HUNDRED),
        "taxability": choice("Taxability", Taxability),
        "gst_rate": rate("GST rate", most=_HUNDRED),
        "cess_rate": rate("Cess rate"),
        "cess_per_unit": decimal("Cess per unit", 3),
        "against_line": whole("Line of the original"),
    },
    _check_line,
)

_CHARGE = Shape(
    ChargeInput,
    {
        "description": text("Description", "description"),
        "amount": decimal("Amount", 2),
        "gst_rate": rate("GST rate", most=_HUNDRED),
    },
)

# The forms of port code and shipping bill number are those of GSTR-1 table 6A.
_SHIPPING_BILL = Shape(
    ShippingBill,
    {
        "port": matching("Port code", "[0-9A-Z]{1,6}", "Write at most six letters and digits, such as INMAA1."),
        "number": matching("Shipping bill number", "[0-9]{3,7}", "Write three to seven digits."),
        "date": date("Date"),
    },
)

# A transporter id has the form of a GSTIN without its check digit.
_TRANSPORT = Shape(
    Transport,
    {
        "mode": choice("Mode of transport", ("road", "rail", "air", "ship")),
        "vehicle": text("Vehicle number", "vehicle"),
        "distance_km": whole("Distance"),
        "transporter_id": matching("Transporter id", "[0-9]{2}[0-9A-Z]{13}", "Write its 15 characters."),
        "document": text("Transport document", "document"),
    },
)


def _read_customer(value: Any, path: str) -> str | CustomerInput:
    if isinstance(value, str):
        return cast(str, _CUSTOMER_NAME.read(value, path))
    if isinstance(value, Mapping):
        return cast(CustomerInput, _CUSTOMER.read(value, path))
    raise InvalidError(f"Customer is {kind_of(value)}.", hint="Write a code or a name, or an object with a name.")


def _write_customer(value: str | CustomerInput) -> str | dict[str, Any]:
    return value if isinstance(value, str) else _CUSTOMER.write(value)


_CUSTOMER_NAME = text("Customer", "customer")

_DOCUMENT = Shape(
    DocumentInput,
    {
        "customer": Field(_read_customer, _write_customer),
        "kind": choice("Kind", Kind),
        "number": parsed("Number", check_number),
        "date": date("Date"),
        "due_date": date("Due date"),
        "supply": choice("Supply", Supply),
        "place_of_supply": STATE,
        "reverse_charge": flag("Reverse charge"),
        "prices_include_tax": flag("Prices include tax"),
        "round_off": flag("Round off"),
        "discount": decimal("Discount", 2),
        "charges": _CHARGE.as_list(LIMITS["charges"]),
        "other_charges": decimal("Other charges", 2),
        "lines": _LINE.as_list(LIMITS["lines"]),
        "against": text("Number of the original", "number"),
        "reason": text("Reason", "reason"),
        "amends": text("Number of the amended document", "number"),
        "shipping_bill": _SHIPPING_BILL.as_field(),
        "ship_to": Shape(Address, _ADDRESS_FIELDS, _check_ship_to).as_field(),
        "transport": _TRANSPORT.as_field(),
        "ecommerce_gstin": GSTIN,
        "ecommerce_section": choice("Section", ("52", "9(5)")),
        "differential_percent": rate("Differential per cent", most=_HUNDRED),
        "return_period": parsed("Return period", _read_return_period),
        "service_type": choice("Service type", ServiceType),
        "reference": text("Reference", "reference"),
        "notes": text("Notes", "notes"),
        "terms": text("Terms", "terms"),
        "idempotency_key": text("Idempotency key", "idempotency_key"),
    },
)

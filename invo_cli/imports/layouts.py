"""What can be imported: the columns of each data set, which of them must be there, and a row that shows how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from invo_cli.gst.record_reading import CUSTOMER, ITEM, PAYMENT
from invo_cli.gst.shapes import Shape
from invo_cli.imports.cells import Kind

FIGURES = ("taxable_value", "cgst", "sgst", "igst", "cess", "round_off_amount", "total")
"""What a file may state of a document; it is compared with what comes out."""
LINE_FIGURES = ("line_taxable_value", "line_cgst", "line_sgst", "line_igst", "line_cess", "line_total")
_FLAGS = ("is_composition", "is_sez", "price_includes_tax", "is_advance", "reverse_charge", "prices_include_tax")
_KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        **dict.fromkeys((*_FLAGS, "round_off"), "flag"),
        **dict.fromkeys(("date", "due_date", "shipping_bill_date"), "date"),
        "hsn": "hsn",
    }
)

CUSTOMER_COLUMNS = (
    *("customer", "customer_name", "customer_gstin", "customer_state", "customer_mobile", "customer_email"),
    *("customer_address_line1", "customer_address_line2", "customer_address_city", "customer_address_pincode"),
    *("customer_address_state", "customer_address_country"),
)
SHIPPING_COLUMNS = ("shipping_bill_port", "shipping_bill_number", "shipping_bill_date")
DOCUMENT_COLUMNS = (
    *("number", "kind", "date", "due_date", *CUSTOMER_COLUMNS, "supply", "place_of_supply", "reverse_charge"),
    *("prices_include_tax", "round_off", "document_discount", "other_charges", "against", "reason"),
    *SHIPPING_COLUMNS,
    *("ecommerce_gstin", "ecommerce_section", "differential_percent", "return_period", "service_type"),
    *("reference", "notes", "terms", "idempotency_key", *FIGURES),
)
LINE_COLUMNS = (
    *("item", "description", "serial", "hsn", "quantity", "unit", "unit_price", "discount", "discount_percent"),
    *("taxability", "gst_rate", "cess_rate", "cess_per_unit", "against_line", *LINE_FIGURES),
)


@dataclass(frozen=True, slots=True)
class Layout:
    """One data set: its columns with their kinds, of which one of each group in `required` must be there."""

    name: str
    columns: Mapping[str, Kind]
    required: Sequence[tuple[str, ...]]
    example: Sequence[Mapping[str, str]]
    """Rows that a template shows and that can be imported as they are."""
    shape: Shape | None = None
    """How a row is read; None for invoices, of which several rows are one document."""


def _layout(name: str, columns: Sequence[str], required: Sequence[tuple[str, ...]], *example: dict[str, Any]) -> Layout:
    kinds: dict[str, Kind] = {column: _KINDS.get(column, "text") for column in columns}
    shape = {"customers": CUSTOMER, "items": ITEM, "payments": PAYMENT}.get(name)
    return Layout(name, MappingProxyType(kinds), required, example, shape)


_INVOICE = {
    "number": "OLD/0001",
    "kind": "tax_invoice",
    "date": "2026-04-01",
    "customer_name": "Asha Traders",
    "customer_mobile": "9876543210",
    "customer_state": "29",
    "place_of_supply": "29",
    "total": "4130.00",
}

LAYOUTS: Mapping[str, Layout] = MappingProxyType(
    {
        layout.name: layout
        for layout in (
            _layout(
                "customers",
                tuple(CUSTOMER.fields),
                [("name",)],
                {
                    "code": "OLD-1",
                    "name": "Asha Traders",
                    "mobile": "9876543210",
                    "state": "29",
                    "email": "asha@example.com",
                    "address_line1": "12 MG Road",
                    "city": "Bengaluru",
                    "pincode": "560001",
                },
            ),
            _layout(
                "items",
                tuple(ITEM.fields),
                [("code",), ("name",), ("unit_price",)],
                {
                    "code": "SCREEN-A51",
                    "name": "Screen A51",
                    "kind": "part",
                    "hsn": "85177090",
                    "unit": "PCS",
                    "unit_price": "2000.00",
                    "gst_rate": "18",
                },
            ),
            _layout(
                "invoices",
                (*DOCUMENT_COLUMNS, *LINE_COLUMNS),
                [("number", "idempotency_key"), ("customer", "customer_name"), ("description", "item")],
                _INVOICE
                | {
                    "description": "Screen replacement",
                    "hsn": "998716",
                    "quantity": "1",
                    "unit": "NOS",
                    "unit_price": "1500.00",
                    "gst_rate": "18",
                },
                _INVOICE
                | {
                    "description": "Screen A51",
                    "hsn": "85177090",
                    "quantity": "1",
                    "unit": "PCS",
                    "unit_price": "2000.00",
                    "gst_rate": "18",
                },
            ),
            _layout(
                "payments",
                tuple(PAYMENT.fields),
                [("number", "idempotency_key"), ("date",), ("customer",), ("amount",), ("method",)],
                {
                    "number": "R-0001",
                    "date": "2026-04-02",
                    "customer": "Asha Traders",
                    "amount": "4130.00",
                    "method": "upi",
                    "reference": "UPI 409212345678",
                },
            ),
        )
    }
)

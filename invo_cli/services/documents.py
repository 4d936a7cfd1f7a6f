"""The document as scripts see it (docs/document.md): one shape for rows just made and rows read back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from invo_cli.gst.document import Kind
from invo_cli.gst.money import format_rate, from_thousandths, rupees
from invo_cli.gst.words import amount_in_words
from invo_cli.services.audit import Event

Row = Mapping[str, Any]

PERSONAL = frozenset({"customer_name", "name", "mobile", "email", "address", "ship_to"})
"""Keys whose values are personal in the events of documents."""
_AMOUNTS = (
    *("cgst", "sgst", "igst", "cess", "discount", "other_charges", "round_off"),
    *("total", "paid", "credited"),
)
_SELLER = ("name", "gstin", "state", "address", "is_composition", "lut")


def as_document(
    invoice: Row,
    lines: Sequence[Row],
    *,
    business: str,
    customer: str,
    today: date,
    against: str | None = None,
    amends: str | None = None,
) -> dict[str, Any]:
    """A document with its lines from rows of `invoices` and `invoice_lines`; `business` and `customer` are codes."""
    header = as_header(invoice, business=business, customer=customer, today=today, against=against, amends=amends)
    whole = completed(header, invoice, lines)
    result: dict[str, Any] = {}
    for key in header:
        if key == "taxable_value":
            result["lines"] = whole["lines"]
        result[key] = whole[key]
        if key == "outstanding":
            result["amount_in_words"] = amount_in_words(rupees(invoice["total_paise"]))
    return result | whole


def completed(header: Mapping[str, Any], invoice: Row, lines: Sequence[Row]) -> dict[str, Any]:
    """A header with all that a document has besides, but for the amount in words; in no order that anybody reads."""
    buyer, seller = party(invoice["buyer"]), party(invoice["seller"])
    return {
        **header,
        "customer": header["customer"] | {key: buyer[key] for key in ("mobile", "email", "address")},
        "lines": [_line(line) for line in lines],
        **_particulars(invoice),
        "seller": {key: seller[key] for key in _SELLER},
    }


def as_header(
    invoice: Row,
    *,
    business: str,
    customer: str,
    today: date,
    against: str | None = None,
    amends: str | None = None,
) -> dict[str, Any]:
    """A document without its lines, as listings have it."""
    return {
        "id": f"D-{invoice['document_no']}",
        "number": invoice["number"],
        "kind": invoice["kind"],
        "status": invoice["status"],
        "payment_status": payment_status(invoice, today),
        "is_deleted": bool(invoice["is_deleted"]),
        "business": business,
        "financial_year": invoice["financial_year"],
        "return_period": invoice["return_period"],
        "date": invoice["dated_on"].isoformat(),
        "due_date": invoice["due_on"] and invoice["due_on"].isoformat(),
        "customer": {
            "code": customer,
            "name": invoice["buyer_name"],
            "gstin": invoice["buyer_gstin"],
            "state": invoice["buyer_state"],
        },
        "supply": invoice["supply"],
        "place_of_supply": invoice["place_of_supply"],
        "reverse_charge": bool(invoice["reverse_charge"]),
        "prices_include_tax": bool(invoice["prices_include_tax"]),
        "taxable_value": _money(invoice["taxable_paise"]),
        **{name: _money(invoice[f"{name}_paise"]) for name in _AMOUNTS},
        "outstanding": _money(invoice["total_paise"] - invoice["paid_paise"] - invoice["credited_paise"]),
        "against": against,
        "reason": invoice["reason"],
        "amends": amends,
        "irn": invoice["irn"],
        "reference": invoice["reference"],
        "notes": invoice["notes"],
        "cancel_reason": invoice["cancel_reason"],
    }


def event(action: str, after: Row, *, before: Row | None = None, reason: str | None = None) -> Event:
    """What happened to a document, for the audit trail; `before` and `after` are the document as scripts see it."""
    subject = f"invoice:{after['id']}"
    return Event(action=action, subject=subject, before=before, after=after, reason=reason, personal=PERSONAL)


def payment_status(invoice: Row, today: date) -> str | None:
    """How far a document is paid; None for drafts, cancelled and amended documents and notes."""
    if invoice["status"] != "issued" or Kind(invoice["kind"]).is_note:
        return None
    settled = invoice["paid_paise"] + invoice["credited_paise"]
    if settled >= invoice["total_paise"]:
        return "paid"
    if invoice["due_on"] is not None and invoice["due_on"] < today:
        return "overdue"
    return "partial" if settled else "unpaid"


@lru_cache(1024)
def party(text: str) -> dict[str, Any]:
    """Seller or buyer as stored, not to be changed; the same few stand on many documents."""
    found: dict[str, Any] = json.loads(text)
    return found


def _particulars(invoice: Row) -> dict[str, Any]:
    """What few documents have, in the form in which it was entered; None when absent."""
    entered = _entered(invoice["entered"])
    port, number, on = invoice["shipping_port"], invoice["shipping_number"], invoice["shipping_on"]
    bill = {"port": port, "number": number, "date": on and on.isoformat()}
    share = invoice["differential_thousandths"]
    return {
        "shipping_bill": bill if any(bill.values()) else None,
        "ship_to": entered.get("ship_to"),
        "transport": entered.get("transport"),
        "ecommerce_gstin": invoice["ecommerce_gstin"],
        "ecommerce_section": invoice["ecommerce_section"],
        "differential_percent": None if share is None else _rate(share),
        "service_type": entered.get("service_type"),
        "terms": entered.get("terms"),
    }


def _line(line: Row) -> dict[str, Any]:
    return {
        "line": line["line_no"],
        "description": line["description"],
        "serial": line["serial"],
        "hsn": line["hsn"],
        "quantity": _number(line["quantity_thousandths"]),
        "unit": line["unit"],
        "unit_price": _number(line["unit_price_thousandths"]),
        "gross": _money(line["gross_paise"]),
        "discount": _money(line["discount_paise"]),
        "taxable_value": _money(line["taxable_paise"]),
        "taxability": line["taxability"],
        "gst_rate": _rate(line["gst_rate_thousandths"]),
        "cgst": _money(line["cgst_paise"]),
        "sgst": _money(line["sgst_paise"]),
        "igst": _money(line["igst_paise"]),
        "cess_rate": _rate(line["cess_rate_thousandths"]),
        "cess_per_unit": _number(line["cess_per_unit_thousandths"]),
        "cess": _money(line["cess_ad_valorem_paise"] + line["cess_specific_paise"]),
        "total": _money(line["total_paise"]),
        "is_charge": bool(line["is_charge"]),
        "against_line": line["against_line_no"],
    }


def _entered(text: str) -> dict[str, Any]:
    """What was entered, from `service_type` on: lines come before, and reading them takes most of the time."""
    _, key, rest = text.rpartition('"service_type":')
    try:
        found: dict[str, Any] = json.loads(f"{{{key}{rest}")
        if found.keys() >= {"service_type", "ship_to", "terms", "transport"}:
            return found
    except ValueError:
        pass  # not in the order in which invo writes it
    found = json.loads(text)
    return found


# The same few figures stand on many documents, most of all nothing.
@lru_cache(4096)
def _money(paise: int) -> str:
    return str(rupees(paise))


@lru_cache(4096)
def _number(thousandths: int) -> str:
    return str(from_thousandths(thousandths))


@lru_cache(256)
def _rate(thousandths: int) -> str:
    return format_rate(from_thousandths(thousandths))

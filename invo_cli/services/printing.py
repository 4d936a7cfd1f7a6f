"""What a paper needs beside the document, and the audit event of each print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from invo_cli.errors import ConflictError
from invo_cli.gst.document import Voucher
from invo_cli.gst.einvoice.facts import INDIA
from invo_cli.gst.reading import load_json
from invo_cli.gst.words import amount_in_words
from invo_cli.models import Business, EInvoice, Invoice, Payment
from invo_cli.services import audit, invoice_lookup, originals, payments, snapshots
from invo_cli.services.access import Right, demands
from invo_cli.services.acting import Act

_ENTERED = ("terms", "ship_to", "transport", "shipping_bill", "ecommerce_gstin", "differential_percent", "reason")


@demands(Right.INVOICE_READ)
def paper(
    session: Session, business: Business, invoice: Invoice, *, today: date
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The document in the form of docs/document.md, and the particulars that are kept elsewhere."""
    document = invoice_lookup.document(session, business, invoice.id, today=today)
    entered = load_json(invoice.entered)
    seller = snapshots.seller_of(invoice.seller)
    corrected = originals.of_notes(session, business.id, [invoice.id]).get(invoice.id, ())
    return document, {
        **{key: entered.get(key) for key in _ENTERED},
        "logo": business.logo,
        "bank": business.bank,
        "upi": business.upi,
        "mobile": business.mobile,
        "email": business.email,
        "composition": seller.is_composition,
        "lut": seller.lut,
        "turnover": None if seller.turnover is None else str(seller.turnover),
        "originals": [{"number": each.number, "date": each.date.isoformat()} for each in corrected],
        **_registration(session, invoice),
    }


def _registration(session: Session, invoice: Invoice) -> dict[str, Any]:
    """What the invoice portal answered, while it is live (Rule 46(r)); the signed code is its text, untouched."""
    found = None if invoice.irn is None else session.get(EInvoice, (invoice.business_id, invoice.id))
    if found is None:
        return {}
    return {
        "signed_qr": found.signed_qr,
        "ack_number": found.ack_no,
        "ack_date": found.acknowledged_at.astimezone(INDIA).date().isoformat(),
    }


@demands(Right.INVOICE_READ)
def issued_between(session: Session, business: Business, first: date, last: date) -> Sequence[str]:
    """The ids of the documents dated in a period that have a number and are not hidden, in order."""
    query = (
        select(Invoice.document_no)
        .where(
            Invoice.business_id == business.id,
            Invoice.number.is_not(None),
            Invoice.is_deleted.is_(False),
            Invoice.dated_on >= first,
            Invoice.dated_on <= last,
        )
        .order_by(Invoice.dated_on, Invoice.document_no)
    )
    return [f"D-{number}" for number in session.scalars(query)]


@demands(Right.PAYMENT_READ)
def voucher(session: Session, payment: Payment) -> tuple[dict[str, Any], dict[str, Any]]:
    """The receipt or refund voucher of an advance in the form of a document (Rules 50 and 51).

    Raises ConflictError for a payment without a voucher.
    """
    row = payments.as_row(session, payment)
    if row["voucher"] is None:
        raise ConflictError(
            f"{payment.number} is no advance: it has no voucher.", hint="Print its invoice: invo invoice pdf"
        )
    tax, refunded = row["tax"], row["refund_of"]
    kind = Voucher.REFUND_VOUCHER if payment.direction == "refund" else Voucher.RECEIPT_VOUCHER
    heads = {head: tax[head] for head in ("cgst", "sgst", "igst")}
    figures = {"taxable_value": tax["taxable_value"], **heads, "cess": "0.00", "total": row["amount"]}
    line = {"line": 1, "description": row["description"] or "Advance", "hsn": None, "taxability": "taxable"}
    buyer = row["buyer"]
    return {
        "id": row["number"],
        "number": row["voucher"],
        "kind": kind.value,
        "status": "cancelled" if row["status"] == "void" else "issued",
        "payment_status": None,
        "date": row["date"],
        "due_date": None,
        "seller": row["seller"],
        "customer": buyer | {"code": row["customer"]},
        "supply": "regular",
        "place_of_supply": tax["place_of_supply"] or buyer["state"],
        "reverse_charge": tax["reverse_charge"],
        "lines": [line | figures | {"gst_rate": tax["gst_rate"]}],
        **figures,
        "discount": "0.00",
        "other_charges": "0.00",
        "round_off": "0.00",
        "outstanding": "0.00",
        "amount_in_words": amount_in_words(Decimal(row["amount"])),
        "against": refunded and (refunded["voucher"] or refunded["number"]),
        "irn": None,
        "reference": row["reference"],
        "notes": row["notes"],
        "cancel_reason": row["void_reason"],
    }, {"against_date": refunded and refunded["date"]}


@demands(Right.INVOICE_READ)
def record(session: Session, business: Business, *, act: Act, prints: Sequence[Mapping[str, Any]]) -> None:
    """Note in the audit trail what was printed; each has the document's `id` and how it was printed."""
    events = list(map(_event, prints))
    if events:
        audit.append(session, business.id, act, events)


def _event(printed: Mapping[str, Any]) -> audit.Event:
    noun = "payment" if printed["kind"] in set(Voucher) else "invoice"
    return audit.Event(action=f"{noun}.print", subject=f"{noun}:{printed['id']}", after=dict(printed))

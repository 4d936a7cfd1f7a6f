"""How a document stands with the invoice portal, as scripts see it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from invo_cli.gst.einvoice.scope import CANCEL_REASONS
from invo_cli.gst.money import rupees
from invo_cli.models import Business, EInvoice, EwayBill, Invoice
from invo_cli.services.access import Right, demands
from invo_cli.services.einvoicing import eway_rows, papers, standing
from invo_cli.services.einvoicing.papers import Paper


def as_row(invoice: Invoice, found: EInvoice) -> dict[str, Any]:
    """The portal's answer to one document; the tokens are as they were received."""
    return {
        "number": invoice.number,
        "date": invoice.dated_on.isoformat(),
        "kind": invoice.kind,
        "total": str(rupees(invoice.total_paise)),
        "status": "live" if found.cancelled_at is None else "cancelled",
        "irn": found.irn,
        "ack_no": found.ack_no,
        "acknowledged_at": _instant(found.acknowledged_at),
        "recorded_at": _instant(found.recorded_at),
        "recorded_by": found.recorded_by,
        "cancelled_at": found.cancelled_at and _instant(found.cancelled_at),
        "cancel_code": found.cancel_code,
        "cancel_reason": found.cancel_code and CANCEL_REASONS[found.cancel_code],
        "cancel_remark": found.cancel_remark,
    }


@demands(Right.EINVOICE_READ)
def show(session: Session, business: Business, invoice: Invoice, *, today: date) -> dict[str, Any]:
    """Everything about one document and the portals."""
    found = session.get(EInvoice, (business.id, invoice.id))
    if found is None:
        (paper,) = papers.load(session, business, [invoice])
        row = _unanswered(paper, business, today)
    else:
        row = as_row(invoice, found) | _tokens(found)
    bills = session.scalars(
        select(EwayBill)
        .where(EwayBill.business_id == business.id, EwayBill.invoice_id == invoice.id)
        .order_by(EwayBill.generated_on, EwayBill.number)
    )
    return row | {"eway_bills": [eway_rows.as_row(invoice, bill, today=today) for bill in bills]}


def pending(paper: Paper, business: Business, today: date) -> dict[str, Any]:
    """A document that is to be reported."""
    document = paper.document
    deadline = standing.deadline(paper, business, today)
    return {
        "number": document.number,
        "date": document.date.isoformat(),
        "kind": document.kind.value,
        "buyer": document.buyer.name,
        "buyer_gstin": document.buyer.gstin,
        "total": str(paper.tax.total),
        "last_day": deadline and deadline.last_day.isoformat(),
        "days_left": deadline and deadline.days_left,
    }


def _unanswered(paper: Paper, business: Business, today: date) -> dict[str, Any]:
    invoice, document = paper.invoice, paper.document
    reason = standing.unreported(paper, business)
    if invoice.status != "issued":
        reason = f"is {standing.state_of(invoice)}"
    deadline = None if reason else standing.deadline(paper, business, today)
    return {
        "number": document.number,
        "date": document.date.isoformat(),
        "kind": document.kind.value,
        "total": str(paper.tax.total),
        "status": "not reported" if reason else "due",
        "reason": f"{standing.named(invoice)} {reason}." if reason else None,
        "irn": None,
        "expected_irn": None if reason else standing.irn_of(paper),
        "last_day": deadline and deadline.last_day.isoformat(),
        "days_left": deadline and deadline.days_left,
    }


def _tokens(found: EInvoice) -> dict[str, Any]:
    return {"signed_qr": found.signed_qr, "signed_invoice": found.signed_invoice}


def _instant(moment: datetime) -> str:
    return moment.isoformat()

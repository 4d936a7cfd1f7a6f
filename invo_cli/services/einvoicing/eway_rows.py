"""E-way bills as scripts see them."""

from __future__ import annotations

from datetime import date
from typing import Any

from invo_cli.gst.eway.scope import CANCEL_REASONS
from invo_cli.models import EwayBill, Invoice


def as_row(invoice: Invoice, bill: EwayBill, *, today: date) -> dict[str, Any]:
    """One e-way bill; `live` until it is cancelled or its last day is over."""
    return {
        "number": bill.number,
        "invoice": invoice.number,
        "status": status(bill, today),
        "generated_on": bill.generated_on.isoformat(),
        "valid_until": bill.valid_until and bill.valid_until.isoformat(),
        "recorded_at": bill.recorded_at.isoformat(),
        "recorded_by": bill.recorded_by,
        "cancelled_on": bill.cancelled_on and bill.cancelled_on.isoformat(),
        "cancel_code": bill.cancel_code,
        "cancel_reason": bill.cancel_code and CANCEL_REASONS[bill.cancel_code],
    }


def status(bill: EwayBill, today: date) -> str:
    """`live`, `expired` or `cancelled`."""
    if bill.cancelled_on is not None:
        return "cancelled"
    return "expired" if bill.valid_until is not None and bill.valid_until < today else "live"

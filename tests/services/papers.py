"""Documents as rows, for tests that need them in the database and not how they came there."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from invo_cli.db.types import new_id
from invo_cli.models import Customer, Invoice

MOMENT = datetime(2026, 10, 5, 6, 30, tzinfo=UTC)


def paper(session: Session, customer: Customer, serial: int | None, **values: Any) -> Invoice:
    """An issued document of total 0 with the number of a serial; None makes a draft."""
    taken = session.scalar(select(func.max(Invoice.document_no)).where(Invoice.business_id == customer.business_id))
    number = None if serial is None else f"INV/26-27/{serial:04}"
    columns = {
        "business_id": customer.business_id,
        "id": new_id(),
        "document_no": (taken or 0) + 1,
        "kind": "tax_invoice",
        "status": "draft" if serial is None else "issued",
        "number": number,
        "number_key": number,
        "series": None if serial is None else "INV/{fy}/{seq:04}",
        "serial": serial,
        "financial_year": "2026-27",
        "return_period": "102026",
        "dated_on": date(2026, 10, 5),
        "customer_id": customer.id,
        "buyer_name": customer.name,
        "buyer_state": customer.state,
        "seller": "{}",
        "buyer": "{}",
        "entered": "{}",
        "supply": "regular",
        "place_of_supply": customer.state,
        "created_at": MOMENT,
        "created_by": "asha",
    }
    invoice = Invoice(**(columns | values))
    session.add(invoice)
    session.flush()
    return invoice

"""Which overdue documents are to be reminded of: one reminder for each document and step.

A step is a number of days after the due date. Of the steps that a document has reached only the last counts, so that
a run that was missed is made up for once.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import date, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import Session

from invo_cli.errors import ConflictError
from invo_cli.gst.document import Kind
from invo_cli.gst.money import rupees
from invo_cli.models import Business, Customer, Invoice, SentMail
from invo_cli.services import letters
from invo_cli.services.access import Right, demands

State = Literal["due", "no e-mail", "unknown"]
_NOTES = [kind.value for kind in Kind if kind.is_note]
_OUTSTANDING = Invoice.total_paise - Invoice.paid_paise - Invoice.credited_paise


@demands(Right.MAIL_SEND)
def due(
    session: Session, business: Business, *, today: date, steps: Sequence[int], again: Container[int] = ()
) -> list[dict[str, Any]]:
    """The documents to be reminded of today, those due longest first; `state` says why one is passed over.

    Documents whose step was reminded of already are left out, unless their ids are in `again`.
    """
    rows = session.execute(
        select(Invoice, Customer.code, Customer.email)
        .join(Customer, (Customer.business_id == Invoice.business_id) & (Customer.id == Invoice.customer_id))
        .where(Invoice.business_id == business.id, *_overdue(today - timedelta(days=min(steps))))
        .order_by(Invoice.due_on, Invoice.document_no)
    )
    states = _states(session, business, today - timedelta(days=min(steps)))
    found = (_row(row, today, steps, {} if row.Invoice.id in again else states) for row in rows)
    return [row for row in found if row is not None]


def require_owed(invoice: Invoice) -> None:
    """Raise ConflictError for a document that was paid or cancelled since the list was made."""
    if invoice.status != "issued" or invoice.total_paise <= invoice.paid_paise + invoice.credited_paise:
        raise ConflictError(f"{invoice.number} was settled in the meantime.", hint="No reminder is needed any more.")


def _overdue(last: date) -> tuple[ColumnElement[bool], ...]:
    """What makes a document due on `last` or earlier and still owed."""
    return (
        Invoice.status == "issued",
        Invoice.kind.not_in(_NOTES),
        Invoice.is_deleted.is_(False),
        Invoice.due_on <= last,
        _OUTSTANDING > 0,
    )


def _states(session: Session, business: Business, last: date) -> dict[tuple[int, int], str]:
    """What became of the last sending of each reminder, by document and step."""
    overdue = select(Invoice.id).where(Invoice.business_id == business.id, *_overdue(last))
    query = select(SentMail.invoice_id, SentMail.step, SentMail.status).where(
        SentMail.business_id == business.id, SentMail.kind == "reminder", SentMail.invoice_id.in_(overdue)
    )
    return {(row.invoice_id, row.step or 0): row.status for row in session.execute(query.order_by(SentMail.attempt))}


def _row(
    row: Row[*tuple[Any, ...]], today: date, steps: Sequence[int], states: dict[tuple[int, int], str]
) -> dict[str, Any] | None:
    invoice: Invoice = row.Invoice
    days = (today - invoice.due_on).days if invoice.due_on else 0
    step = max(step for step in steps if step <= days)
    status = states.get((invoice.id, step))
    if status == "sent":
        return None
    address = letters.address(row.email, invoice)
    state: State = "unknown" if status == "unknown" else "due" if address else "no e-mail"
    return {
        "document": f"D-{invoice.document_no}",
        "number": invoice.number,
        "customer": row.code,
        "name": invoice.buyer_name,
        "recipient": address,
        "due_date": invoice.due_on and invoice.due_on.isoformat(),
        "days_late": days,
        "step": step,
        "outstanding": str(rupees(invoice.total_paise - invoice.paid_paise - invoice.credited_paise)),
        "state": state,
    }

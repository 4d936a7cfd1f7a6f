"""Records whose balance a payment, note or refund changes: each gets an event of its own, so its history is whole."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session, SessionTransaction

from invo_cli.gst.money import rupees
from invo_cli.models import Invoice, Payment
from invo_cli.services.audit import Event

_TOUCHED = "invo_settled"
_GIVEN_BACK = "invo_given_back"
_AMOUNTS = ("total_paise", "paid_paise", "credited_paise", "credit_noted_paise", "debit_noted_paise")


def touch(session: Session, invoice: Invoice) -> None:
    """Remember a document before its balance changes; the session keeps it until `events` asks."""
    session.info.setdefault(_TOUCHED, {}).setdefault(invoice.id, _state(invoice))


def give_back(session: Session, source: Payment | Invoice, paise: int) -> None:
    """Count what a refund gives back of a receipt or credit note; below zero when the refund is taken back."""
    if isinstance(source, Payment):
        noun, name, counter = "payment", source.number, "refunded"
    else:
        noun, name, counter = "invoice", f"D-{source.document_no}", "allocated"
    before: int = getattr(source, f"{counter}_paise")
    setattr(source, f"{counter}_paise", before + paise)
    states = {"before": {counter: str(rupees(before))}, "after": {counter: str(rupees(before + paise))}}
    session.info.setdefault(_GIVEN_BACK, []).append((f"{noun}.settle", f"{noun}:{name}", states))


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, previous: SessionTransaction) -> None:
    """What was rolled back, be it to a savepoint, has changed no balance."""
    for kept in (_TOUCHED, _GIVEN_BACK):
        session.info.pop(kept, None)


def events(session: Session, business_id: int, reason: str) -> list[Event]:
    """An event for every record touched since the last call whose balance changed; `reason` says by what."""
    given_back = [
        Event(action=action, subject=subject, reason=reason, **states)
        for action, subject, states in session.info.pop(_GIVEN_BACK, ())
    ]
    touched = session.info.pop(_TOUCHED, {})
    return given_back + (_settled(session, business_id, touched, reason) if touched else [])


def _settled(session: Session, business_id: int, touched: dict[int, dict[str, str]], reason: str) -> list[Event]:
    session.flush()
    columns = (Invoice.id, Invoice.document_no, *(getattr(Invoice, name) for name in _AMOUNTS))
    query = select(*columns).where(Invoice.business_id == business_id, Invoice.id.in_(touched))
    return [
        Event(
            action="invoice.settle",
            subject=f"invoice:D-{row.document_no}",
            before=touched[row.id],
            after=_state(row),
            reason=reason,
        )
        for row in session.execute(query.order_by(Invoice.document_no))
        if touched[row.id] != _state(row)
    ]


def _state(row: Any) -> dict[str, str]:
    outstanding = row.total_paise - row.paid_paise - row.credited_paise
    return {
        "paid": str(rupees(row.paid_paise)),
        "credited": str(rupees(row.credited_paise)),
        "outstanding": str(rupees(outstanding)),
        "credit_notes": str(rupees(row.credit_noted_paise)),
        "debit_notes": str(rupees(row.debit_noted_paise)),
    }

"""What a note does to its originals: how much is taken back or added, and the credit set against what is owed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from invo_cli.db.types import new_id
from invo_cli.errors import ConflictError
from invo_cli.gst.document import Kind
from invo_cli.models import Allocation, Invoice, NoteOriginal
from invo_cli.services import allocating, settling
from invo_cli.services.acting import Act


def apply(
    session: Session, note_id: int, kind: Kind, total_paise: int, originals: Sequence[Invoice], act: Act, on: date
) -> None:
    """Write an issued note against its originals, in order; a credit note pays what they still owe.

    `on` is the date of the note; it pays an original from then on, or from when that is free for it. What it comes to
    beyond that stays on account of the customer.
    """
    allocated = 0
    for original, amount in _parts(kind, total_paise, originals):
        keys = {"business_id": original.business_id, "note_id": note_id, "invoice_id": original.id}
        session.execute(insert(NoteOriginal).values(**keys, amount_paise=amount))
        if kind is Kind.DEBIT_NOTE:
            _add(session, original, debit_noted_paise=amount)
            continue
        owed = original.total_paise - original.paid_paise - original.credited_paise
        credit = min(amount, owed)
        _add(session, original, credit_noted_paise=amount, credited_paise=credit)
        if credit:
            since = max(on, allocating.free_since(session, original))
            values = {**keys, "id": new_id(), "amount_paise": credit, "allocated_on": since, "created_at": act.at}
            session.execute(insert(Allocation).values(**values))
        allocated += credit
    if allocated:
        _set(session, originals[0].business_id, note_id, allocated_paise=Invoice.allocated_paise + allocated)


def undo(session: Session, note: Invoice, act: Act, *, on: date | None = None) -> None:
    """Take a note back, from today or `on`, when it is cancelled or amended.

    Raises ConflictError when its credit was used, or its debit credited.
    """
    parts = _rows(session, NoteOriginal, note)
    if note.kind == Kind.DEBIT_NOTE.value:
        _refuse_credited(session, note, parts)
    credits = [row for row in _rows(session, Allocation, note) if row.undone_on is None]
    ours = {row.invoice_id for row in parts}
    used = sum(row.amount_paise for row in credits)
    if note.allocated_paise != used or any(row.invoice_id not in ours for row in credits):
        raise ConflictError(
            f"The credit of {note.number} is set against other documents or refunded.", hint="Take that back first."
        )
    for row in parts:
        column = "debit_noted_paise" if note.kind == Kind.DEBIT_NOTE.value else "credit_noted_paise"
        _add_by_id(session, note.business_id, row.invoice_id, **{column: -row.amount_paise})
    for row in credits:
        _add_by_id(session, note.business_id, row.invoice_id, credited_paise=-row.amount_paise)
        row.undone_on = max(on or act.today, row.allocated_on)
    session.flush()
    _set(session, note.business_id, note.id, allocated_paise=0)


def _refuse_credited(session: Session, note: Invoice, parts: Sequence[NoteOriginal]) -> None:
    """Without the debit note, the credit notes would take back more than the original came to."""
    for row in parts:
        original = session.get_one(Invoice, (note.business_id, row.invoice_id), populate_existing=True)
        if original.credit_noted_paise > original.total_paise + original.debit_noted_paise - row.amount_paise:
            raise ConflictError(
                f"What {note.number} added to {original.number} was credited.", hint="Cancel the credit note first."
            )


def _parts(kind: Kind, total_paise: int, originals: Sequence[Invoice]) -> Iterator[tuple[Invoice, int]]:
    """How much of the note concerns each original: what is left of each, in order; a debit note the first."""
    rest = total_paise
    for original in originals:
        left = original.total_paise + original.debit_noted_paise - original.credit_noted_paise
        amount = rest if kind is Kind.DEBIT_NOTE else min(rest, left)
        rest -= amount
        yield original, amount


def _rows(session: Session, table: Any, note: Invoice) -> Sequence[Any]:
    query = select(table).where(table.business_id == note.business_id, table.note_id == note.id)
    return session.scalars(query.order_by(table.invoice_id)).all()


def _add(session: Session, invoice: Invoice, **amounts: int) -> None:
    settling.touch(session, invoice)
    changes = {name: getattr(Invoice, name) + paise for name, paise in amounts.items()}
    _set(session, invoice.business_id, invoice.id, **changes)


def _add_by_id(session: Session, business_id: int, invoice_id: int, **amounts: int) -> None:
    _add(session, session.get_one(Invoice, (business_id, invoice_id), populate_existing=True), **amounts)


def _set(session: Session, business_id: int, invoice_id: int, **values: Any) -> None:
    ours = (Invoice.business_id == business_id) & (Invoice.id == invoice_id)
    session.execute(update(Invoice).where(ours).values(**values).execution_options(synchronize_session=False))

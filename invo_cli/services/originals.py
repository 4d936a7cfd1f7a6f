"""The documents that credit and debit notes correct (Rule 53(1A))."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from invo_cli.gst.document import Original
from invo_cli.models import Invoice, NoteOriginal


def of_notes(session: Session, business_id: int, notes: Sequence[int]) -> dict[int, tuple[Original, ...]]:
    """All that each of the notes, by id, corrects, in the order of their dates."""
    found: dict[int, tuple[Original, ...]] = {}
    corrected = (Invoice.business_id == NoteOriginal.business_id) & (Invoice.id == NoteOriginal.invoice_id)
    query = (
        select(NoteOriginal.note_id, Invoice.number, Invoice.dated_on)
        .join(Invoice, corrected)
        .where(NoteOriginal.business_id == business_id, NoteOriginal.note_id.in_(notes))
        .order_by(Invoice.dated_on, Invoice.document_no)
    )
    for note, number, on in session.execute(query) if notes else ():
        found[note] = (*found.get(note, ()), Original(number=number or "", date=on))
    return found

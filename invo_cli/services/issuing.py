"""What issuing adds to a composed document: its number, doubts about the order of numbers, and what a note does."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from invo_cli.errors import ConflictError
from invo_cli.gst.money import to_paise
from invo_cli.gst.numbering import number_key
from invo_cli.gst.periods import FinancialYear
from invo_cli.models import Business, Invoice
from invo_cli.services import invoice_lookup, note_effects, series
from invo_cli.services.acting import Act
from invo_cli.services.composing import Composed


def apply_note(session: Session, note_id: int, composed: Composed, act: Act) -> None:
    """Write a note that was just stored against its originals; other documents have none."""
    if composed.originals is not None:
        document, total = composed.document, to_paise(composed.tax.total)
        note_effects.apply(session, note_id, document.kind, total, composed.originals.invoices, act, on=document.date)


def numbered(session: Session, business: Business, composed: Composed, act: Act) -> tuple[dict[str, Any], list[str]]:
    """The columns of an issued document's number, and doubts about its order; the book is locked already."""
    document = composed.document
    year = FinancialYear.of(document.date)
    taken = series.take_number(session, business.id, document.kind, year)
    key = number_key(taken.number)
    if invoice_lookup.is_taken(session, business.id, document.kind, year, key):
        raise ConflictError(
            f"The number {taken.number} is taken by an imported document.",
            hint="Choose another series: invo series set",
        )
    columns = {
        "status": "issued",
        "number": taken.number,
        "number_key": key,
        "series": taken.series,
        "serial": taken.serial,
        "issued_at": act.at,
    }
    return columns, _order_doubts(session, business, composed, act, taken)


def _order_doubts(
    session: Session, business: Business, composed: Composed, act: Act, taken: series.TakenNumber
) -> list[str]:
    document = composed.document
    previous = session.execute(
        select(Invoice.number, Invoice.dated_on, Invoice.created_at).where(
            Invoice.business_id == business.id,
            Invoice.kind == document.kind.value,
            Invoice.financial_year == FinancialYear.of(document.date).label,
            Invoice.series == taken.series,
            Invoice.serial == taken.serial - 1,
        )
    ).first()
    doubts = []
    if previous and previous.dated_on > document.date:
        doubts.append(
            f"ORD-01 {taken.number} is dated {document.date}, before {previous.number} of {previous.dated_on}:"
            " the numbers of a series should follow the dates (Rule 46(b))."
        )
    if previous and previous.created_at > act.at:
        doubts.append(
            f"ORD-02 The clock says {act.at:%Y-%m-%d %H:%M} UTC, earlier than when {previous.number} was made."
        )
    return doubts

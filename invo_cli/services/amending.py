"""Amendments: the full corrected document that replaces a reported one in the returns (CGST Act s.37(3), s.39(9)).

The first keeps its number and stays in the return that reported it. From the date of the amendment on the ledger
counts the amendment in its place, and what was paid on the first is set against it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from invo_cli.errors import ConflictError, InvalidError
from invo_cli.gst.document import Document, DocumentInput, Kind
from invo_cli.gst.periods import parse_return_period, return_period
from invo_cli.gst.rules.dates import correctable_until
from invo_cli.models import Business, Customer, Invoice, NoteOriginal
from invo_cli.services import allocating, books, invoice_lookup, note_effects, period_locks
from invo_cli.services.acting import Act
from invo_cli.services.audit import Event
from invo_cli.services.documents import event
from invo_cli.services.rereading import reread


def fill(
    session: Session, business: Business, entered: DocumentInput, *, act: Act, draft: bool
) -> tuple[DocumentInput, Invoice | None]:
    """The document with what the one it amends settles, and that one; others stay as they are.

    An amendment of a note takes the note back first, so that it can be written anew. Raises NotFoundError,
    ConflictError for a document that cannot be amended, InvalidError for another kind or an earlier date.
    """
    if entered.amends is None:
        return entered, None
    books.take(session, business.id)
    found = invoice_lookup.get(session, business, entered.amends)
    reread(session, found)
    _refuse_unfit(session, found)
    filled = _filled(session, entered, found)
    on = entered.date or act.today
    if on < found.dated_on:
        raise InvalidError(
            f"The amendment is dated {on}, before {found.number} of {found.dated_on}.", hint="Date it later."
        )
    if Kind(found.kind).is_note:
        if draft:
            raise InvalidError("The amendment of a note cannot wait as a draft.", hint="Leave --draft out.")
        note_effects.undo(session, found, act, on=on)
        _retire(session, found, on)
    return filled, found


def check(session: Session, document: Document, amended: Invoice) -> str | None:
    """The number of the amended document where the month that reports it is not locked yet.

    Raises ConflictError when one return would report both, InvalidError when that of the amendment was before or comes
    too late.
    """
    is_unfiled = amended.amends_id is None and not period_locks.locked_among(
        session, amended.business_id, {amended.return_period}
    )
    period = document.return_period or return_period(document.date)
    first = parse_return_period(period).first
    if amended.amends_id is None and first <= parse_return_period(amended.return_period).first:
        if is_unfiled:
            raise _not_reported(amended)
        raise InvalidError(
            f"{amended.number} was reported in {period_locks.in_words(amended.return_period)}: its amendment is"
            " reported in a later month.",
            hint="Date it later, or give a later return_period.",
        )
    last = correctable_until(first_of(session, amended).dated_on)
    if first > last:
        raise InvalidError(
            f"{amended.number} could be corrected until {last} (CGST Act s.37(3)).",
            hint="Issue a credit or debit note instead.",
        )
    return amended.number if is_unfiled else None


def first_of(session: Session, invoice: Invoice) -> Invoice:
    """The document that was reported first, before it was amended once or more."""
    while invoice.amends_id is not None:
        invoice = session.get_one(Invoice, (invoice.business_id, invoice.amends_id))
    return invoice


def replace_by(
    session: Session, business: Business, amended: Invoice, amendment_id: int, *, act: Act, on: date
) -> Event:
    """Put the amendment, which is stored already, in the place of the document; the event of that."""
    # A note was retired before its amendment was composed; both were issued until now.
    before = invoice_lookup.document(session, business, amended.id, today=act.today) | {"status": "issued"}
    amendment = session.get_one(Invoice, (amended.business_id, amendment_id))
    if amendment.kind != Kind.CREDIT_NOTE.value:
        allocating.carry_over(session, amended, amendment, act=act, on=on)
    session.flush()
    _retire(session, amended, on)
    after = invoice_lookup.document(session, business, amended.id, today=act.today)
    return event("invoice.amend", after, before=before, reason=f"Replaced by {amendment.number}.")


def _retire(session: Session, amended: Invoice, on: date) -> None:
    ours = (Invoice.business_id == amended.business_id) & (Invoice.id == amended.id)
    changes = update(Invoice).where(ours).values(status="amended", cancelled_on=on)
    session.execute(changes.execution_options(synchronize_session=False))
    reread(session, amended)


def _refuse_unfit(session: Session, found: Invoice) -> None:
    name = found.number or f"D-{found.document_no}"
    if found.status != "issued":
        later = select(Invoice.number).where(Invoice.business_id == found.business_id, Invoice.amends_id == found.id)
        number = session.scalars(later.where(Invoice.number.is_not(None))).first()
        raise ConflictError(
            f"{name} is {found.status}.",
            hint=f"Amend {number}, which replaced it." if number else "See: invo invoice list",
        )
    if found.credit_noted_paise or found.debit_noted_paise:
        raise ConflictError(
            f"Notes were issued against {name}.", hint="Correct it by another credit or debit note, or cancel those."
        )


def _not_reported(found: Invoice) -> ConflictError:
    return ConflictError(
        f"{found.number} is not reported yet: {period_locks.in_words(found.return_period)} is not locked.",
        hint=f'Cancel it and issue another: invo invoice cancel {found.number} --reason "…"',
    )


def _filled(session: Session, entered: DocumentInput, found: Invoice) -> DocumentInput:
    """Customer and originals are those of the amended document unless the amendment names others."""
    was, kind = Kind(found.kind), entered.kind
    if was.is_note and kind is None:
        kind = was
    if was.is_note != bool(kind and kind.is_note) or (was.is_note and kind is not was):
        raise InvalidError(
            f"{found.number} is a {was.value.replace('_', ' ')}: its amendment is one too.",
            hint="Amend invoices by invoices and each note by a note of its kind.",
        )
    against = entered.against
    if was.is_note and against is None:
        against = ",".join(_originals(session, found))
    customer = entered.customer
    if customer is None:
        customer = session.get_one(Customer, (found.business_id, found.customer_id)).code
    return replace(entered, kind=kind, against=against, customer=customer, amends=found.number)


def _originals(session: Session, note: Invoice) -> list[str]:
    """The ids of the documents a note was written against, in their order."""
    original = (Invoice.business_id == NoteOriginal.business_id) & (Invoice.id == NoteOriginal.invoice_id)
    query = (
        select(Invoice.document_no)
        .join(NoteOriginal, original)
        .where(NoteOriginal.business_id == note.business_id, NoteOriginal.note_id == note.id)
    )
    return [f"D-{number}" for number in session.scalars(query.order_by(Invoice.document_no))]

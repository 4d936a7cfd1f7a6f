"""Documents stored, new or changed, with their audit events; nobody waits for what can be computed before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from invo_cli.db.types import new_id
from invo_cli.models import Business
from invo_cli.services import audit, books, invoice_lookup, invoice_rows, issuing, settling
from invo_cli.services.acting import Act
from invo_cli.services.batching import batched
from invo_cli.services.composing import Composed
from invo_cli.services.documents import event
from invo_cli.services.invoice_rows import Row


@dataclass(frozen=True, slots=True)
class Outcome:
    """A document in the form of docs/document.md, and what is doubtful about it."""

    document: dict[str, Any]
    warnings: tuple[str, ...] = ()


def store(session: Session, business: Business, composed: Composed, *, act: Act, draft: bool) -> tuple[int, Outcome]:
    """Store a composed document, issued or as a draft, with its audit event; its id with it.

    Raises ConflictError when its number is taken, InvalidError for what a strict business does not let pass.
    """
    invoice_id = new_id()
    header = invoice_rows.header_values(composed) | {
        "business_id": business.id,
        "id": invoice_id,
        "status": "draft",
        "entered": invoice_rows.entered_as_is(composed) if draft else invoice_rows.entered_settled(composed),
        "created_at": act.at,
        "created_by": act.actor,
    }
    lines = invoice_rows.line_values(composed, business.id, invoice_id)
    # Everyone else waits from here on: what can be computed is.
    if composed.originals is not None or composed.amended is not None:
        return invoice_id, _store_leaning(session, business, composed, header, lines, act, draft=draft)
    numbered = None if draft else issuing.take(session, business, composed, act, documents=1)
    book = numbered.book if numbered else books.take(session, business.id, documents=1)
    header |= (numbered.columns if numbered else {}) | {"document_no": book.document_no}
    after = invoice_rows.as_stored(composed, header, lines, business=business.code, today=act.today)
    neighbours = None
    try:
        with batched(session):
            neighbours = issuing.ask_neighbours(session, business, composed, numbered) if numbered else None
            invoice_rows.add(session, header, lines)
            audit.append(session, business.id, act, [event(_made(draft), after)], book=book)
    except IntegrityError:
        if numbered:
            issuing.refuse_taken(numbered, neighbours)
        raise
    doubts = issuing.doubts(business, composed, act, numbered, neighbours) if numbered else []
    return invoice_id, Outcome(after, (*composed.warnings, *doubts))


def _store_leaning(
    session: Session,
    business: Business,
    composed: Composed,
    header: Row,
    lines: Sequence[Row],
    act: Act,
    *,
    draft: bool,
) -> Outcome:
    """Store a note or an amendment, which changes other documents."""
    if draft:
        book, doubts = books.take(session, business.id, documents=1), list[str]()
    else:
        numbered, doubts = issuing.numbered(session, business, composed, act, documents=1)
        book, header = numbered.book, header | numbered.columns
    invoice_rows.add(session, header | {"document_no": book.document_no}, lines)
    also = [] if draft else issuing.apply(session, business, header["id"], composed, act)
    warnings = (*composed.warnings, *doubts)
    return recorded(session, business, header["id"], act, _made(draft), warnings=warnings, also=also)


def _made(draft: bool) -> str:
    return "invoice.draft" if draft else "invoice.issue"


def recorded(
    session: Session,
    business: Business,
    invoice_id: int,
    act: Act,
    action: str,
    *,
    before: Mapping[str, Any] | None = None,
    reason: str | None = None,
    warnings: tuple[str, ...] = (),
    also: Sequence[audit.Event] = (),
) -> Outcome:
    """The document as it is stored now, after the event of what happened to it was appended, with `also` others."""
    after = invoice_lookup.document(session, business, invoice_id, today=act.today)
    settled = settling.events(session, business.id, f"{action} {after['number']}")
    audit.append(session, business.id, act, [event(action, after, before=before, reason=reason), *also, *settled])
    return Outcome(after, warnings)

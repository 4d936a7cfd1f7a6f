"""What issuing adds to a composed document: its number, doubts about the order of numbers, and what a note does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from invo_cli.errors import ConflictError, InvalidError
from invo_cli.gst.document import Kind
from invo_cli.gst.money import to_paise
from invo_cli.gst.numbering import number_key
from invo_cli.gst.periods import FinancialYear, return_period
from invo_cli.models import Base, Business
from invo_cli.services import amending, books, note_effects, period_locks, series
from invo_cli.services.acting import Act
from invo_cli.services.audit import Event
from invo_cli.services.batching import Answer, Prepared, batched
from invo_cli.services.composing import Composed
from invo_cli.services.records import LOCKED

_AT_ONCE = 500
"""Numbers asked for in one statement."""
_INVOICES = Base.metadata.tables["invoices"].c
_OF_SERIES = (
    _INVOICES.business_id == bindparam("business"),
    _INVOICES.kind == bindparam("kind"),
    _INVOICES.financial_year == bindparam("year"),
)
_NEIGHBOURS = Prepared(
    select(_INVOICES.number_key, _INVOICES.number, _INVOICES.dated_on, _INVOICES.created_at).where(
        *_OF_SERIES, or_(_INVOICES.number_key == bindparam("taken"), _INVOICES.number_key == bindparam("previous"))
    )
)
_BY_NUMBER = select(_INVOICES.number).where(*_OF_SERIES, _INVOICES.number_key.in_(bindparam("keys", expanding=True)))


def apply(session: Session, business: Business, invoice_id: int, composed: Composed, act: Act) -> list[Event]:
    """Do what a note or an amendment that was just stored does to other documents; the event of what it replaces."""
    document, total = composed.document, to_paise(composed.tax.total)
    if composed.originals is not None:
        invoices = composed.originals.invoices
        note_effects.apply(session, invoice_id, document.kind, total, invoices, act, on=document.date)
    if composed.amended is None:
        return []
    return [amending.replace_by(session, business, composed.amended, invoice_id, act=act, on=document.date)]


@dataclass(frozen=True, slots=True)
class Numbered:
    """The number of a document about to be stored, and the book it was taken from, which is locked."""

    book: books.Taken
    columns: dict[str, Any]
    taken: series.TakenNumber | None
    """None for a number that the document had before it was imported."""


def take(session: Session, business: Business, composed: Composed, act: Act, *, documents: int = 0) -> Numbered:
    """Lock the book, take so many document numbers of it, and the next number of the series.

    Raises ConflictError when the month was locked meanwhile, InvalidError when the number is too long.
    """
    document, year = composed.document, FinancialYear.of(composed.document.date)
    dated, is_new = return_period(document.date), document.number is None
    periods = {"dated": dated, "reported": document.return_period or dated}
    with batched(session):
        book = books.ask(session, business.id, documents=documents)
        # Once more, now that the book is locked: the month may have been locked since the document was judged.
        locked = LOCKED.run(session, business=business.id, **periods)
        number = series.ask(session, business.id, document.kind, year, 1) if is_new else None
    if locked.rows():
        period_locks.require_open(session, business.id, "The document", periods=periods.values())
    if number is None:
        columns = _as_numbered_before(session, business, document.kind, year, str(document.number))
        return Numbered(books.Taken(*book.one()), columns | {"issued_at": act.at}, None)
    (taken,) = series.numbers_of(number, year, 1)
    columns = number_columns(taken.number, taken.series, taken.serial) | {"issued_at": act.at}
    return Numbered(books.Taken(*book.one()), columns, taken)


def numbered(
    session: Session, business: Business, composed: Composed, act: Act, *, documents: int = 0
) -> tuple[Numbered, list[str]]:
    """`take`, and what is doubtful about the order of numbers, before the document is stored."""
    taken = take(session, business, composed, act, documents=documents)
    neighbours = ask_neighbours(session, business, composed, taken)
    refuse_taken(taken, neighbours)
    return taken, doubts(business, composed, act, taken, neighbours)


def ask_neighbours(session: Session, business: Business, composed: Composed, numbered: Numbered) -> Answer | None:
    """Ask for the documents with the number just taken (there should be none) and the one before it."""
    taken = numbered.taken
    if taken is None:
        return None
    document = composed.document
    numbers = {"taken": number_key(taken.number), "previous": number_key(taken.previous or "")}
    year = FinancialYear.of(document.date).label
    return _NEIGHBOURS.run(session, business=business.id, kind=document.kind.value, year=year, **numbers)


def refuse_taken(numbered: Numbered, neighbours: Answer | None) -> None:
    """Raise ConflictError when a document bears the number that was taken."""
    number = numbered.columns["number"]
    if neighbours is not None and any(row[0] == number_key(number) for row in neighbours.rows()):
        raise ConflictError(
            f"The number {number} is taken by an imported document.", hint="Choose another series: invo series set"
        )


def doubts(
    business: Business, composed: Composed, act: Act, numbered: Numbered, neighbours: Answer | None
) -> list[str]:
    """Doubts about the order of numbers; InvalidError when the business is strict."""
    rows = neighbours.rows() if neighbours else ()
    others = (row for row in rows if row[0] != numbered.columns["number_key"])
    said = [doubt for row in others for doubt in _order_doubts(composed.document.date, act, numbered, *row[1:])]
    if said and business.is_strict:
        raise InvalidError(said[0], hint="Date it later, or relax: invo business edit --no-strict", code="rule")
    return said


def _as_numbered_before(
    session: Session, business: Business, kind: Kind, year: FinancialYear, number: str
) -> dict[str, Any]:
    """The columns of a number that an imported document has already; its series goes on after it."""
    among = series.patterns(session, business.id, kind, year)
    found = series.place(number, year, among)
    if found is not None:
        series.cover(session, business.id, kind, year, series=found[0], first=found[1], last=found[1])
    return number_columns(number, *(found or (None, None)))


def numbers_used(
    session: Session, business_id: int, kind: Kind, year: FinancialYear, numbers: Sequence[str]
) -> list[str | None]:
    """Those of the numbers that documents of the kind and year bear already."""
    found = list[str | None]()
    for start in range(0, len(numbers), _AT_ONCE):
        keys = [number_key(number) for number in numbers[start : start + _AT_ONCE]]
        wanted = {"business": business_id, "kind": kind.value, "year": year.label, "keys": keys}
        found += session.scalars(_BY_NUMBER, wanted)
    return found


def number_columns(number: str, series_text: str | None, serial: int | None) -> dict[str, Any]:
    """The columns of a number, of a series or outside of all."""
    key = number_key(number)
    return {"status": "issued", "number": number, "number_key": key, "series": series_text, "serial": serial}


def _order_doubts(
    day: date, act: Act, numbered: Numbered, previous: str, dated_on: date, created_at: datetime
) -> Iterator[str]:
    if dated_on > day:
        yield (
            f"ORD-01 {numbered.columns['number']} is dated {day}, before {previous} of {dated_on}:"
            " the numbers of a series should follow the dates (Rule 46(b))."
        )
    if created_at > act.at:
        yield f"ORD-02 The clock says {act.at:%Y-%m-%d %H:%M} UTC, earlier than when {previous} was made."

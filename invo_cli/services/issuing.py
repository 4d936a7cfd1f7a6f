"""What issuing adds to a composed document: its number, doubts about the order of numbers, and what a note does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Result, Row, bindparam, select
from sqlalchemy.orm import Session

from invo_cli.errors import ConflictError, InvalidError
from invo_cli.gst.document import Kind
from invo_cli.gst.money import to_paise
from invo_cli.gst.numbering import number_key
from invo_cli.gst.periods import FinancialYear, return_period
from invo_cli.models import Base, Business
from invo_cli.services import amending, note_effects, period_locks, series
from invo_cli.services.acting import Act
from invo_cli.services.audit import Event
from invo_cli.services.composing import Composed

_AT_ONCE = 500
"""Numbers asked for in one statement."""
_INVOICES = Base.metadata.tables["invoices"].c
_BY_NUMBER = select(_INVOICES.number_key, _INVOICES.number, _INVOICES.dated_on, _INVOICES.created_at).where(
    _INVOICES.business_id == bindparam("business"),
    _INVOICES.kind == bindparam("kind"),
    _INVOICES.financial_year == bindparam("year"),
    _INVOICES.number_key.in_(bindparam("keys", expanding=True)),
)


def apply(session: Session, business: Business, invoice_id: int, composed: Composed, act: Act) -> list[Event]:
    """Do what a note or an amendment that was just stored does to other documents; the event of what it replaces."""
    document, total = composed.document, to_paise(composed.tax.total)
    if composed.originals is not None:
        invoices = composed.originals.invoices
        note_effects.apply(session, invoice_id, document.kind, total, invoices, act, on=document.date)
    if composed.amended is None:
        return []
    return [amending.replace_by(session, business, composed.amended, invoice_id, act=act, on=document.date)]


def numbered(session: Session, business: Business, composed: Composed, act: Act) -> tuple[dict[str, Any], list[str]]:
    """The columns of an issued document's number, and doubts about its order; the book is locked already."""
    document = composed.document
    year = FinancialYear.of(document.date)
    # Once more, now that the book is locked: the month may have been locked since the document was judged.
    reported = document.return_period or return_period(document.date)
    period_locks.require_open(session, business.id, "The document", document.date, periods=[reported])
    if document.number is not None:
        return _as_numbered_before(session, business, document.kind, year, document.number) | {"issued_at": act.at}, []
    taken = series.take_number(session, business.id, document.kind, year)
    key = number_key(taken.number)
    neighbours = _neighbours(session, business, document.kind, year, taken)
    if key in neighbours:
        raise ConflictError(
            f"The number {taken.number} is taken by an imported document.",
            hint="Choose another series: invo series set",
        )
    columns = number_columns(taken.number, taken.series, taken.serial) | {"issued_at": act.at}
    previous = neighbours.get(number_key(taken.previous or ""))
    doubts = [] if previous is None else _order_doubts(document.date, act, taken, previous)
    if doubts and business.is_strict:
        raise InvalidError(doubts[0], hint="Date it later, or relax: invo business edit --no-strict", code="rule")
    return columns, doubts


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
) -> list[str]:
    """Those of the numbers that documents of the kind and year bear already."""
    found = []
    for start in range(0, len(numbers), _AT_ONCE):
        keys = [number_key(number) for number in numbers[start : start + _AT_ONCE]]
        wanted = {"business": business_id, "kind": kind.value, "year": year.label, "keys": keys}
        found += [row.number for row in session.execute(_BY_NUMBER, wanted)]
    return found


def number_columns(number: str, series_text: str | None, serial: int | None) -> dict[str, Any]:
    """The columns of a number, of a series or outside of all."""
    key = number_key(number)
    return {"status": "issued", "number": number, "number_key": key, "series": series_text, "serial": serial}


def _neighbours(
    session: Session, business: Business, kind: Kind, year: FinancialYear, taken: series.TakenNumber
) -> dict[str, Row[Any]]:
    """The documents that bear the number just taken (there should be none) or the one before it, by number."""
    keys = [number_key(number) for number in (taken.number, taken.previous) if number]
    wanted = {"business": business.id, "kind": kind.value, "year": year.label, "keys": keys}
    rows: Result[Any] = session.execute(_BY_NUMBER, wanted)
    return {row.number_key: row for row in rows}


def _order_doubts(day: date, act: Act, taken: series.TakenNumber, previous: Row[Any]) -> list[str]:
    doubts = []
    if previous.dated_on > day:
        doubts.append(
            f"ORD-01 {taken.number} is dated {day}, before {previous.number} of {previous.dated_on}:"
            " the numbers of a series should follow the dates (Rule 46(b))."
        )
    if previous.created_at > act.at:
        doubts.append(
            f"ORD-02 The clock says {act.at:%Y-%m-%d %H:%M} UTC, earlier than when {previous.number} was made."
        )
    return doubts

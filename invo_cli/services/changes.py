"""Which records changed: every write leaves an event about its subject, and the sequence of a book has no gap.

A writer holds its book until it commits, so whoever sees the book at event n sees every event up to n: the sequence is
the cursor of incremental exports, whatever the order in which transactions began, and whatever the clocks say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from invo_cli.models import AuditEvent, Book

STILL = ("invoice.print", "invoice.send", "remind.send")
"""Events that leave their subject as it was: what is printed or sent is not changed by that."""


def is_change() -> ColumnElement[bool]:
    """Whether an event changed its subject."""
    return AuditEvent.action.not_in(STILL)


def last_seqs(session: Session, book_ids: Iterable[int]) -> Mapping[int, int]:
    """The last event of each book that this transaction sees."""
    query = select(Book.business_id, Book.last_audit_seq).where(Book.business_id.in_(book_ids))
    return {book_id: seq for book_id, seq in session.execute(query)}


def latest() -> Select[Any]:
    """The last change of every subject of every book: business_id, subject, seq."""
    return (
        select(AuditEvent.business_id, AuditEvent.subject, func.max(AuditEvent.seq).label("seq"))
        .where(is_change())
        .group_by(AuditEvent.business_id, AuditEvent.subject)
    )


def within(book_id: int, noun: str, after: int, to: int) -> CTE:
    """The subjects of one noun that changed after one event and up to another, as `name`, with the last change `seq`."""
    name = func.substr(AuditEvent.subject, len(noun) + 2)
    query = (
        select(name.label("name"), func.max(AuditEvent.seq).label("seq"), func.min(AuditEvent.seq).label("first_seq"))
        .where(AuditEvent.business_id == book_id, AuditEvent.seq > after, AuditEvent.seq <= to, is_change())
        .where(AuditEvent.subject >= f"{noun}:", AuditEvent.subject < f"{noun};")
        .group_by(AuditEvent.subject)
    )
    return query.cte("changed")

"""Checking the chains: no event altered, none missing, none cut off at the end.

Whoever can write to the database may have put anything there, so values are read as the driver gives them and what
cannot be read is a finding.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from operator import methodcaller
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from invo_cli.models import AuditEvent, AuditPersonal, Book, Business
from invo_cli.services import audit, books

BATCH = 500
ERASE = "customer.erase"
_DIGEST, _PLACES = '"sha256:', ('"before.', '"after.')
_MASKED = re.compile('"(?:name|mobile|email|address(?:_line[12])?|city|pincode)":"sha256:[0-9a-f]{64}"')
_CONTENT = [column.key for column in AuditEvent.__table__.columns if column.key != "hash"]
"""What of an event is hashed: the first columns that are read."""


class Finding(NamedTuple):
    """Something that is not as the trail says; `seq` is None when there is no event, `business` for the system."""

    seq: int | None
    subject: str
    problem: str
    business: str | None


@dataclass(slots=True)
class Tally:
    """What has been checked so far."""

    events: int = 0
    documents: int = 0
    payments: int = 0
    allocations: int = 0


@dataclass(slots=True)
class _Chain:
    """Where the walk along one chain stands."""

    erased: frozenset[str] = frozenset()
    """The customers whose personal values were erased as the law has it."""
    seq: int = 0
    hash: str = ""

    def step(self, row: Row[*tuple[Any, ...]]) -> str | None:
        """Go on to the next event; what is wrong with it, or None."""
        problem = self._break(row) or _altered_personal(row) or self._without_personal(row)
        self.seq, self.hash = row.seq, row.hash
        return problem

    def _break(self, row: Row[*tuple[Any, ...]]) -> str | None:
        if row.seq != self.seq + 1:
            return f"It follows event {self.seq}: the events between them are missing."
        if _recomputed(self.hash, row) != row.hash:
            return "Its hash does not match its content and the event before it: it was altered."
        return None

    def _without_personal(self, row: Row[*tuple[Any, ...]]) -> str | None:
        """Digests whose values were removed although nobody erased the customer."""
        if row.subject in self.erased:
            return None
        kept = sum((row.fields or "").count(place) for place in _PLACES)
        texts = (row.before or "", row.after or "")
        if sum(text.count(_DIGEST) for text in texts) <= kept:
            return None
        # Somebody may have written such a text: only the keys that are masked always count.
        is_missing = sum(len(_MASKED.findall(text)) for text in texts) > kept
        return "Personal values kept beside it are missing, and nobody erased them." if is_missing else None

    def end(self, book: Row[*tuple[Any, ...]]) -> str | None:
        """What is wrong with the end of the chain, or None."""
        if self.seq != book.last_audit_seq:
            return f"The trail ends at event {self.seq}, the book says {book.last_audit_seq}: its end was cut or added."
        if self.hash != book.last_audit_hash:
            return "The last event is not the one that the book has noted: it was replaced."
        return None


def verify(session: Session, tally: Tally) -> Iterator[Finding]:
    """Walk the chain of every book in order, in bounded memory."""
    accept_damaged_text(session)
    known = {book.business_id: book for book in session.execute(_books())}
    erased = _erased(session)
    with session.connection().execute(_events(), execution_options={"yield_per": BATCH}) as events:
        for book_id, rows in groupby(events, lambda row: row.business_id):
            yield from _walk(rows, known.pop(book_id, None), erased.get(book_id, frozenset()), tally)
    for book in known.values():
        yield from _end(_Chain(), book)


def _walk(
    rows: Iterator[Row[*tuple[Any, ...]]], book: Row[*tuple[Any, ...]] | None, erased: frozenset[str], tally: Tally
) -> Iterator[Finding]:
    chain = _Chain(erased)
    for row in rows:
        tally.events += 1
        problem = chain.step(row) if book else "It belongs to no book: the book was removed."
        if problem:
            yield Finding(row.seq, row.subject, problem, book.code if book else None)
    if book:
        yield from _end(chain, book)


def _end(chain: _Chain, book: Row[*tuple[Any, ...]]) -> Iterator[Finding]:
    problem = chain.end(book)
    if problem:
        yield Finding(chain.seq or None, "audit", problem, book.code)
    if book.code is None and book.business_id != books.SYSTEM:
        yield Finding(chain.seq or None, "business", "The business of this part of the trail was removed.", None)


def _books() -> Select[*tuple[Any, ...]]:
    return (
        select(Book.business_id, Book.last_audit_seq, Book.last_audit_hash, Business.code)
        .outerjoin(Business, Business.id == Book.business_id)
        .order_by(Book.business_id)
    )


def _erased(session: Session) -> dict[int, frozenset[str]]:
    """The subjects of erasures, by book."""
    query = select(AuditEvent.business_id, AuditEvent.subject).where(AuditEvent.action == ERASE)
    found: dict[int, set[str]] = {}
    for book_id, subject in session.execute(query):
        found.setdefault(book_id, set()).add(subject)
    return {book_id: frozenset(subjects) for book_id, subjects in found.items()}


def _events() -> Select[*tuple[Any, ...]]:
    same_event = (AuditPersonal.business_id == AuditEvent.business_id) & (AuditPersonal.seq == AuditEvent.seq)
    columns = [type_coerce(AuditEvent.__table__.c[key], NullType()).label(key) for key in (*_CONTENT, "hash")]
    return (
        select(*columns, AuditPersonal.salt, AuditPersonal.fields)
        .outerjoin(AuditPersonal, same_event)
        .order_by(AuditEvent.business_id, AuditEvent.seq)
    )


def _recomputed(previous: str, row: Row[*tuple[Any, ...]]) -> str | None:
    """The hash that the event should bear; None when its content cannot even be read."""
    content = dict(zip(_CONTENT, row, strict=False))
    try:
        content["at"] = as_instant(row.at)
        return audit.chained(previous, content)
    except (RecursionError, TypeError, ValueError):
        return None


def as_instant(value: object) -> datetime:
    """SQLite's driver gives the text of a time in UTC, PostgreSQL's the time."""
    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value)).replace(tzinfo=UTC)


def _altered_personal(row: Row[*tuple[Any, ...]]) -> str | None:
    """Whether every value kept beside the event is one whose digest, of salt, path and value, stands in the event."""
    if row.fields is None:
        return None
    try:
        values: Mapping[str, Any] = json.loads(row.fields)
        states = {"before": row.before or "", "after": row.after or ""}
        is_same = all(
            f'"{audit.digest(row.salt, path, value)}"' in states[path.partition(".")[0]]
            for path, value in values.items()
        )
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError):
        is_same = False
    return None if is_same else "A personal value kept beside it does not match its digest: the value was altered."


def shown(value: object) -> str:
    """A value within the sentence of a finding, whatever somebody put there."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=repr)


def accept_damaged_text(session: Session) -> None:
    """Let SQLite hand over text that is not UTF-8, which would end the whole run; its hash is wrong anyway."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        driver.text_factory = methodcaller("decode", "utf-8", "surrogateescape")

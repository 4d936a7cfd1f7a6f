"""Reading the audit trail: who did what, and whether anything was altered."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session, load_only

from invo_cli.errors import InvalidError, NotFoundError
from invo_cli.models import AuditEvent, AuditPersonal, Book, Business
from invo_cli.services import audit, audit_chain, audit_documents, audit_payments, audit_records, books
from invo_cli.services.access import Right, demands
from invo_cli.services.acting import Act
from invo_cli.services.audit_chain import Finding, Tally
from invo_cli.services.identity import proving

BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which events to list; None stands for all. `since` and `until` are instants, both included."""

    subject: str | None = None
    action: str | None = None
    actor: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    after: int | None = None
    """Only events with a higher sequence number."""


class Head(NamedTuple):
    """The sequence number and the hash of an event."""

    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


def parse_head(text: str) -> Head:
    """Read what `invo audit head` printed; InvalidError for anything else."""
    found = re.fullmatch("([0-9]{1,18}):([0-9a-f]{64})", text)
    if found is None:
        raise InvalidError("That is no SEQ:HASH.", hint="Give what was printed by: invo audit head")
    return Head(int(found[1]), found[2])


@demands(Right.AUDIT_READ)
def search(session: Session, business_id: int, wanted: Wanted, *, limit: int | None = None) -> Iterator[dict[str, Any]]:
    """The events of one book in the order in which they happened, streamed, as columns by name.

    Personal values in `before` and `after` are in clear until they are erased, and digests afterwards.
    """
    statement = _filtered(business_id, wanted).order_by(AuditEvent.seq).limit(limit)
    with session.execute(statement, execution_options={"yield_per": BATCH}) as rows:
        yield from map(_entry, rows)


@demands(Right.AUDIT_READ)
def get(session: Session, business_id: int, seq: int) -> dict[str, Any]:
    """One event of a book; NotFoundError when it has no such number."""
    row = session.execute(_filtered(business_id, Wanted()).where(AuditEvent.seq == seq)).first()
    if row is None:
        raise NotFoundError(f"There is no event {seq}.", hint="See: invo audit list")
    return _entry(row)


@demands(Right.AUDIT_READ)
def head(session: Session, business_id: int) -> Head:
    """The last event of a book: noted outside of the database it proves later that nothing before it was cut."""
    book = session.get_one(Book, business_id)
    return Head(book.last_audit_seq, book.last_audit_hash)


@demands(Right.AUDIT_READ)
def evidence(session: Session, business_id: int) -> Iterator[dict[str, Any]]:
    """The events of a book as they were hashed, in order: personal values are digests, `before` and `after` texts."""
    statement = select(*AuditEvent.__table__.columns).where(AuditEvent.business_id == business_id)
    with session.execute(statement.order_by(AuditEvent.seq), execution_options={"yield_per": BATCH}) as rows:
        for row in rows:
            event = audit.content(dict(row._mapping))
            yield event | {"hash": row.hash}


@demands(Right.AUDIT_READ)
def code_of(session: Session, business_id: int) -> str | None:
    """The code of the business whose book it is; None for that of the system."""
    return session.scalar(select(Business.code).where(Business.id == business_id))


@demands(Right.AUDIT_READ)
def note_export(session: Session, act: Act, head: Mapping[str, Any]) -> None:
    """Note that the trail of a book left as a file; in the book of the system, so that no trail tells of itself."""
    subject = f"audit:{head['business'] or 'system'}"
    audit.append(session, books.SYSTEM, act, [audit.Event(action="audit.export", subject=subject, after=head)])


@demands(Right.AUDIT_VERIFY)
def verify_head(session: Session, business: Business | None, noted: Head) -> Iterator[Finding]:
    """Whether the event that was noted is still there, unchanged; the chain proves what lies before it."""
    book_id, code = (books.SYSTEM, None) if business is None else (business.id, business.code)
    ours = (AuditEvent.business_id == book_id) & (AuditEvent.seq == noted.seq)
    found = session.execute(select(AuditEvent.subject, AuditEvent.hash).where(ours)).first()
    if found is None:
        yield Finding(noted.seq, "audit", "The event noted outside is gone: the end of the trail was cut.", code)
    elif found.hash != noted.hash:
        yield Finding(noted.seq, found.subject, "Its hash is not the one noted outside: the trail was rewritten.", code)


@demands(Right.AUDIT_VERIFY)
def verify(session: Session, tally: Tally) -> Iterator[Finding]:
    """Check every chain, issued document, payment, allocation, customer, item, setting, user and token.

    `tally` counts while the findings are consumed.
    """
    for finding in _findings(session, tally):
        yield finding._replace(subject=str(finding.subject))  # it may be bytes that somebody put there


def _findings(session: Session, tally: Tally) -> Iterator[Finding]:
    yield from audit_chain.verify(session, tally)
    # No other column: one that cannot be read must not end the run.
    columns = load_only(Business.id, Business.code)
    for business in session.scalars(select(Business).options(columns).order_by(Business.id)).all():
        yield from audit_documents.verify(session, business, tally)
        yield from audit_payments.verify(session, business, tally)
        yield from audit_records.verify(session, business)
    yield from proving.verify(session)


def _filtered(business_id: int, wanted: Wanted) -> Select[Any]:
    same_event = (AuditPersonal.business_id == AuditEvent.business_id) & (AuditPersonal.seq == AuditEvent.seq)
    statement = (
        select(*AuditEvent.__table__.columns, AuditPersonal.fields)
        .outerjoin(AuditPersonal, same_event)
        .where(AuditEvent.business_id == business_id)
    )
    conditions = (
        (wanted.subject, AuditEvent.subject.__eq__),
        (wanted.action, AuditEvent.action.__eq__),
        (wanted.actor, AuditEvent.actor.__eq__),
        (wanted.since, AuditEvent.at.__ge__),
        (wanted.until, AuditEvent.at.__le__),
        (wanted.after, AuditEvent.seq.__gt__),
    )
    return statement.where(*(compare(value) for value, compare in conditions if value is not None))


def _entry(row: Row[Any]) -> dict[str, Any]:
    entry = dict(row._mapping)
    fields = entry.pop("fields")
    values = json.loads(fields) if fields else {}
    return entry | {name: audit.revealed(entry[name], name, values) for name in ("before", "after")}

"""Reading the audit trail: who did what, and whether anything was altered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from invo_cli.models import AuditEvent, AuditPersonal, Business
from invo_cli.services import audit, audit_chain, audit_documents
from invo_cli.services.audit_chain import Finding, Tally

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


def search(session: Session, business_id: int, wanted: Wanted, *, limit: int | None = None) -> Iterator[dict[str, Any]]:
    """The events of one book in the order in which they happened, streamed, as columns by name.

    Personal values in `before` and `after` are in clear until they are erased, and digests afterwards.
    """
    statement = _filtered(business_id, wanted).order_by(AuditEvent.seq).limit(limit)
    with session.execute(statement, execution_options={"yield_per": BATCH}) as rows:
        yield from map(_entry, rows)


def verify(session: Session, tally: Tally) -> Iterator[Finding]:
    """Check every chain and every issued document; `tally` counts the events while the findings are consumed."""
    yield from audit_chain.verify(session, tally)
    for business in session.scalars(select(Business).order_by(Business.id)).all():
        yield from audit_documents.verify(session, business)


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

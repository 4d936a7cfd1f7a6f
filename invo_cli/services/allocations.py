"""The verbs of allocation: set a payment or credit note against documents, and take that back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from invo_cli.models import Business, Payment
from invo_cli.services import allocating, audit, books, invoice_lookup, period_locks, settling, sources
from invo_cli.services.access import Right, demands
from invo_cli.services.acting import Act
from invo_cli.services.allocating import Source
from invo_cli.services.rereading import reread


@demands(Right.PAYMENT_WRITE)
def allocate(
    session: Session,
    business: Business,
    name: str,
    wanted: Sequence[tuple[str, Decimal | None]],
    *,
    act: Act,
    on: date,
    oldest: bool,
) -> dict[str, Any]:
    """Set what is left of a payment or credit note against documents, then with `oldest` against the longest owed."""
    books.take(session, business.id)
    source = sources.get(session, business, name)
    before = sources.as_row(session, source)
    allocating.spread(session, business, source, wanted, act=act, on=on, oldest=oldest)
    return _recorded(session, business, source, act, "payment.allocate", before)


@demands(Right.PAYMENT_WRITE)
def unallocate(
    session: Session, business: Business, name: str, *, act: Act, invoice: str | None = None
) -> dict[str, Any]:
    """Take back what a payment or credit note is set against, all or of one document. Nothing there: nothing to do."""
    books.take(session, business.id)
    source = sources.get(session, business, name)
    target = None if invoice is None else invoice_lookup.get(session, business, invoice)
    period_locks.require_open(session, business.id, f"Taking back {source.number}", act.today)
    before = sources.as_row(session, source)
    allocating.take_back(session, source, act=act, invoice=target)
    return _recorded(session, business, source, act, "payment.unallocate", before)


def _recorded(
    session: Session, business: Business, source: Source, act: Act, action: str, before: dict[str, Any]
) -> dict[str, Any]:
    session.flush()
    reread(session, source)
    after = sources.as_row(session, source)
    if before != after:
        subject = f"payment:{source.number}" if isinstance(source, Payment) else f"invoice:D-{source.document_no}"
        event = audit.Event(action=action, subject=subject, before=before, after=after, personal=audit.PERSONAL)
        audit.append(
            session, business.id, act, [event, *settling.events(session, business.id, f"{action} {source.number}")]
        )
    return after

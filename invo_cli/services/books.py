"""The counters of a business: one row that every writer locks first, so that numbers and audit events have no gap."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.orm import Session

from invo_cli.models import Book

SYSTEM = 0
"""The book of what belongs to no business: users, sign-ins, migrations."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The counters after taking; the last of each block taken belongs to the caller."""

    document_no: int
    customer_no: int
    item_no: int
    audit_seq: int
    audit_hash: str


def take(
    session: Session, business_id: int, *, documents: int = 0, customers: int = 0, items: int = 0, events: int = 0
) -> Taken:
    """Lock the book until the transaction ends and take that many document, customer, item and event numbers."""
    columns = (
        Book.last_document_no,
        Book.last_customer_no,
        Book.last_item_no,
        Book.last_audit_seq,
        Book.last_audit_hash,
    )
    statement = (
        update(Book)
        .where(Book.business_id == business_id)
        .values(
            last_document_no=Book.last_document_no + documents,
            last_customer_no=Book.last_customer_no + customers,
            last_item_no=Book.last_item_no + items,
            last_audit_seq=Book.last_audit_seq + events,
        )
        .returning(*columns)
        .execution_options(synchronize_session=False)
    )
    return Taken(*session.execute(statement).one())


def close_chain(session: Session, business_id: int, last_hash: str) -> None:
    """Note the hash of the last audit event, which the next one continues."""
    statement = update(Book).where(Book.business_id == business_id).values(last_audit_hash=last_hash)
    session.execute(statement.execution_options(synchronize_session=False))

"""The counters of a business: one row that every writer locks first, so that numbers and audit events have no gap."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from invo_cli.models import Base

SYSTEM = 0
"""The book of what belongs to no business: users, sign-ins, migrations."""

# Built once: every write runs both, and building them costs more than running them.
_TABLE = Base.metadata.tables["books"]
_BOOKS = _TABLE.c
_TAKE = (
    update(_TABLE)
    .where(_BOOKS.business_id == bindparam("business"))
    .values(
        last_document_no=_BOOKS.last_document_no + bindparam("documents"),
        last_customer_no=_BOOKS.last_customer_no + bindparam("customers"),
        last_item_no=_BOOKS.last_item_no + bindparam("items"),
    )
    .returning(
        *(_BOOKS.last_document_no, _BOOKS.last_customer_no, _BOOKS.last_item_no),
        *(_BOOKS.last_audit_seq, _BOOKS.last_audit_hash),
    )
)
_CLOSE = (
    update(_TABLE)
    .where(_BOOKS.business_id == bindparam("business"), _BOOKS.last_audit_seq == bindparam("before"))
    .values(last_audit_seq=bindparam("seq"), last_audit_hash=bindparam("hash"))
)


@dataclass(frozen=True, slots=True)
class Taken:
    """The counters after taking; the last of each block taken belongs to the caller, the audit event is the last."""

    document_no: int
    customer_no: int
    item_no: int
    audit_seq: int
    audit_hash: str


def take(session: Session, business_id: int, *, documents: int = 0, customers: int = 0, items: int = 0) -> Taken:
    """Lock the book until the transaction ends and take that many document, customer and item numbers."""
    taken = {"business": business_id, "documents": documents, "customers": customers, "items": items}
    return Taken(*session.execute(_TAKE, taken).one())


def close_chain(session: Session, business_id: int, *, before: int, seq: int, last_hash: str) -> None:
    """Note the last audit event, which the next one continues; `before` is the last one of the book as it was taken.

    Raises RuntimeError when events were appended in between: the chain would fork.
    """
    noted = session.execute(_CLOSE, {"business": business_id, "before": before, "seq": seq, "hash": last_hash})
    if noted.rowcount == 0:  # type: ignore[attr-defined]
        raise RuntimeError("events were appended to a book that was taken for others")

"""The counters of a business: one row that every writer locks first, so that numbers and audit events have no gap."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, text, update
from sqlalchemy.orm import Session

from invo_cli.models import Base
from invo_cli.services.batching import Answer, Prepared, batched

SYSTEM = 0
"""The book of what belongs to no business: users, sign-ins, migrations."""

# Built once: every write runs both, and building them costs more than running them.
_TABLE = Base.metadata.tables["books"]
_BOOKS = _TABLE.c
_QUEUE = Prepared(text("SELECT pg_advisory_xact_lock(:business)"))
_TAKE = Prepared(
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
_CLOSE = Prepared(
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
    with batched(session):
        answer = ask(session, business_id, documents=documents, customers=customers, items=items)
    return Taken(*answer.one())


def ask(session: Session, business_id: int, *, documents: int = 0, customers: int = 0, items: int = 0) -> Answer:
    """Like `take`, as one of the statements of a batch; the row of the answer makes a Taken."""
    if session.connection().dialect.name == "postgresql":
        # Whoever waits stands in a queue: the row itself would let all of them try again at each commit.
        _QUEUE.run(session, business=business_id)
    return _TAKE.run(session, business=business_id, documents=documents, customers=customers, items=items)


def give_back(session: Session, business_id: int, before: Taken) -> None:
    """Take back the numbers taken since: whoever holds the book stored nothing that bears one."""
    counters = {
        "last_document_no": before.document_no,
        "last_customer_no": before.customer_no,
        "last_item_no": before.item_no,
    }
    session.execute(update(_TABLE).where(_BOOKS.business_id == business_id).values(**counters))


def close_chain(session: Session, business_id: int, *, before: int, seq: int, last_hash: str) -> None:
    """Note the last audit event, which the next one continues; `before` is the last one of the book as it was taken.

    Raises RuntimeError when events were appended in between: the chain would fork.
    """
    noted = _CLOSE.run(session, business=business_id, before=before, seq=seq, hash=last_hash)
    if noted.count == 0:
        raise RuntimeError("events were appended to a book that was taken for others")

"""The ledger of sent e-mails: a sending is stored before the e-mail leaves, so that none goes twice.

A sending is `unknown` until the server has answered, and stays so when the program was killed in between; neither an
unknown nor a sent one is sent again unless somebody asks for that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session

from invo_cli.db.types import new_id
from invo_cli.errors import NotFoundError
from invo_cli.gst.periods import GST_BEGAN
from invo_cli.gst.text import quoted
from invo_cli.models import Business, Invoice, SentMail
from invo_cli.services import audit, books, letters, reminders
from invo_cli.services.access import Right, demands
from invo_cli.services.acting import Act
from invo_cli.services.rereading import reread

PERSONAL = audit.PERSONAL | {"recipient", "cc", "subject", "failure"}
ACTIONS = {"invoice": "invoice.send", "reminder": "remind.send"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """An e-mail about a document; `step` is the days after the due date of a reminder, None otherwise."""

    invoice: Invoice
    recipient: str
    cc: tuple[str, ...]
    subject: str
    step: int | None = None

    @property
    def kind(self) -> str:
        """`invoice` or `reminder`."""
        return "invoice" if self.step is None else "reminder"

    @property
    def key(self) -> str:
        """What makes two e-mails the same: an invoice by its reader, a reminder by its step, whoever reads it."""
        about = f"D-{self.invoice.document_no}"
        return f"invoice/{about}/{self.recipient.lower()}" if self.step is None else f"reminder/{about}/{self.step}"


@dataclass(frozen=True, slots=True)
class Claim:
    """A sending as scripts see it; when it is not new the e-mail went, or may have gone, before."""

    row: dict[str, Any]
    is_new: bool


@demands(Right.MAIL_SEND)
def claim(
    session: Session, business: Business, posting: Posting, *, act: Act, domain: str, again: bool = False
) -> Claim:
    """Store a sending as unknown, unless this e-mail went or may have gone before; `again` sends it all the same.

    `domain` is that of the sender, for the Message-ID: the same for every attempt until one of them went. Raises
    ConflictError for a document that was cancelled, or for a reminder of one that was paid, in the meantime.
    """
    books.take(session, business.id)
    reread(session, posting.invoice)
    letters.require_sendable(posting.invoice)
    if posting.step is not None:
        reminders.require_owed(posting.invoice)
    last = _last(session, business.id, posting.key)
    if last is not None and last.status != "failed" and not again:
        return Claim(as_row(last, posting.invoice), is_new=False)
    mail = SentMail(
        business_id=business.id,
        id=new_id(),
        key=posting.key,
        attempt=1 if last is None else last.attempt + 1,
        kind=posting.kind,
        status="unknown",
        invoice_id=posting.invoice.id,
        step=posting.step,
        recipient=posting.recipient,
        cc=", ".join(posting.cc) or None,
        subject=posting.subject,
        message_id=f"<{_digest(session, business.id, posting.key)}@{domain}>",
        claimed_at=act.at,
        claimed_by=act.actor,
    )
    session.add(mail)
    session.flush()
    row = as_row(mail, posting.invoice)
    _record(session, act, business.id, row)
    return Claim(row, is_new=True)


@demands(Right.MAIL_SEND)
def settle(
    session: Session, business: Business, mail_id: str, *, act: Act, failure: str | None = None
) -> dict[str, Any]:
    """Store what became of a sending: it went, or it certainly did not (`failure`: why)."""
    books.take(session, business.id)
    mail = session.get_one(SentMail, (business.id, int(mail_id)))
    invoice = session.get_one(Invoice, (business.id, mail.invoice_id))
    before = as_row(mail, invoice)
    mail.status, mail.failure, mail.settled_at = ("failed" if failure else "sent"), failure, act.at
    session.flush()
    row = as_row(mail, invoice)
    _record(session, act, business.id, row, before=before)
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which sendings to list; both days are included, None is open."""

    kind: str | None = None
    status: str | None = None
    invoice_id: int | None = None
    days: tuple[date | None, date | None] = (None, None)
    after: str | None = None
    limit: int | None = None


@demands(Right.MAIL_SEND)
def search(session: Session, business: Business, wanted: Wanted, *, zone: tzinfo) -> Iterator[dict[str, Any]]:
    """The sendings wanted, streamed, the newest first; `zone` is where their days are days."""
    query = (
        select(SentMail, Invoice.document_no, Invoice.number)
        .join(Invoice, (Invoice.business_id == SentMail.business_id) & (Invoice.id == SentMail.invoice_id))
        .where(SentMail.business_id == business.id, *_conditions(session, business, wanted, zone))
        .order_by(SentMail.claimed_at.desc(), SentMail.id.desc())
    )
    if wanted.limit is not None:
        query = query.limit(wanted.limit)
    with session.execute(query.execution_options(yield_per=500)) as found:
        for mail, document_no, number in found:
            yield _row(mail, document_no, number)


def as_row(mail: SentMail, invoice: Invoice) -> dict[str, Any]:
    """A sending as scripts see it."""
    return _row(mail, invoice.document_no, invoice.number)


def _row(mail: SentMail, document_no: int, number: str | None) -> dict[str, Any]:
    return {
        "id": str(mail.id),
        "kind": mail.kind,
        "document": f"D-{document_no}",
        "number": number,
        "step": mail.step,
        "recipient": mail.recipient,
        "cc": mail.cc.split(", ") if mail.cc else [],
        "subject": mail.subject,
        "status": mail.status,
        "attempt": mail.attempt,
        "claimed_at": mail.claimed_at.isoformat(),
        "settled_at": mail.settled_at and mail.settled_at.isoformat(),
        "failure": mail.failure,
        "message_id": mail.message_id,
        "by": mail.claimed_by,
    }


def _conditions(session: Session, business: Business, wanted: Wanted, zone: tzinfo) -> Iterator[ColumnElement[bool]]:
    first, last = wanted.days
    if wanted.kind is not None:
        yield SentMail.kind == wanted.kind
    if wanted.status is not None:
        yield SentMail.status == wanted.status
    if wanted.invoice_id is not None:
        yield SentMail.invoice_id == wanted.invoice_id
    if first is not None:
        yield SentMail.claimed_at >= datetime.combine(max(first, GST_BEGAN), time.min, zone)
    if last is not None:
        yield SentMail.claimed_at <= datetime.combine(max(last, GST_BEGAN), time.max, zone)
    if wanted.after is not None:
        cursor = _get(session, business, wanted.after)
        yield tuple_(SentMail.claimed_at, SentMail.id) < tuple_(cursor.claimed_at, cursor.id)


def _get(session: Session, business: Business, mail_id: str) -> SentMail:
    is_id = mail_id.isascii() and mail_id.isdigit() and len(mail_id) < 19
    mail = session.get(SentMail, (business.id, int(mail_id))) if is_id else None
    if mail is None:
        raise NotFoundError(f"No e-mail {quoted(mail_id)}.", hint="See: invo remind history -o name")
    return mail


def _last(session: Session, business_id: int, key: str) -> SentMail | None:
    query = select(SentMail).where(SentMail.business_id == business_id, SentMail.key == key)
    return session.scalars(query.order_by(SentMail.attempt.desc()).limit(1)).first()


def _digest(session: Session, business_id: int, key: str) -> str:
    """The left half of a Message-ID: a repeated try bears the same, so that a reader who got both sees one."""
    went = select(func.count()).where(
        SentMail.business_id == business_id, SentMail.key == key, SentMail.status == "sent"
    )
    return sha256(f"{business_id}\n{key}\n{session.scalar(went)}".encode()).hexdigest()[:32]


def _record(
    session: Session, act: Act, business_id: int, row: dict[str, Any], *, before: dict[str, Any] | None = None
) -> None:
    event = audit.Event(
        action=ACTIONS[row["kind"]],
        subject=f"invoice:{row['document']}",
        before=before and _outcome(before),
        after=_outcome(row),
        personal=PERSONAL,
    )
    audit.append(session, business_id, act, [event])


def _outcome(row: dict[str, Any]) -> dict[str, Any]:
    """A sending as an event keeps it: `status` in an event about a document is that of the document."""
    return {"outcome" if key == "status" else key: value for key, value in row.items()}

"""The ledger of sent e-mails: one row a sending, stored before the e-mail leaves."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from invo_cli.db.types import Instant, Key
from invo_cli.models.base import Base, one_of

MAIL_KINDS = ("invoice", "reminder")
MAIL_STATUSES = ("unknown", "sent", "failed")


class SentMail(Base):
    """One attempt to send one e-mail; `unknown` until the server has answered, for ever when nobody heard it."""

    __tablename__ = "sent_mails"
    __table_args__ = (
        ForeignKeyConstraint(["business_id", "invoice_id"], ["invoices.business_id", "invoices.id"]),
        UniqueConstraint("business_id", "key", "attempt"),
        Index("ix_sent_mails_business_id_claimed_at_id", "business_id", "claimed_at", "id"),
        Index("ix_sent_mails_business_id_invoice_id", "business_id", "invoice_id"),
        CheckConstraint(one_of("kind", MAIL_KINDS), "kind"),
        CheckConstraint(one_of("status", MAIL_STATUSES), "status"),
        CheckConstraint("attempt > 0", "attempt"),
        CheckConstraint("(kind = 'reminder') = (step IS NOT NULL)", "step"),
        CheckConstraint("(status = 'unknown') = (settled_at IS NULL)", "settled_at"),
        CheckConstraint("(status = 'failed') = (failure IS NOT NULL)", "failure"),
    )

    business_id: Mapped[Key] = mapped_column(ForeignKey("businesses.id"))
    id: Mapped[Key]
    key: Mapped[str]
    """What the e-mail is about and for whom: two e-mails with one key are the same e-mail."""
    attempt: Mapped[int]
    kind: Mapped[str]
    status: Mapped[str]
    invoice_id: Mapped[int]
    step: Mapped[int | None]
    """Of a reminder: the days after the due date from which it was owed."""
    recipient: Mapped[str]
    cc: Mapped[str | None]
    subject: Mapped[str]
    message_id: Mapped[str]
    claimed_at: Mapped[Instant]
    claimed_by: Mapped[str]
    settled_at: Mapped[Instant | None]
    """When the server took or refused it."""
    failure: Mapped[str | None]
    """What the server said when it refused."""

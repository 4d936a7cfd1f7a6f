"""The audit trail: append-only events in one hash chain per business, personal values kept apart."""

from __future__ import annotations

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from invo_cli.db.types import Instant, Key
from invo_cli.models.base import Base


class AuditEvent(Base):
    """Who did what, when, with the state before and after; never changed, never removed."""

    __tablename__ = "audit_events"
    __table_args__ = (
        # Covers the search for the last change of a record, so that exports read no event: events are wide.
        Index("ix_audit_events_business_id_subject_seq_action", "business_id", "subject", "seq", "action"),
    )

    business_id: Mapped[Key] = mapped_column(ForeignKey("books.business_id"))
    seq: Mapped[Key]
    at: Mapped[Instant]
    actor: Mapped[str]
    via: Mapped[str | None]
    """How the actor was known: `session:…` or `token:NAME`; None while there are no users."""
    os_user: Mapped[str]
    host: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    reason: Mapped[str | None]
    before: Mapped[str | None]
    """Canonical JSON; personal fields as salted digests."""
    after: Mapped[str | None]
    hash: Mapped[str]


class AuditPersonal(Base):
    """The personal values behind the digests of one event; may be erased, the chain still verifies."""

    __tablename__ = "audit_personal"
    __table_args__ = (ForeignKeyConstraint(["business_id", "seq"], ["audit_events.business_id", "audit_events.seq"]),)

    business_id: Mapped[Key]
    seq: Mapped[Key]
    salt: Mapped[str]
    fields: Mapped[str]
    """JSON: path of the field to its value."""

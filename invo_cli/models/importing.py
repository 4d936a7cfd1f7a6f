"""Imported files: what came of each, which records it made, which lines of a bank statement are booked."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from invo_cli.db.types import Count, Instant, Key, Paise
from invo_cli.models.base import Base, one_of

IMPORTS = ("customers", "items", "invoices", "payments")


class ImportBatch(Base):
    """One file that was imported; undoing it removes what it made and keeps this row."""

    __tablename__ = "import_batches"
    __table_args__ = (
        UniqueConstraint("business_id", "name"),
        CheckConstraint(one_of("data_set", IMPORTS), "data_set"),
    )

    business_id: Mapped[Key] = mapped_column(ForeignKey("businesses.id"))
    id: Mapped[Key]
    name: Mapped[str]
    data_set: Mapped[str]
    file_name: Mapped[str]
    sha256: Mapped[str]
    read: Mapped[Count]
    imported: Mapped[Count]
    skipped: Mapped[Count]
    rejected: Mapped[Count]
    imported_at: Mapped[Instant]
    imported_by: Mapped[str]
    counters: Mapped[str]
    """JSON: how far the number series were that the batch moved, so that undoing it can move them back."""
    undone_at: Mapped[Instant | None]


class ImportRecord(Base):
    """One record that a batch made."""

    __tablename__ = "import_records"
    __table_args__ = (
        ForeignKeyConstraint(["business_id", "batch_id"], ["import_batches.business_id", "import_batches.id"]),
        Index("ix_import_records_business_id_subject_subject_id", "business_id", "subject", "subject_id"),
        CheckConstraint(one_of("subject", ("customer", "item", "invoice", "payment")), "subject"),
    )

    business_id: Mapped[Key]
    batch_id: Mapped[Key]
    subject: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[Key]
    line_no: Mapped[int]
    """The line of the file at which the record begins."""


class BankLine(Base):
    """A line of a bank statement that is booked as a payment: it cannot be booked again."""

    __tablename__ = "bank_lines"
    __table_args__ = (
        ForeignKeyConstraint(["business_id", "payment_id"], ["payments.business_id", "payments.id"]),
        Index("ix_bank_lines_business_id_payment_id", "business_id", "payment_id"),
        CheckConstraint("occurrence > 0", "occurrence"),
    )

    business_id: Mapped[Key]
    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    """SHA-256 of day, amount, reference and narration."""
    occurrence: Mapped[Key]
    """1, 2, …: equal lines of one statement are different payments."""
    payment_id: Mapped[int]
    dated_on: Mapped[date]
    amount_paise: Mapped[Paise]
    narration: Mapped[str]

"""A business (one GSTIN of the operator), its counters and its number series."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from invo_cli.db.types import Count, Flag, Instant, Key, Thousandths
from invo_cli.models.base import Base


class Business(Base):
    """One registration of the operator; the seller on its documents."""

    __tablename__ = "businesses"
    __table_args__ = (
        UniqueConstraint("code_key"),
        UniqueConstraint("gstin"),
        CheckConstraint("length(state) = 2", "state"),
        CheckConstraint("gstin IS NULL OR length(gstin) = 15", "gstin"),
    )

    id: Mapped[Key] = mapped_column(ForeignKey("books.business_id"))
    code: Mapped[str]
    code_key: Mapped[str]
    """Upper case, so that codes differ by more than case."""
    name: Mapped[str]
    gstin: Mapped[str | None]
    state: Mapped[str]
    address_line1: Mapped[str | None]
    address_line2: Mapped[str | None]
    city: Mapped[str | None]
    pincode: Mapped[str | None]
    mobile: Mapped[str | None]
    email: Mapped[str | None]
    is_composition: Mapped[Flag]
    is_sez: Mapped[Flag]
    lut: Mapped[str | None]
    turnover_paise: Mapped[int | None]
    einvoice_from: Mapped[date | None]
    bank: Mapped[str | None]
    upi: Mapped[str | None]
    logo: Mapped[str | None]
    default_rate_thousandths: Mapped[Thousandths] = mapped_column(default=18_000, server_default="18000")
    is_rounded: Mapped[Flag] = mapped_column(default=True, server_default=true())
    """Whether document totals are rounded to the rupee unless the document says otherwise."""
    is_strict: Mapped[Flag]
    """Whether warnings of the coded rules are refusals."""
    files_quarterly: Mapped[Flag]
    """Whether GSTR-1 is filed each quarter, with the invoice furnishing facility in between (QRMP)."""
    created_at: Mapped[Instant]
    is_deleted: Mapped[Flag]


class Book(Base):
    """The counters of one business, the row every writer locks first; business 0 is users and system."""

    __tablename__ = "books"

    business_id: Mapped[Key]
    last_document_no: Mapped[Count]
    last_customer_no: Mapped[Count]
    last_item_no: Mapped[Count]
    last_audit_seq: Mapped[Count]
    last_audit_hash: Mapped[str] = mapped_column(default="")


class NumberSeries(Base):
    """The number pattern of a document kind from a financial year on; year '' holds for every year."""

    __tablename__ = "number_series"

    business_id: Mapped[Key] = mapped_column(ForeignKey("businesses.id"))
    kind: Mapped[str] = mapped_column(primary_key=True)
    financial_year: Mapped[str] = mapped_column(primary_key=True)
    pattern: Mapped[str]


class NumberCounter(Base):
    """The last serial taken of one series in one financial year."""

    __tablename__ = "number_counters"
    __table_args__ = (CheckConstraint("last_serial >= first_serial - 1", "serial"),)

    business_id: Mapped[Key] = mapped_column(ForeignKey("businesses.id"))
    kind: Mapped[str] = mapped_column(primary_key=True)
    series: Mapped[str] = mapped_column(primary_key=True)
    """The pattern: another pattern is another series with serials of its own."""
    financial_year: Mapped[str] = mapped_column(primary_key=True)
    first_serial: Mapped[Count] = mapped_column(default=1, server_default="1")
    last_serial: Mapped[Count]


class IdempotencyKey(Base):
    """What a key was used for: the same key with the same content gives the same record, else a conflict."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (Index("ix_idempotency_keys_business_id_created_at", "business_id", "created_at"),)

    business_id: Mapped[Key] = mapped_column(ForeignKey("businesses.id"))
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    """SHA-256 of the request in canonical form."""
    subject: Mapped[str]
    subject_id: Mapped[int]
    created_at: Mapped[Instant]

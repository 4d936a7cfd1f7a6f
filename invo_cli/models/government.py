"""What the government's portals know of the books: e-invoices, e-way bills, due dates, the official HSN list."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from invo_cli.db.types import Instant, Key
from invo_cli.models.base import Base, one_of

RETURNS = ("gstr1", "iff", "gstr3b", "cmp08")


class HsnCode(Base):
    """One code of the official HSN and SAC list; the same for every business."""

    __tablename__ = "hsn_codes"
    __table_args__ = (CheckConstraint("length(code) BETWEEN 2 AND 8", "code"),)

    code: Mapped[str] = mapped_column(primary_key=True)
    description: Mapped[str]


class ReturnDueDate(Base):
    """The due date of one return of one period where it differs from the usual one (extended by a notification)."""

    __tablename__ = "return_due_dates"
    __table_args__ = (
        CheckConstraint(one_of("kind", RETURNS), "kind"),
        CheckConstraint("length(period) = 6", "period"),
    )

    business_id: Mapped[Key] = mapped_column(ForeignKey("businesses.id"))
    kind: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    """MMYYYY, as in returns."""
    due_on: Mapped[date]


class EInvoice(Base):
    """The portal's answer to an e-invoice; `invoices.irn` holds the reference number while it is live."""

    __tablename__ = "einvoices"
    __table_args__ = (
        ForeignKeyConstraint(["business_id", "invoice_id"], ["invoices.business_id", "invoices.id"]),
        UniqueConstraint("business_id", "irn"),
        CheckConstraint("length(irn) = 64", "irn"),
        CheckConstraint("(cancelled_at IS NULL) = (cancel_code IS NULL)", "cancelled"),
        CheckConstraint("cancel_code IS NULL OR cancel_code BETWEEN 1 AND 4", "cancel_code"),
    )

    business_id: Mapped[Key]
    invoice_id: Mapped[Key]
    irn: Mapped[str]
    ack_no: Mapped[str]
    acknowledged_at: Mapped[Instant]
    signed_invoice: Mapped[str | None]
    """The JWT as it was received."""
    signed_qr: Mapped[str | None]
    """The JWT that is printed as the QR code, untouched."""
    recorded_at: Mapped[Instant]
    recorded_by: Mapped[str]
    cancelled_at: Mapped[Instant | None]
    cancel_code: Mapped[int | None]
    """1 duplicate, 2 data entry mistake, 3 order cancelled, 4 others."""
    cancel_remark: Mapped[str | None]


class EwayBill(Base):
    """The portal's answer to an e-way bill of a document; a document may have had several."""

    __tablename__ = "eway_bills"
    __table_args__ = (
        ForeignKeyConstraint(["business_id", "invoice_id"], ["invoices.business_id", "invoices.id"]),
        Index("ix_eway_bills_business_id_invoice_id", "business_id", "invoice_id"),
        CheckConstraint("length(number) = 12", "number"),
        CheckConstraint("(cancelled_on IS NULL) = (cancel_code IS NULL)", "cancelled"),
        CheckConstraint("cancel_code IS NULL OR cancel_code BETWEEN 1 AND 4", "cancel_code"),
    )

    business_id: Mapped[Key]
    number: Mapped[str] = mapped_column(primary_key=True)
    invoice_id: Mapped[int]
    generated_on: Mapped[date]
    valid_until: Mapped[date | None]
    recorded_at: Mapped[Instant]
    recorded_by: Mapped[str]
    cancelled_on: Mapped[date | None]
    cancel_code: Mapped[int | None]
    """1 duplicate, 2 order cancelled, 3 data entry mistake, 4 others."""

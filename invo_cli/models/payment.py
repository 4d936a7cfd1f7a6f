"""Money received and given back, and how it is set against documents."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from invo_cli.db.types import Flag, Instant, Key, Paise
from invo_cli.models.base import Base, one_of

DIRECTIONS = ("receipt", "refund")
METHODS = ("cash", "upi", "card", "bank", "cheque")


class Payment(Base):
    """A receipt from a customer, or a refund to one; only allocation, refund and voiding change it."""

    __tablename__ = "payments"
    __table_args__ = (
        ForeignKeyConstraint(["business_id", "customer_id"], ["customers.business_id", "customers.id"]),
        ForeignKeyConstraint(["business_id", "refund_of_id"], ["payments.business_id", "payments.id"]),
        ForeignKeyConstraint(["business_id", "refund_of_note_id"], ["invoices.business_id", "invoices.id"]),
        UniqueConstraint("business_id", "financial_year", "number_key"),
        UniqueConstraint("business_id", "financial_year", "voucher"),
        Index("ix_payments_business_id_number_key", "business_id", "number_key"),
        Index("ix_payments_business_id_voucher", "business_id", "voucher"),
        Index("ix_payments_business_id_dated_on_number_key", "business_id", "dated_on", "number_key"),
        Index("ix_payments_business_id_customer_id_dated_on", "business_id", "customer_id", "dated_on"),
        Index("ix_payments_business_id_refund_of_id", "business_id", "refund_of_id"),
        Index("ix_payments_business_id_refund_of_note_id", "business_id", "refund_of_note_id"),
        CheckConstraint(one_of("direction", DIRECTIONS), "direction"),
        CheckConstraint(one_of("method", METHODS), "method"),
        CheckConstraint("length(number) BETWEEN 1 AND 16", "number_length"),
        CheckConstraint("amount_paise > 0 AND tds_paise >= 0", "amount"),
        CheckConstraint("cgst_paise = sgst_paise", "cgst_equals_sgst"),
        CheckConstraint(
            "allocated_paise >= 0 AND refunded_paise >= 0"
            " AND allocated_paise + refunded_paise <= amount_paise + tds_paise",
            "unallocated",
        ),
    )

    business_id: Mapped[Key] = mapped_column(ForeignKey("businesses.id"))
    id: Mapped[Key]
    direction: Mapped[str]
    number: Mapped[str]
    number_key: Mapped[str]
    series: Mapped[str]
    serial: Mapped[int]
    financial_year: Mapped[str]
    dated_on: Mapped[date]
    customer_id: Mapped[int]
    method: Mapped[str]
    reference: Mapped[str | None]
    notes: Mapped[str | None]
    amount_paise: Mapped[Paise]
    tds_paise: Mapped[Paise]
    """Tax deducted by the customer; it settles documents like money received (Income-tax Act s.194C, s.194J)."""
    allocated_paise: Mapped[Paise]
    refunded_paise: Mapped[Paise]
    is_advance: Mapped[Flag]
    gst_rate_thousandths: Mapped[int | None]
    place_of_supply: Mapped[str | None]
    taxable_paise: Mapped[Paise]
    cgst_paise: Mapped[Paise]
    sgst_paise: Mapped[Paise]
    igst_paise: Mapped[Paise]
    voucher: Mapped[str | None]
    """Number of the receipt voucher (Rule 50) or refund voucher (Rule 51)."""
    voucher_series: Mapped[str | None]
    voucher_serial: Mapped[int | None]
    description: Mapped[str | None]
    """Of an advance: the goods or services it is for (Rule 50(e))."""
    seller: Mapped[str | None]
    """Of a voucher: the seller as printed, JSON."""
    buyer: Mapped[str | None]
    """Of a voucher: the buyer as printed, JSON."""
    refund_of_id: Mapped[int | None]
    refund_of_note_id: Mapped[int | None]
    created_at: Mapped[Instant]
    created_by: Mapped[str]
    voided_on: Mapped[date | None]
    void_reason: Mapped[str | None]


class AdvanceAmendment(Base):
    """Rate and place of an advance as corrected after a return had reported it; the voucher stays as it was printed."""

    __tablename__ = "advance_amendments"
    __table_args__ = (
        ForeignKeyConstraint(["business_id", "payment_id"], ["payments.business_id", "payments.id"]),
        Index("ix_advance_amendments_business_id_payment_id", "business_id", "payment_id"),
        CheckConstraint("cgst_paise = sgst_paise", "cgst_equals_sgst"),
    )

    business_id: Mapped[Key]
    id: Mapped[Key]
    payment_id: Mapped[int]
    amended_on: Mapped[date]
    """The return of this day states the earlier periods anew; from then on the advance bears the corrected tax."""
    gst_rate_thousandths: Mapped[int]
    place_of_supply: Mapped[str | None]
    taxable_paise: Mapped[Paise]
    cgst_paise: Mapped[Paise]
    sgst_paise: Mapped[Paise]
    igst_paise: Mapped[Paise]
    created_at: Mapped[Instant]
    created_by: Mapped[str]


class Allocation(Base):
    """A part of a payment, or of a credit note, set against a document; undone by a date, never removed."""

    __tablename__ = "allocations"
    __table_args__ = (
        ForeignKeyConstraint(["business_id", "payment_id"], ["payments.business_id", "payments.id"]),
        ForeignKeyConstraint(["business_id", "note_id"], ["invoices.business_id", "invoices.id"]),
        ForeignKeyConstraint(["business_id", "invoice_id"], ["invoices.business_id", "invoices.id"]),
        Index("ix_allocations_business_id_invoice_id", "business_id", "invoice_id"),
        Index("ix_allocations_business_id_payment_id", "business_id", "payment_id"),
        Index("ix_allocations_business_id_note_id", "business_id", "note_id"),
        CheckConstraint("(payment_id IS NULL) <> (note_id IS NULL)", "one_source"),
        CheckConstraint("amount_paise > 0", "amount"),
        CheckConstraint("undone_on IS NULL OR undone_on >= allocated_on", "undone_on"),
    )

    business_id: Mapped[Key]
    id: Mapped[Key]
    payment_id: Mapped[int | None]
    note_id: Mapped[int | None]
    invoice_id: Mapped[int]
    amount_paise: Mapped[Paise]
    allocated_on: Mapped[date]
    undone_on: Mapped[date | None]
    created_at: Mapped[Instant]

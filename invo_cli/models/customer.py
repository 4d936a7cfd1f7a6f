"""A customer of a business."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from invo_cli.db.types import Flag, Instant, Key
from invo_cli.models.base import Base


class Customer(Base):
    """The master record; documents keep a snapshot of their own."""

    __tablename__ = "customers"
    __table_args__ = (
        ForeignKeyConstraint(["business_id", "merged_into_id"], ["customers.business_id", "customers.id"]),
        UniqueConstraint("business_id", "code_key"),
        Index("ix_customers_business_id_name_key", "business_id", "name_key"),
        Index("ix_customers_business_id_mobile", "business_id", "mobile"),
        Index("ix_customers_business_id_gstin", "business_id", "gstin"),
        Index("ix_customers_business_id_merged_into_id", "business_id", "merged_into_id"),
        CheckConstraint("length(state) = 2", "state"),
        CheckConstraint("gstin IS NULL OR length(gstin) = 15", "gstin"),
        CheckConstraint("mobile IS NULL OR length(mobile) = 10", "mobile"),
    )

    business_id: Mapped[Key] = mapped_column(ForeignKey("businesses.id"))
    id: Mapped[Key]
    code: Mapped[str]
    code_key: Mapped[str]
    name: Mapped[str]
    name_key: Mapped[str]
    """NFC and case-folded, for exact matches whatever the case."""
    search_key: Mapped[str]
    """Name, code, mobile and GSTIN, case-folded, for searches by any part."""
    gstin: Mapped[str | None]
    state: Mapped[str]
    mobile: Mapped[str | None]
    email: Mapped[str | None]
    address_line1: Mapped[str | None]
    address_line2: Mapped[str | None]
    city: Mapped[str | None]
    pincode: Mapped[str | None]
    country: Mapped[str | None]
    is_composition: Mapped[Flag]
    is_sez: Mapped[Flag]
    notes: Mapped[str | None]
    merged_into_id: Mapped[int | None]
    created_at: Mapped[Instant]
    is_deleted: Mapped[Flag]

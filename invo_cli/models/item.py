"""A part or a service that a business sells."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from invo_cli.db.types import Flag, Instant, Key, Thousandths
from invo_cli.gst.document import Taxability
from invo_cli.models.base import Base, one_of

ITEM_KINDS = ("part", "labour")


class Item(Base):
    """The master record; lines keep a copy of its figures."""

    __tablename__ = "items"
    __table_args__ = (
        UniqueConstraint("business_id", "code_key"),
        CheckConstraint(one_of("kind", ITEM_KINDS), "kind"),
        CheckConstraint(one_of("taxability", Taxability), "taxability"),
        CheckConstraint("unit_price_thousandths >= 0", "unit_price"),
        CheckConstraint("gst_rate_thousandths IS NULL OR gst_rate_thousandths >= 0", "gst_rate"),
    )

    business_id: Mapped[Key] = mapped_column(ForeignKey("businesses.id"))
    id: Mapped[Key]
    code: Mapped[str]
    code_key: Mapped[str]
    name: Mapped[str]
    search_key: Mapped[str]
    kind: Mapped[str]
    hsn: Mapped[str | None]
    unit: Mapped[str]
    unit_price_thousandths: Mapped[Thousandths]
    gst_rate_thousandths: Mapped[int | None]
    """None stands for the default rate of the business."""
    cess_rate_thousandths: Mapped[Thousandths]
    cess_per_unit_thousandths: Mapped[Thousandths]
    taxability: Mapped[str] = mapped_column(default=Taxability.TAXABLE.value, server_default=Taxability.TAXABLE.value)
    price_includes_tax: Mapped[Flag]
    created_at: Mapped[Instant]
    is_deleted: Mapped[Flag]

"""Periods in which nothing may change any more."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from invo_cli.db.types import Instant, Key
from invo_cli.models.base import Base


class PeriodLock(Base):
    """One locked month; unlocking removes the row, the audit trail keeps both."""

    __tablename__ = "period_locks"
    __table_args__ = (CheckConstraint("length(period) = 6", "period"),)

    business_id: Mapped[Key] = mapped_column(ForeignKey("businesses.id"))
    period: Mapped[str] = mapped_column(primary_key=True)
    """MMYYYY, as in returns."""
    reason: Mapped[str]
    locked_at: Mapped[Instant]
    locked_by: Mapped[str]
    arn: Mapped[str | None]
    """Acknowledgement of the return that was filed."""
    filed_on: Mapped[date | None]

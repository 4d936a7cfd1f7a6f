"""Export jobs, how far each has read, what it wrote, and how its runs went."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from invo_cli.db.types import Count, Instant, Key
from invo_cli.models.base import Base, one_of

BATCH_STATUSES = ("prepared", "delivered")
RUN_STATUSES = ("running", "delivered", "empty", "failed")


class ExportJob(Base):
    """A named incremental export of one business, or of all of them (the book 0).

    A run holds the lock of this row while it lasts, so nothing that a run changes stands here.
    """

    __tablename__ = "export_jobs"

    business_id: Mapped[Key] = mapped_column(ForeignKey("books.business_id"))
    name: Mapped[str] = mapped_column(primary_key=True)
    data_set: Mapped[str]
    settings: Mapped[str]
    """JSON: format, compression, fields, target and whatever else a run needs."""
    created_at: Mapped[Instant]
    created_by: Mapped[str]


class ExportCursor(Base):
    """The last audit event of one book that a job has exported."""

    __tablename__ = "export_cursors"
    __table_args__ = (
        ForeignKeyConstraint(
            ["business_id", "job"], ["export_jobs.business_id", "export_jobs.name"], ondelete="CASCADE"
        ),
    )

    business_id: Mapped[Key]
    job: Mapped[str] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("books.business_id"), primary_key=True, autoincrement=False)
    """The book that was read."""
    seq: Mapped[Count]


class ExportBatch(Base):
    """What one run wrote: kept, so that the same bytes can be delivered again."""

    __tablename__ = "export_batches"
    __table_args__ = (
        ForeignKeyConstraint(
            ["business_id", "job"], ["export_jobs.business_id", "export_jobs.name"], ondelete="CASCADE"
        ),
        CheckConstraint(one_of("status", BATCH_STATUSES), "status"),
    )

    business_id: Mapped[Key]
    job: Mapped[str] = mapped_column(primary_key=True)
    batch_no: Mapped[Key]
    status: Mapped[str]
    manifest: Mapped[str]
    """JSON: from, to, rows, totals, schema, bytes and SHA-256 of what was written."""
    prepared_at: Mapped[Instant]


class ExportPart(Base):
    """A piece of the text of a batch, compressed; removed when the retention of its job ends."""

    __tablename__ = "export_parts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["business_id", "job", "batch_no"],
            ["export_batches.business_id", "export_batches.job", "export_batches.batch_no"],
            ondelete="CASCADE",
        ),
    )

    business_id: Mapped[Key]
    job: Mapped[str] = mapped_column(primary_key=True)
    batch_no: Mapped[Key]
    part_no: Mapped[Key]
    data: Mapped[bytes] = mapped_column(LargeBinary)


class ExportRun(Base):
    """The ledger of a job: when it ran, what came of it."""

    __tablename__ = "export_runs"
    __table_args__ = (
        ForeignKeyConstraint(
            ["business_id", "job"], ["export_jobs.business_id", "export_jobs.name"], ondelete="CASCADE"
        ),
        CheckConstraint(one_of("status", RUN_STATUSES), "status"),
        CheckConstraint("(status = 'failed') = (failure IS NOT NULL)", "failure"),
    )

    business_id: Mapped[Key]
    job: Mapped[str] = mapped_column(primary_key=True)
    run_no: Mapped[Key]
    status: Mapped[str]
    started_at: Mapped[Instant]
    started_by: Mapped[str]
    ended_at: Mapped[Instant | None]
    batch_no: Mapped[int | None]
    failure: Mapped[str | None]
    """The sentence of the error, without secrets."""

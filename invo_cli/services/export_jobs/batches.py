"""The batches of a job: the bytes of each, stored in compressed parts, and the manifest that describes them."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, func, insert, select, update
from sqlalchemy.orm import Session

from invo_cli.errors import ConflictError, InvalidError, NotFoundError
from invo_cli.gst.text import quoted
from invo_cli.models import ExportBatch, ExportJob, ExportPart
from invo_cli.services.access import Right, demands

_KEEP = re.compile("([1-9][0-9]{0,4})(d?)")


def checked_keep(text: str) -> str:
    """How long batches are kept: their number, or a number of days."""
    if not _KEEP.fullmatch(text):
        raise InvalidError(
            f"{quoted(text)} says not how long batches are kept.", hint="Write 30 for batches or 14d for days."
        )
    return text


def next_no(session: Session, job: ExportJob) -> int:
    """The number of the next batch; batches are never removed, only their bytes."""
    return 1 + (session.scalar(select(func.max(ExportBatch.batch_no)).where(*_of(ExportBatch, job))) or 0)


def undelivered(session: Session, job: ExportJob) -> ExportBatch | None:
    """The batch whose run ended before it was delivered."""
    query = select(ExportBatch).where(*_of(ExportBatch, job), ExportBatch.status == "prepared")
    return session.scalars(query.order_by(ExportBatch.batch_no)).first()


def newest(session: Session, job: ExportJob, count: int) -> Sequence[ExportBatch]:
    """The newest batches, the last one first."""
    query = select(ExportBatch).where(*_of(ExportBatch, job)).order_by(ExportBatch.batch_no.desc())
    return session.scalars(query.limit(count)).all()


def add(
    session: Session, job: ExportJob, batch_no: int, manifest: dict[str, Any], parts: Iterable[bytes], at: datetime
) -> None:
    """Store a batch that is not delivered yet; `parts` are compressed by `packed`."""
    keys = {"business_id": job.business_id, "job": job.name, "batch_no": batch_no}
    kept = {"status": "prepared", "manifest": json.dumps(manifest, ensure_ascii=False), "prepared_at": at}
    session.execute(insert(ExportBatch).values(keys | kept))
    for part_no, data in enumerate(parts, 1):
        session.execute(insert(ExportPart), keys | {"part_no": part_no, "data": data})


def packed(data: bytes) -> bytes:
    """A piece of a batch as it is stored."""
    return zlib.compress(data, 1)


@demands(Right.EXPORT_RUN)
def content(session: Session, job: ExportJob, batch_no: int) -> Iterator[bytes]:
    """The bytes of a batch, piece by piece; ConflictError when its retention has ended."""
    batch = get(session, job, batch_no)
    numbers = session.scalars(select(ExportPart.part_no).where(*_parts(batch)).order_by(ExportPart.part_no)).all()
    if not numbers:
        raise ConflictError(
            f"The bytes of batch {batch_no} of {job.name} are no longer kept.",
            hint="Its manifest is: invo export batch show. A longer --keep of the job keeps more.",
        )
    for part_no in numbers:
        data = session.scalar(select(ExportPart.data).where(*_parts(batch), ExportPart.part_no == part_no))
        yield zlib.decompress(data or b"")


def get(session: Session, job: ExportJob, batch_no: int) -> ExportBatch:
    """A batch by its number; NotFoundError says which there are."""
    batch = session.get(ExportBatch, (job.business_id, job.name, batch_no))
    if batch is None:
        there = next_no(session, job) - 1
        hint = f"The last one is {there}." if there else "None was written yet."
        raise NotFoundError(f"{job.name} has no batch {batch_no}.", hint=hint)
    return batch


@demands(Right.EXPORT_RUN)
def search(session: Session, job: ExportJob) -> Sequence[dict[str, Any]]:
    """The batches of a job as scripts see them, the oldest first."""
    query = select(ExportBatch).where(*_of(ExportBatch, job)).order_by(ExportBatch.batch_no)
    kept = set(session.scalars(_kept(job)))
    return [as_row(batch, batch.batch_no in kept) for batch in session.scalars(query)]


@demands(Right.EXPORT_RUN)
def shown(session: Session, job: ExportJob, batch_no: int) -> dict[str, Any]:
    """One batch as scripts see it."""
    batch = get(session, job, batch_no)
    return as_row(batch, batch_no in set(session.scalars(_kept(job))))


def mark_delivered(session: Session, job: ExportJob, batch_no: int) -> None:
    """Note that the file of a batch is complete."""
    ours = (*_of(ExportBatch, job), ExportBatch.batch_no == batch_no)
    session.execute(update(ExportBatch).where(*ours).values(status="delivered"))


def prune(session: Session, job: ExportJob, keep: str, now: datetime) -> None:
    """Drop the bytes of delivered batches whose retention has ended; the manifests stay."""
    number, unit = _KEEP.fullmatch(keep).groups()  # type: ignore[union-attr] # checked when the job was made
    old = select(ExportBatch.batch_no).where(*_of(ExportBatch, job), ExportBatch.status == "delivered")
    if unit:
        old = old.where(ExportBatch.prepared_at < now - timedelta(days=int(number)))
    else:
        old = old.where(ExportBatch.batch_no < next_no(session, job) - int(number))
    numbers = session.scalars(old.where(ExportBatch.batch_no.in_(_kept(job)))).all()
    if numbers:
        session.execute(delete(ExportPart).where(*_of(ExportPart, job), ExportPart.batch_no.in_(numbers)))


def manifest_of(batch: ExportBatch) -> dict[str, Any]:
    """The manifest as it is written beside the file."""
    found: dict[str, Any] = json.loads(batch.manifest)
    return found


def as_row(batch: ExportBatch, kept: bool) -> dict[str, Any]:
    """A batch as scripts see it: its manifest, whether it was delivered and whether it can be replayed."""
    return manifest_of(batch) | {"status": batch.status, "is_kept": kept}


def _kept(job: ExportJob) -> Select[int]:
    """The batches whose bytes are there."""
    return select(ExportPart.batch_no).where(*_of(ExportPart, job), ExportPart.part_no == 1)


def _of(table: Any, job: ExportJob) -> tuple[Any, Any]:
    return table.business_id == job.business_id, table.job == job.name


def _parts(batch: ExportBatch) -> tuple[Any, ...]:
    ours = ExportPart.business_id == batch.business_id, ExportPart.job == batch.job
    return (*ours, ExportPart.batch_no == batch.batch_no)

"""Export jobs by name, each in the book of its business; those of users and of every business in that of the system."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, delete, insert, select
from sqlalchemy.orm import Session

from invo_cli.errors import ConflictError, InvalidError, NotFoundError
from invo_cli.gst.text import nearest, quoted
from invo_cli.models import Business, ExportCursor, ExportJob, ExportRun
from invo_cli.services import audit, books
from invo_cli.services.access import Right, demands, principal_of
from invo_cli.services.acting import Act
from invo_cli.services.export_jobs import settings as job_settings
from invo_cli.services.export_jobs.settings import Settings
from invo_cli.services.exporting import catalogue, scopes

_NAME = re.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,49}")


def checked_name(text: str) -> str:
    """A job name: up to 50 letters, digits and . _ -, since files are called after it."""
    name = text.strip()
    if not _NAME.fullmatch(name):
        raise InvalidError(
            f"{quoted(name)} is not a name of a job.",
            hint="It has up to 50 letters A-Z, digits and . _ - and begins with a letter or digit.",
        )
    return name


@demands(Right.EXPORT_RUN)
def find(session: Session, book_ids: Iterable[int], name: str) -> ExportJob | None:
    """The job of this name in the first of the books that has one, among those that may be seen."""
    return next((job for book_id in _seen(session, book_ids) if (job := session.get(ExportJob, (book_id, name)))), None)


@demands(Right.EXPORT_RUN)
def find_alone(session: Session, book_id: int, name: str) -> ExportJob | None:
    """The job of this name in a book, which stays locked: nobody makes one until the transaction ends."""
    books.take(session, book_id)
    return find(session, [book_id], name)


@demands(Right.EXPORT_RUN)
def get(session: Session, book_ids: Sequence[int], name: str) -> ExportJob:
    """The job of this name in the first of the books that has one; NotFoundError names the nearest.

    Raises DeniedError for a data set that takes a further right: batches are as confidential as full exports.
    """
    job = find(session, book_ids, name)
    if job is None:
        near = nearest(name, [each.name for each in search(session, book_ids)])
        raise NotFoundError(
            f"There is no export job {quoted(name)}.",
            hint=f"Did you mean {near}?" if near else "See: invo export job list",
        )
    scopes.of(session, catalogue.get(job.data_set), [], everything=False)
    return job


@demands(Right.EXPORT_RUN)
def search(session: Session, book_ids: Iterable[int]) -> Sequence[ExportJob]:
    """The jobs of some books, by name."""
    query = select(ExportJob).where(ExportJob.business_id.in_(_seen(session, book_ids)))
    return session.scalars(query.order_by(ExportJob.name, ExportJob.business_id)).all()


@demands(Right.EXPORT_RUN)
def create(session: Session, business_id: int, name: str, data_set: str, settings: Settings, *, act: Act) -> ExportJob:
    """Make a job that has exported nothing yet; ConflictError when the name is taken."""
    if find_alone(session, business_id, name) is not None:
        raise ConflictError(f"There is an export job {name} already.", hint=f"See: invo export job show {name}")
    job = ExportJob(
        business_id=business_id,
        name=name,
        data_set=data_set,
        settings=job_settings.dumped(settings),
        created_at=act.at,
        created_by=act.actor,
    )
    session.add(job)
    session.flush()
    _record(session, job, act, "create", after=state(job))
    return job


@demands(Right.EXPORT_MANAGE)
def remove(session: Session, job: ExportJob, *, act: Act) -> dict[str, Any]:
    """Delete a job with its cursor, batches and ledger; its last state stays in the audit trail."""
    books.take(session, job.business_id)
    before = state(job) | {"cursors": {str(source): seq for source, seq in cursors(session, job).items()}}
    session.execute(delete(ExportJob).where(ExportJob.business_id == job.business_id, ExportJob.name == job.name))
    _record(session, job, act, "delete", before=before)
    return before


def cursors(session: Session, job: ExportJob) -> dict[int, int]:
    """The last event of each book that the job has read; a book it never read is not among them."""
    query = select(ExportCursor.source_id, ExportCursor.seq).where(*_of(ExportCursor, job))
    return {source: seq for source, seq in session.execute(query)}


def move(session: Session, job: ExportJob, before: Mapping[int, int], to: Mapping[int, int]) -> None:
    """Move the cursors from where they were read; ConflictError when another run has moved them meanwhile."""
    found = select(ExportCursor).where(*_of(ExportCursor, job)).with_for_update()
    stored = {cursor.source_id: cursor for cursor in session.scalars(found)}
    if {source: cursor.seq for source, cursor in stored.items()} != dict(before):
        raise ConflictError(f"Another run of {job.name} has ended meanwhile.", hint="Run it again.")
    for source, seq in to.items():
        if source in stored:
            stored[source].seq = seq
        else:
            values = {"business_id": job.business_id, "job": job.name, "source_id": source, "seq": seq}
            session.execute(insert(ExportCursor).values(values))
    session.flush()


def row_of(book_id: int, name: str) -> Select[int]:
    """The row that stands for a job, to be locked while it runs."""
    return select(ExportJob.business_id).where(ExportJob.business_id == book_id, ExportJob.name == name)


@demands(Right.EXPORT_RUN)
def as_row(session: Session, job: ExportJob) -> dict[str, Any]:
    """A job as scripts see it, with how far it has read and what became of its last run."""
    query = select(ExportRun).where(*_of(ExportRun, job)).order_by(ExportRun.run_no.desc()).limit(1)
    run = session.scalars(query).first()
    codes = _codes(session)
    return {
        "name": job.name,
        "data_set": job.data_set,
        "business": codes.get(job.business_id),
        "settings": job_settings.as_row(settings_of(job)),
        "cursor": {codes.get(source, "system"): seq for source, seq in cursors(session, job).items()},
        "last_run": run and run.started_at.isoformat(),
        "last_status": run and run.status,
        "last_failure": run and run.failure,
        "created_at": job.created_at.isoformat(),
        "created_by": job.created_by,
    }


def settings_of(job: ExportJob) -> Settings:
    """The settings of a job."""
    return job_settings.loaded(job.settings)


def state(job: ExportJob) -> dict[str, Any]:
    """What an audit event keeps of a job."""
    return {"name": job.name, "data_set": job.data_set, "settings": job_settings.as_row(settings_of(job))}


def _seen(session: Session, book_ids: Iterable[int]) -> list[int]:
    """Those of the books that whoever asks may see; jobs of the system read every business."""
    return [book_id for book_id in book_ids if principal_of(session).reaches(book_id)]


def _codes(session: Session) -> dict[int, str]:
    return {book_id: code for book_id, code in session.execute(select(Business.id, Business.code))}


def _of(table: Any, job: ExportJob) -> tuple[Any, Any]:
    return table.business_id == job.business_id, table.job == job.name


def _record(session: Session, job: ExportJob, act: Act, verb: str, **states: Any) -> None:
    event = audit.Event(action=f"export_job.{verb}", subject=f"export_job:{job.name}", **states)
    audit.append(session, job.business_id, act, [event])

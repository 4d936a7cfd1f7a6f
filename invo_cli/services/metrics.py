"""Figures about the books for a monitoring system, in the terms of Prometheus: families of samples with labels.

Everything is counted by the database; one pass over the documents is the dearest of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import Session

from invo_cli.gst.document import Kind
from invo_cli.gst.money import rupees
from invo_cli.models import AuditEvent, Book, Business, ExportJob, ExportRun, Invoice
from invo_cli.services import books
from invo_cli.services.access import Right, demands, principal_of

Value = int | Decimal
Sample = tuple[Mapping[str, str], Value]
"""Labels and a value."""
SYSTEM = "system"
"""The label of what belongs to no business."""


class Family(NamedTuple):
    """One metric: its name, its type (gauge or counter), what it means, and its samples."""

    name: str
    type: str
    help: str
    samples: list[Sample]


@demands(Right.SYSTEM_READ)
def collect(session: Session, *, today: date) -> list[Family]:
    """The metrics of every business that may be seen; overdue is what was due before `today`."""
    codes = {
        business.id: business.code
        for business in session.scalars(select(Business).order_by(Business.code))
        if principal_of(session).reaches(business.id)
    }
    labels = codes | ({books.SYSTEM: SYSTEM} if principal_of(session).businesses is None else {})
    return [
        *_documents(session, codes),
        *_owed(session, codes, today),
        *_exports(session, labels),
        *_trail(session, labels),
    ]


def _documents(session: Session, codes: Mapping[int, str]) -> Iterator[Family]:
    group = (Invoice.business_id, Invoice.kind, Invoice.status)
    query = select(*group, func.count(), func.sum(Invoice.total_paise))
    rows = session.execute(query.where(Invoice.business_id.in_(codes)).group_by(*group).order_by(*group)).all()
    named = [({"business": codes[row[0]], "kind": row[1], "status": row[2]}, row) for row in rows]
    yield Family("invo_documents", "gauge", "Documents by kind and status.", [(key, row[3]) for key, row in named])
    yield Family(
        "invo_document_amount_rupees",
        "gauge",
        "What the documents come to, tax included.",
        [(key, rupees(int(row[4]))) for key, row in named],
    )


def _owed(session: Session, codes: Mapping[int, str], today: date) -> Iterator[Family]:
    owed = Invoice.total_paise - Invoice.paid_paise - Invoice.credited_paise
    late = and_(owed > 0, Invoice.due_on < today)
    query = (
        select(
            Invoice.business_id,
            func.sum(owed),
            func.sum(case((late, owed), else_=0)),
            func.sum(case((late, 1), else_=0)),
        )
        .where(Invoice.business_id.in_(codes), Invoice.status == "issued", Invoice.kind != Kind.CREDIT_NOTE.value)
        .group_by(Invoice.business_id)
    )
    found = {row[0]: row[1:] for row in session.execute(query)}
    owing = [({"business": code}, found.get(number, (0, 0, 0))) for number, code in codes.items()]
    yield Family(
        "invo_outstanding_rupees",
        "gauge",
        "What is owed on issued documents.",
        [(key, rupees(int(sums[0]))) for key, sums in owing],
    )
    yield Family(
        "invo_overdue_rupees",
        "gauge",
        "What is owed on documents whose due date has passed.",
        [(key, rupees(int(sums[1]))) for key, sums in owing],
    )
    yield Family(
        "invo_overdue_documents",
        "gauge",
        "Documents whose due date has passed with something owed.",
        [(key, int(sums[2])) for key, sums in owing],
    )


def _exports(session: Session, labels: Mapping[int, str]) -> Iterator[Family]:
    jobs = session.scalars(
        select(ExportJob).where(ExportJob.business_id.in_(labels)).order_by(ExportJob.business_id, ExportJob.name)
    ).all()
    names = {(job.business_id, job.name): {"business": labels[job.business_id], "job": job.name} for job in jobs}
    ended = {key: run for key, run in _last_runs(session, labels, ExportRun.status != "running")}
    good = dict(_last_runs(session, labels, ExportRun.status.in_(("delivered", "empty"))))
    yield Family(
        "invo_export_runs_total", "counter", "Runs of an export job by what came of them.", _runs(session, names)
    )
    yield Family(
        "invo_export_last_success_timestamp_seconds",
        "gauge",
        "When the last run of an export job ended that had nothing to complain of.",
        [(names[key], seconds(run.ended_at)) for key, run in good.items() if run.ended_at],
    )
    yield Family(
        "invo_export_last_run_failed",
        "gauge",
        "1 when the last run of an export job that ended has failed.",
        [(names[key], int(run.status == "failed")) for key, run in ended.items()],
    )
    yield Family(
        "invo_export_last_run_duration_seconds",
        "gauge",
        "How long the last run of an export job took that ended.",
        [(names[key], _span(run.started_at, run.ended_at)) for key, run in ended.items() if run.ended_at],
    )


def _last_runs(session: Session, labels: Mapping[int, str], wanted: Any) -> Iterator[tuple[tuple[int, str], ExportRun]]:
    """The last run of each job among those wanted."""
    newest = (
        select(ExportRun.business_id, ExportRun.job, func.max(ExportRun.run_no).label("run_no"))
        .where(ExportRun.business_id.in_(labels), wanted)
        .group_by(ExportRun.business_id, ExportRun.job)
        .subquery()
        .c
    )
    same = and_(
        ExportRun.business_id == newest.business_id, ExportRun.job == newest.job, ExportRun.run_no == newest.run_no
    )
    query = select(ExportRun).join(newest.business_id.table, same).order_by(ExportRun.business_id, ExportRun.job)
    return (((run.business_id, run.job), run) for run in session.scalars(query))


def _runs(session: Session, names: Mapping[tuple[int, str], Mapping[str, str]]) -> list[Sample]:
    group = (ExportRun.business_id, ExportRun.job, ExportRun.status)
    query = select(*group, func.count()).group_by(*group).order_by(*group)
    query = query.where(ExportRun.business_id.in_({book for book, _ in names}), ExportRun.status != "running")
    return [({**names[book, job], "status": status}, count) for book, job, status, count in session.execute(query)]


def _trail(session: Session, labels: Mapping[int, str]) -> Iterator[Family]:
    rows = session.execute(_heads(labels)).all()
    yield Family(
        "invo_audit_events_total",
        "counter",
        "Events of the audit trail: the number of the last one.",
        [({"business": labels[row.business_id]}, row.last_audit_seq) for row in rows],
    )
    yield Family(
        "invo_audit_last_event_timestamp_seconds",
        "gauge",
        "When the last event of the audit trail was written.",
        [({"business": labels[row.business_id]}, seconds(row.at)) for row in rows if row.at],
    )


def _heads(labels: Iterable[int]) -> Select[*tuple[Any, ...]]:
    last = and_(AuditEvent.business_id == Book.business_id, AuditEvent.seq == Book.last_audit_seq)
    query = select(Book.business_id, Book.last_audit_seq, AuditEvent.at).outerjoin(AuditEvent, last)
    return query.where(Book.business_id.in_(labels)).order_by(Book.business_id)


def seconds(moment: datetime) -> Decimal:
    """Seconds since 1970, to the microsecond."""
    return Decimal(f"{moment.timestamp():.6f}")


def _span(first: datetime, last: datetime) -> Decimal:
    return Decimal(f"{(last - first).total_seconds():.6f}")

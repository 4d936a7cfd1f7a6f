"""The ledger of the runs of a job: when each began, what came of it, and why it failed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from invo_cli.models import ExportJob, ExportRun
from invo_cli.services.access import Right, demands
from invo_cli.services.acting import Act

_KILLED = "It was ended from outside before it had finished."


def begin(session: Session, job: ExportJob, *, act: Act) -> int:
    """Note that a run begins, and that those still under way were killed: the caller holds the lock of the job."""
    ours = (ExportRun.business_id == job.business_id, ExportRun.job == job.name)
    dead = update(ExportRun).where(*ours, ExportRun.status == "running")
    session.execute(dead.values(status="failed", failure=_KILLED, ended_at=act.at))
    run_no = 1 + (session.scalar(select(func.max(ExportRun.run_no)).where(*ours)) or 0)
    keys = {"business_id": job.business_id, "job": job.name, "run_no": run_no}
    session.execute(insert(ExportRun).values(**keys, status="running", started_at=act.at, started_by=act.actor))
    return run_no


def end(
    session: Session,
    job: ExportJob,
    run_no: int,
    status: str,
    *,
    at: datetime,
    batch_no: int | None = None,
    failure: str | None = None,
) -> None:
    """Note how a run has ended; `failure` is the sentence of its error."""
    run = session.get_one(ExportRun, (job.business_id, job.name, run_no))
    run.status, run.ended_at, run.batch_no, run.failure = status, at, batch_no, failure


@demands(Right.EXPORT_RUN)
def search(session: Session, job: ExportJob, limit: int) -> Sequence[dict[str, Any]]:
    """The last runs of a job as scripts see them, the newest first."""
    query = select(ExportRun).where(ExportRun.business_id == job.business_id, ExportRun.job == job.name)
    return [as_row(run) for run in session.scalars(query.order_by(ExportRun.run_no.desc()).limit(limit))]


def as_row(run: ExportRun) -> dict[str, Any]:
    """A run as scripts see it."""
    return {
        "run": run.run_no,
        "status": run.status,
        "started_at": run.started_at.isoformat(),
        "started_by": run.started_by,
        "ended_at": run.ended_at and run.ended_at.isoformat(),
        "batch": run.batch_no,
        "failure": run.failure,
    }

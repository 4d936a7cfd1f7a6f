"""The steps of a run, each a transaction of its own: what a run begins with, what is stored, how it ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from invo_cli.services.access import Right, demands
from invo_cli.services.export_jobs import batches, jobs, runs
from invo_cli.services.export_jobs.reading import Window
from invo_cli.services.export_jobs.settings import Settings


@dataclass(frozen=True, slots=True)
class Key:
    """Names a job: the book it lives in, and its name there."""

    book: int
    name: str


@dataclass(frozen=True, slots=True)
class Start:
    """What a run begins with."""

    run_no: int
    data_set: str
    settings: Settings
    cursors: Mapping[int, int]
    undelivered: dict[str, Any] | None
    """The manifest of the batch whose run ended before its file was complete."""
    last: dict[str, Any] | None
    """The manifest of the newest batch."""
    written: Sequence[str]
    """SHA-256 of what may lie where the job writes: the newest batch, and the one before if that was not delivered."""


@demands(Right.EXPORT_RUN)
def begin(session: Session, key: Key, *, act: Any) -> Start:
    """Note that a run begins; the caller holds the lock of the job."""
    job = jobs.get(session, [key.book], key.name)
    run_no = runs.begin(session, job, act=act)
    return look(session, key, run_no)


@demands(Right.EXPORT_RUN)
def look(session: Session, key: Key, run_no: int = 0) -> Start:
    """What a run would begin with."""
    job = jobs.get(session, [key.book], key.name)
    undelivered = batches.undelivered(session, job)
    newest = [batches.manifest_of(batch) for batch in batches.newest(session, job, 2)]
    return Start(
        run_no,
        job.data_set,
        jobs.settings_of(job),
        jobs.cursors(session, job),
        None if undelivered is None else batches.manifest_of(undelivered),
        newest[0] if newest else None,
        [manifest["sha256"] for manifest in newest],
    )


@demands(Right.EXPORT_RUN)
def store(
    session: Session,
    key: Key,
    start: Start,
    windows: Sequence[Window],
    manifest: dict[str, Any],
    parts: Iterable[bytes],
    at: datetime,
) -> None:
    """Store a batch and move the cursors, together."""
    job = jobs.get(session, [key.book], key.name)
    batches.add(session, job, manifest["batch"], manifest, parts, at)
    jobs.move(session, job, start.cursors, ends(windows))


@demands(Right.EXPORT_RUN)
def end(session: Session, key: Key, run_no: int, *, delivered: int, keep: str, at: datetime) -> None:
    """Note that the file of a batch is complete, and drop the bytes of batches whose retention has ended."""
    job = jobs.get(session, [key.book], key.name)
    batches.mark_delivered(session, job, delivered)
    runs.end(session, job, run_no, "delivered", at=at, batch_no=delivered)
    batches.prune(session, job, keep, at)


@demands(Right.EXPORT_RUN)
def end_empty(session: Session, key: Key, start: Start, windows: Sequence[Window], *, at: datetime) -> None:
    """Note that nothing had changed; what was read need not be read again."""
    job = jobs.get(session, [key.book], key.name)
    jobs.move(session, job, start.cursors, ends(windows))
    runs.end(session, job, start.run_no, "empty", at=at)


@demands(Right.EXPORT_RUN)
def fail(session: Session, key: Key, run_no: int, sentence: str, *, at: datetime) -> None:
    """Note why a run has failed."""
    runs.end(session, jobs.get(session, [key.book], key.name), run_no, "failed", at=at, failure=sentence)


def ends(windows: Sequence[Window]) -> dict[int, int]:
    """Up to which event each book was read; a server that lags behind sends no cursor back."""
    return {window.book: max(window.after, window.until) for window in windows}


def span(start: Start, windows: Sequence[Window], *, is_single: bool) -> dict[str, Any]:
    """`from` (excluded) and `to` (included): a number, or one for each business by its code."""
    before = {} if start.last is None else start.last["to"]
    if is_single:
        return {"from": before or 0, "to": max(windows[0].after, windows[0].until)}
    return {
        "from": {name(window): before.get(name(window), 0) for window in windows},
        "to": before | {name(window): max(window.after, window.until) for window in windows},
    }


def name(window: Window) -> str:
    """How a manifest calls a book."""
    return window.code or "system"

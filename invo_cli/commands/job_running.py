"""Running an export job: lock, ledger, batch, file, ledger; each step is a transaction of its own.

A kill between any two of them loses nothing: a batch that is stored and not delivered is what the next run delivers.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from invo_cli import clock
from invo_cli.commands import context, export_writing, job_reading
from invo_cli.commands.job_delivery import Delivery
from invo_cli.errors import ConflictError, InvoError, UsageProblemError
from invo_cli.views import remarks

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from invo_cli.services.export_jobs.settings import Settings
    from invo_cli.services.export_jobs.steps import Key, Start

ALL = "all"
"""What --business says for every business."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How one run delivers."""

    force: bool = False
    quiet_if_empty: bool = False
    dry_run: bool = False


def since_last(name: str, data_set: str, given: Mapping[str, Any], manner: Manner) -> None:
    """Run a job of `export DATASET --since-last NAME`; it is made on first use with the settings given.

    `given` are settings by the names of `export_jobs.settings.Settings`; None is what was not said.
    """
    from invo_cli.commands.entering import read, write
    from invo_cli.services.export_jobs import jobs
    from invo_cli.services.export_jobs.steps import Key

    checked = jobs.checked_name(name)
    key = Key(read(lambda session: book(session, data_set)), checked)
    act = context.act()
    # What a run says about its file is of that run only; `export job create` stores it.
    stored = {each: value for each, value in given.items() if each not in ("out", "manifest")}
    if read(lambda session: jobs.find(session, [key.book], checked) is None):
        write(lambda session: _ensured(session, key, data_set, stored, act))
    run(key, given, manner, data_set)


def _ensured(session: Session, key: Key, data_set: str, given: Mapping[str, Any], act: Any) -> None:
    """Make the job unless another first run has made it meanwhile: then its lock decides who runs."""
    from invo_cli.services.export_jobs import jobs

    if jobs.find_alone(session, key.book, key.name) is None:
        made(session, key, data_set, given, act)


def made(session: Session, key: Key, data_set: str, given: Mapping[str, Any], act: Any) -> Any:
    """A new job, whose settings fit its data set."""
    from invo_cli.services.export_jobs import jobs, reading, settings
    from invo_cli.services.exporting import catalogue

    found = settings.made(given)
    declared = catalogue.get(data_set)
    reading.fields(declared, key.book, found)
    return jobs.as_row(session, jobs.create(session, key.book, key.name, declared.name, found, act=act))


def book(session: Session, data_set: str | None) -> int:
    """The book in which the jobs of this run live: that of the business, else that of the system."""
    from invo_cli.services import books
    from invo_cli.settings import get_settings

    if data_set == "users" or get_settings().business == ALL:
        return books.SYSTEM
    return context.business(session).id


def run(key: Key, given: Mapping[str, Any], manner: Manner, data_set: str | None = None) -> None:
    """Run a job: deliver what the run before could not, else what has changed since."""
    from invo_cli.commands.entering import read, write
    from invo_cli.db import job_locks
    from invo_cli.services.export_jobs import jobs, steps

    if manner.dry_run:
        _rehearse(key, read(lambda session: steps.look(session, key)), given, data_set)
        return
    act = context.act()
    with job_locks.held(key.name, key.book, jobs.row_of(key.book, key.name)):
        start = write(lambda session: steps.begin(session, key, act=act))
        try:
            _go(key, start, given, manner, data_set)
        except BaseException as error:
            _note(key, start, error)
            raise


def _go(key: Key, start: Start, given: Mapping[str, Any], manner: Manner, data_set: str | None) -> None:
    settings = _settings(key, start, given, data_set)
    delivery = Delivery(key, settings, manner.force, job_reading.nothing(key, start, settings))
    delivery.check(start)
    if start.undelivered is None:
        _go_on(key, start, settings, delivery, manner)
        return
    number = start.undelivered["batch"]
    remarks.note(f"Batch {number} of {key.name} was not delivered: the same bytes are written again, and only them.")
    _deliver(key, start, settings, delivery, start.undelivered, "redelivered")


def _go_on(key: Key, start: Start, settings: Settings, delivery: Delivery, manner: Manner) -> None:
    from invo_cli.commands.entering import write
    from invo_cli.exports.pieces import Pieces
    from invo_cli.services.export_jobs import batches, steps

    with closing(Pieces(batches.packed)) as pieces:
        manifest, windows = job_reading.read(key, start, settings, pieces)
        if manifest["rows"]:
            write(lambda session: steps.store(session, key, start, windows, manifest, pieces.packed(), clock.now()))
        elif not manner.quiet_if_empty:
            delivery.deliver_nothing(manifest)
    if manifest["rows"]:
        _deliver(key, start, settings, delivery, manifest, "delivered")
        return
    write(lambda session: steps.end_empty(session, key, start, windows, at=clock.now()))
    if not manner.quiet_if_empty:
        _say(manifest, "empty")


def _deliver(
    key: Key, start: Start, settings: Settings, delivery: Delivery, manifest: dict[str, Any], status: str
) -> None:
    from invo_cli.commands.entering import write
    from invo_cli.services.export_jobs import steps

    path = delivery.deliver(manifest)
    number, act = manifest["batch"], context.act()
    write(lambda session: steps.end(session, key, start.run_no, delivered=number, keep=settings.keep, at=clock.now()))
    export_writing.note(act, [(start.data_set, told(manifest, path))])
    _say(manifest, status, path)


def told(manifest: Mapping[str, Any], path: str) -> dict[str, Any]:
    """What the audit trail keeps of a batch that was written to a file."""
    return {"file": path} | {name: manifest[name] for name in ("job", "batch", "format", "rows", "bytes", "sha256")}


def _rehearse(key: Key, start: Start, given: Mapping[str, Any], data_set: str | None) -> None:
    """Say what a run would deliver; nothing is stored, and no file is written."""
    from invo_cli.exports.pieces import Pieces
    from invo_cli.services.export_jobs import batches

    manifest = start.undelivered
    if manifest is None:
        with closing(Pieces(batches.packed)) as pieces:
            manifest, _ = job_reading.read(key, start, _settings(key, start, given, data_set), pieces)
    _say(manifest, "dry_run")


def _settings(key: Key, start: Start, given: Mapping[str, Any], data_set: str | None) -> Settings:
    from invo_cli.services.export_jobs import settings

    if data_set not in (None, start.data_set):
        raise ConflictError(
            f"The job {key.name} exports {start.data_set}, not {data_set}.", hint="Use another name for another job."
        )
    found = settings.agreed(key.name, start.settings, given)
    if found.out is None:
        raise UsageProblemError(f"The job {key.name} does not say where it writes.", hint="Name a file with --out.")
    return found


def _note(key: Key, start: Start, error: BaseException) -> None:
    """Leave the reason in the ledger; when that fails too the next run notes that this one was ended."""
    from invo_cli.commands.entering import write
    from invo_cli.services.export_jobs import steps

    sentence = "It was stopped." if isinstance(error, KeyboardInterrupt) else f"Unexpected {type(error).__name__}."
    if isinstance(error, InvoError):
        sentence = error.message
    with suppress(Exception):
        write(lambda session: steps.fail(session, key, start.run_no, sentence, at=clock.now()))


def _say(manifest: Mapping[str, Any], status: str, path: str | None = None) -> None:
    """One line for logs: words and numbers by name, the file last since its name may hold spaces."""
    batch = "-" if manifest["batch"] is None else manifest["batch"]
    span = "" if isinstance(manifest["to"], dict) else f" from={manifest['from']} to={manifest['to']}"
    file = "" if path is None else f" file={path}"
    remarks.note(
        f"export job={manifest['job']} status={status} batch={batch}{span} rows={manifest['rows']}"
        f" deletes={manifest['deletes']} bytes={manifest['bytes']}{file}"
    )

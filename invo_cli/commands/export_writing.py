"""Running an export: one snapshot, files that are complete or absent, a note in the audit trail, a manifest."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from invo_cli.commands import context, export_options
from invo_cli.commands.export_options import FormFlags
from invo_cli.errors import NotFoundError, UnavailableError, UsageProblemError
from invo_cli.options import current
from invo_cli.views import remarks

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from invo_cli.exports.formats import Form
    from invo_cli.exports.hashing import Hashed
    from invo_cli.services.acting import Act
    from invo_cli.services.exporting.declaring import DataSet, Field
    from invo_cli.services.exporting.scopes import Scope
    from invo_cli.services.exporting.selecting import Wanted
    from invo_cli.services.exporting.spelling import Style
    from invo_cli.services.exporting.streaming import Tally

T = TypeVar("T")
_KEPT = ("businesses", "file", "format", "rows", "bytes", "sha256")
"""What the audit trail keeps of an export."""


@dataclass(frozen=True, slots=True)
class Task:
    """One data set to one target: a path, or - for stdout."""

    data_set: DataSet
    fields: tuple[Field, ...]
    form: Form
    target: str


def run(name: str, flags: FormFlags, out: str) -> None:
    """Export one data set to a file, into a folder or to stdout."""
    from invo_cli.exports import formats
    from invo_cli.services.exporting import catalogue

    data_set = catalogue.get(name)
    is_folder = out != "-" and Path(out).is_dir()
    form = formats.chosen(flags.format_, flags.compress, "" if is_folder else out, usual=current.get().output)
    target = str(Path(out) / form.file_name(name)) if is_folder else out
    _refuse_terminal(form, target)
    _export([Task(data_set, data_set.chosen(current.get().fields), form, target)], flags)


def run_all(only: str | None, flags: FormFlags, folder: str) -> None:
    """Export several data sets, each to a file of its own in a folder."""
    from invo_cli.exports import formats
    from invo_cli.services.exporting import catalogue

    if current.get().fields is not None:
        raise UsageProblemError("--fields goes with one data set.", hint="Use: invo export invoices --fields A,B")
    if not Path(folder).is_dir():
        raise NotFoundError(f"There is no folder {folder}.", hint="Make it first, or name another.")
    form = formats.chosen(flags.format_, flags.compress, "", usual=current.get().output)
    found = (
        _allowed()
        if only is None
        else [catalogue.get(name) for name in dict.fromkeys(name.strip() for name in only.split(","))]
    )
    _export([Task(each, each.fields, form, str(Path(folder) / form.file_name(each.name))) for each in found], flags)


def _allowed() -> list[DataSet]:
    """Every data set that whoever runs this may read; the others are said to be left out."""
    from invo_cli.commands.entering import read
    from invo_cli.services.exporting import catalogue, scopes

    found = read(scopes.allowed)
    others = catalogue.DATA_SETS.keys() - {each.name for each in found}
    if others:
        remarks.note(f"Left out, for want of the right to see them: {', '.join(sorted(others))}.")
    return found


def _export(tasks: Sequence[Task], flags: FormFlags) -> None:
    """Files take their places after the note in the audit trail, and the manifest last of all."""
    from invo_cli.commands.entering import snapshot
    from invo_cli.exports import files

    for task in tasks:
        files.require_apart(task.target, flags.manifest)
    if any(task.form.format == "parquet" for task in tasks):
        from invo_cli.exports import parquet

        parquet.require()
    act = context.act()
    wanted = [export_options.wanted(task.data_set, flags) for task in tasks]
    with ExitStack() as opened:
        manifest = opened.enter_context(_manifest(flags))
        sinks = [opened.enter_context(files.binary(task.target, force=flags.force)) for task in tasks]
        with snapshot() as session:
            reports = [
                _written(session, task, rows, flags, sink)
                for task, rows, sink in zip(tasks, wanted, sinks, strict=True)
            ]
        note(act, [(report["data_set"], {key: report[key] for key in _KEPT}) for report in reports])
        manifest.append(_described(reports, act))
    for report in reports:
        place = "" if report["file"] == "-" else f" to {report['file']}"
        remarks.note(f"Exported {report['rows']} {report['data_set']}{place}.")


def _written(session: Session, task: Task, wanted: Wanted, flags: FormFlags, sink: Any) -> dict[str, Any]:
    """Write one data set; what a manifest says about it."""
    from invo_cli.exports.hashing import Hashed
    from invo_cli.services.exporting import measuring, selecting
    from invo_cli.services.exporting.streaming import Tally

    found = _scopes(session, task.data_set)
    selects = [selecting.rows(task.data_set, task.fields, scope.book, wanted) for scope in found]
    hashed, tally = Hashed(sink), Tally()
    with _progress(session, task, selects, tally) as step:
        _fill(_Source(session=session, task=task, selects=selects, tally=tally, guard=not flags.raw, step=step), hashed)
    sink.flush()  # a full stdout is no success
    marks = {scope.code or "system": measuring.watermark(session, scope.book) for scope in found}
    return {
        "data_set": task.data_set.name,
        "file": task.target,
        "format": task.form.format,
        "compress": task.form.compress,
        "businesses": [scope.code for scope in found if scope.code],
        "from": wanted.first,
        "to": wanted.last,
        "statuses": list(wanted.statuses),
        "deleted": wanted.deleted,
        "rows": tally.rows,
        "bytes": hashed.bytes,
        "sha256": hashed.sha256,
        "watermark": marks,
        "totals": _totals(session, selects, task.fields) if flags.manifest else {},
        "schema": [{"name": field.name, "kind": field.kind} for field in task.fields],
    }


def _scopes(session: Session, data_set: DataSet) -> list[Scope]:
    """Whose rows these are: --business, or every business in reach for --business all."""
    from invo_cli.services.exporting import scopes
    from invo_cli.settings import get_settings

    code = get_settings().business
    chosen = [] if data_set.book is None else scopes.chosen(session, code)
    return scopes.of(session, data_set, chosen, everything=(code or "").lower() == scopes.ALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """The rows of one data set, in whatever form."""

    session: Session
    task: Task
    selects: Sequence[Any]
    tally: Tally
    guard: bool
    step: Callable[[], None]

    def blocks(self, style: Style, *, guard: bool) -> Iterator[bytes]:
        """Their text; the heading once."""
        from invo_cli.services.exporting import streaming

        for place, rows in enumerate(self.selects):
            yield from self._watched(
                streaming.blocks(
                    *(self.session, rows, self.task.fields, style), tally=self.tally, guard=guard, headed=not place
                )
            )

    def cells(self) -> Iterator[Sequence[str | None]]:
        """Their values one by one."""
        from invo_cli.services.exporting import streaming

        for rows in self.selects:
            yield from self._watched(
                streaming.cells(self.session, rows, self.task.fields, tally=self.tally, guard=self.guard)
            )

    def _watched(self, pieces: Iterable[T]) -> Iterator[T]:
        for piece in pieces:
            yield piece
            self.step()


def _fill(source: _Source, out: Hashed) -> None:
    """Write the rows of a source in the form of its task."""
    task = source.task
    if task.form.format == "xlsx":
        from invo_cli.exports.xlsx import Workbook

        workbook = Workbook(out, task.data_set.name, task.fields)
        workbook.write(source.cells())
        if workbook.cut:
            remarks.warn(f"{workbook.cut} texts were cut to the 32,767 characters of a cell; other formats have them.")
    elif task.form.format == "parquet":
        from invo_cli.exports import parquet

        folder = None if task.target == "-" else str(Path(task.target).parent)
        parquet.write(source.blocks("csv", guard=False), task.fields, out, folder)
    else:
        from invo_cli.exports.compressing import compressed

        with compressed(out, task.form.compress) as packed:
            for block in source.blocks(task.form.format, guard=source.guard):  # type: ignore[arg-type]
                packed.write(block)


def _totals(session: Session, selects: Sequence[Any], fields: Sequence[Field]) -> dict[str, str]:
    """What the money fields come to in all books, in rupees."""
    from decimal import Decimal

    from invo_cli.services.exporting import measuring

    sums = [measuring.totals(session, rows, fields) for rows in selects]
    names = [field.name for field in fields if field.kind == "money"]
    return {name: str(sum((each[name] for each in sums), Decimal("0.00"))) for name in names}


def _described(reports: Sequence[dict[str, Any]], act: Act) -> dict[str, Any]:
    made = {"exported_at": act.at.isoformat(timespec="seconds"), "exported_by": act.actor}
    return {**reports[0], **made} if len(reports) == 1 else {**made, "data_sets": list(reports)}


def note(act: Act, notes: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
    """Note in the audit trail what leaves; a database that can only be read is no reason to refuse."""
    from invo_cli.commands.entering import read, write
    from invo_cli.db import faults
    from invo_cli.services.exporting import recording

    try:
        if not read(recording.is_standby):
            write(lambda session: recording.record(session, act, notes))
            return
    except UnavailableError as error:
        if not faults.is_read_only(error.__cause__):
            raise
    remarks.warn("The database can only be read: this export is not in its audit trail.")


@contextmanager
def _progress(session: Session, task: Task, selects: Sequence[Any], tally: Tally) -> Iterator[Callable[[], None]]:
    """Rows, rate and time left on stderr, for a terminal that does not show the result itself."""
    from invo_cli.services.exporting import measuring
    from invo_cli.views import progress

    if not progress.is_watched(task.target):
        yield lambda: None
        return
    count = sum(measuring.count(session, rows) for rows in selects)
    with progress.shown(task.data_set.name, count) as show:
        yield lambda: show(tally.rows)


@contextmanager
def _manifest(flags: FormFlags) -> Iterator[list[Any]]:
    """What is put into the list is written when the block ends well."""
    from invo_cli.exports import files, manifests

    found: list[Any] = []
    if flags.manifest is None:
        yield found
        return
    with files.destination(flags.manifest, force=flags.force) as out:
        yield found
        out.write(manifests.as_text(found[0]))


def _refuse_terminal(form: Form, target: str) -> None:
    if target == "-" and not (form.is_text and form.compress is None) and sys.stdout.isatty():
        raise UsageProblemError("A terminal cannot show this format.", hint="Name a file with --out.")

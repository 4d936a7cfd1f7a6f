"""One file imported: opened, read, stored, its rejects written, its result shown."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from invo_cli.commands import context
from invo_cli.commands.import_options import ImportFlags
from invo_cli.errors import ConflictError, PartialError, UsageProblemError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.orm import Session

    from invo_cli.gst.records import RowProblem
    from invo_cli.imports.layouts import Layout
    from invo_cli.imports.mapping import Translation
    from invo_cli.imports.sources import Source
    from invo_cli.services.importing import Result, Wanted


def run(what: str, file: str, flags: ImportFlags, *, dry_run: bool, allow_rate: str | None = None) -> None:
    """Import a file as one batch and say what came of it.

    Raises HeadingError or RejectedError (nothing was imported), PartialError when what was right came in alone.
    """
    from invo_cli.imports import mapping, sources
    from invo_cli.imports.headings import HeadingError
    from invo_cli.imports.layouts import LAYOUTS
    from invo_cli.services.importing import RejectedError
    from invo_cli.views import imports as views

    context.check_fields(views.RESULT)
    _check_rejects(file, flags.rejects, flags.force)
    layout = LAYOUTS[what]
    translation = mapping.PLAIN if flags.map is None else mapping.read(flags.map, layout.columns)
    with sources.opened(file, flags.format, _stdin() if file == "-" else None) as source:
        wanted = _wanted(source, layout, flags, allow_rate)
        try:
            result = _imported(source, layout, translation, wanted, dry_run)
        except HeadingError as error:
            _tell(error.problems)
            raise
        except RejectedError as error:
            _report(source, layout, translation, error.result, flags.rejects)
            context.show_record(context.marked(error.result.as_row(), dry_run), views.RESULT, views.print_result)
            raise
        _report(source, layout, translation, result, flags.rejects)
    _show(result, dry_run)


def _wanted(source: Source, layout: Layout, flags: ImportFlags, allow_rate: str | None) -> Wanted:
    from invo_cli.services.importing import Wanted
    from invo_cli.services.importing.runs import MOST_ERRORS

    return Wanted(
        data_set=layout.name,
        file_name=Path(source.name).name,
        sha256=source.sha256,
        name=flags.batch,
        is_partial=flags.on_error == "skip",
        max_errors=MOST_ERRORS if flags.max_errors is None else min(flags.max_errors, MOST_ERRORS),
        allow_rate=allow_rate,
    )


def _imported(source: Source, layout: Layout, translation: Translation, wanted: Wanted, dry_run: bool) -> Result:
    """Read and store the file in one transaction; it is read again when the database asks for another try."""
    from invo_cli.commands.entering import write
    from invo_cli.imports import reading, sources
    from invo_cli.services import importing
    from invo_cli.views import imports as views

    act = context.act()
    with views.watched(f"Importing {layout.name}", lambda: sources.lines_of(source)) as watch:
        passing: Callable[[Any], Any] = watch

        def work(session: Session) -> Result:
            records = passing(reading.records(source, layout, translation))
            return importing.run(session, context.business(session), records, wanted, act=act)

        return write(work, dry_run=dry_run)


def _report(source: Source, layout: Layout, translation: Translation, result: Result, target: str | None) -> None:
    """Write the rejects, then say on stderr what is wrong; programs that read JSON find it in the error."""
    from invo_cli.exports import files
    from invo_cli.imports import rejects

    if target is not None:
        found = (source, layout, translation, result.problems, result.rejected_lines)
        if source.format == "xlsx":
            files.store(Path(target), rejects.as_workbook(*found), force=True)
        else:
            with files.destination(target, force=True) as out:
                out.writelines(rejects.as_text(*found))
    _tell(result.problems)


def _tell(problems: Sequence[RowProblem]) -> None:
    """Say what is wrong; programs that read JSON find it in the error."""
    from invo_cli.settings import get_settings
    from invo_cli.views import imports as views

    if get_settings().output not in ("json", "jsonl"):
        views.show_problems(problems)


def _show(result: Result, dry_run: bool) -> None:
    from invo_cli.settings import get_settings
    from invo_cli.views import imports as views

    # Nothing was imported, so there is no batch to name.
    if result.batch is not None or get_settings().output != "name":
        context.show_record(context.marked(result.as_row(), dry_run), views.RESULT, views.print_result)
    views.show_warnings(result.warnings)
    if result.rejected:
        raise PartialError(
            f"{result.rejected} of {result.read} records were not imported.",
            hint="Correct them (--rejects FILE writes them) and import those.",
            problems=[problem.as_dict() for problem in result.problems[: views.SHOWN]],
            problem_count=len(result.problems),
        )


def _check_rejects(file: str, rejects: str | None, force: bool) -> None:
    """Refuse a place that cannot be written before anything is imported."""
    from invo_cli.exports import files

    if rejects is None:
        return
    if rejects == "-":
        raise UsageProblemError("Rejects are written to a file.", hint="Name one: --rejects rejects.csv")
    if file != "-" and Path(rejects).exists() and Path(file).exists() and Path(rejects).samefile(file):
        raise ConflictError(f"{rejects} is the file that is imported.", hint="Name another for the rejects.")
    files.require_place(Path(rejects), force=force)


def _stdin() -> IO[bytes]:
    if sys.stdin is None:
        raise UsageProblemError("Standard input is closed.", hint="Name a file instead of -.")
    if sys.stdin.isatty():
        raise UsageProblemError("Standard input is a terminal.", hint="Pipe the file in, or name one instead of -.")
    return sys.stdin.buffer

"""How imports look: what came of a file, what is wrong with it, how far it is, and the batches there are."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from invo_cli.gst.records import RowProblem
from invo_cli.gst.text import quoted
from invo_cli.options import current
from invo_cli.views import remarks
from invo_cli.views.listing import Column, Listing, Row
from invo_cli.views.pages import print_fields

if TYPE_CHECKING:
    from invo_cli.models import ImportBatch

T = TypeVar("T")
SHOWN = 100
"""So many problems are shown; the file of rejects has all of them."""
_STEP = 100
_COUNTS = ("read", "imported", "skipped", "rejected")

RESULT = Listing(
    (*(Column(key, key.capitalize(), right=True) for key in _COUNTS), Column("batch", "Batch")),
    name="batch",
)
LISTING = Listing(
    (
        Column("name", "Batch"),
        Column("data_set", "What"),
        Column("file", "File", wraps=True),
        Column("imported_at", "When"),
        Column("imported_by", "By"),
        *(Column(key, key.capitalize(), right=True) for key in _COUNTS),
        Column("undone_at", "Undone"),
        Column("sha256", "SHA-256", extra=True),
    ),
    name="name",
)


def as_row(batch: ImportBatch) -> dict[str, Any]:
    """A batch as scripts see it."""
    return {
        "name": batch.name,
        "data_set": batch.data_set,
        "file": batch.file_name,
        "sha256": batch.sha256,
        **{key: getattr(batch, key) for key in _COUNTS},
        "imported_at": batch.imported_at.isoformat(timespec="seconds"),
        "imported_by": batch.imported_by,
        "undone_at": batch.undone_at and batch.undone_at.isoformat(timespec="seconds"),
    }


def print_result(row: Row) -> None:
    """What came of a file, for a person."""
    print_fields("Import", row)


def print_batch(row: Row) -> None:
    """One batch for a person."""
    print_fields(f"Import {row['name']}", row, skip=("name",))


def show_problems(problems: Sequence[RowProblem]) -> None:
    """The first problems of a file on stderr, each with its line, column and value."""
    for problem in problems[:SHOWN]:
        remarks.note(sentence(problem))
    if len(problems) > SHOWN:
        remarks.note(f"… and {len(problems) - SHOWN} more problems: --rejects FILE writes them all.")


def show_warnings(warnings: Sequence[RowProblem]) -> None:
    """What is doubtful about what was imported."""
    for warning in warnings[:SHOWN]:
        remarks.warn(f"line {warning.line}: {warning.message}")
    if len(warnings) > SHOWN:
        remarks.warn(f"… and {len(warnings) - SHOWN} more warnings.")


def sentence(problem: RowProblem) -> str:
    """`line 5, gstin '29X': The GSTIN … Write …`"""
    column = f", {problem.column}" if problem.column else ""
    value = f" {quoted(problem.value)}" if problem.value is not None else ""
    hint = f" {problem.hint}" if problem.hint else ""
    return f"line {problem.line}{column}{value}: {problem.message}{hint}"


@contextmanager
def watched(what: str, count_lines: Callable[[], int]) -> Iterator[Callable[[Iterable[T]], Iterable[T]]]:
    """Give what shows a bar on stderr while records pass, for a person who watches; else nothing is shown."""
    if current.get().quiet or sys.stderr is None or not sys.stderr.isatty():
        yield lambda records: records
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(file=sys.stderr, markup=False, highlight=False, no_color=current.get().no_color or None)
    rate = TextColumn("{task.fields[rate]}", markup=False)
    columns = (TextColumn(what, markup=False), BarColumn(), MofNCompleteColumn(), rate, TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=count_lines() or None, rate="")

        def passing(records: Iterable[T]) -> Iterator[T]:
            for count, record in enumerate(records, 1):
                yield record
                if count % _STEP == 0:
                    speed = bar.tasks[0].speed
                    shown = f"{speed:,.0f} lines/s" if speed else ""
                    bar.update(task, completed=getattr(record, "line", count), rate=shown)

        yield passing

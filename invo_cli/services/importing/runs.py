"""One import under way: what was read, made, skipped and refused."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from invo_cli.errors import InvalidError, InvoError
from invo_cli.gst.records import Record, RowProblem, Unreadable
from invo_cli.models import Base, Business
from invo_cli.services.acting import Act

MOST_ERRORS = 100_000
"""A run keeps at most so many problems in memory, and ends when there are more."""
_ADD_RECORD = insert(Base.metadata.tables["import_records"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is imported, from which file, under which name, and what becomes of it when some of it is wrong."""

    data_set: str
    file_name: str
    sha256: str
    name: str | None = None
    """Of the batch; None: the next of the data set and day."""
    is_partial: bool = False
    """Whether what is right comes in though something else is wrong."""
    max_errors: int = MOST_ERRORS
    allow_rate: str | None = None
    """Why rates outside the list of their date are right; None when none may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of a file; `batch` is None when nothing was imported."""

    read: int
    imported: int
    skipped: int
    rejected: int
    batch: str | None
    problems: tuple[RowProblem, ...] = ()
    rejected_lines: tuple[int, ...] = ()
    """The lines at which the refused records begin, in the order of the file."""
    warnings: tuple[RowProblem, ...] = ()

    def as_row(self) -> dict[str, Any]:
        """What scripts see."""
        return {name: getattr(self, name) for name in ("read", "imported", "skipped", "rejected", "batch")}


class RejectedError(InvalidError):
    """Records were refused, and so nothing was imported."""

    code = "rejected"
    usual_hint = "Correct them and import the file again; or import what is right with --on-error skip."

    def __init__(self, result: Result, *, ended_early: bool = False) -> None:
        result = replace(result, imported=0, batch=None)
        count = len(result.problems)
        what = f"{result.rejected} of {result.read} records cannot be imported"
        early = " when reading was given up" if ended_early else ""
        super().__init__(
            f"{what}{early}: nothing was imported.",
            problems=[problem.as_dict() for problem in result.problems[:100]],
            problem_count=count,
            **result.as_row(),
        )
        self.result = result


@dataclass(slots=True, kw_only=True)
class Run:
    """What a data set needs to import its records, and the bookkeeping it does of them."""

    session: Session
    business: Business
    act: Act
    wanted: Wanted
    batch_id: int
    records: Iterable[Record[Any] | Unreadable]
    read: int = 0
    imported: int = 0
    skipped: int = 0
    refused_lines: list[int] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    warnings: list[RowProblem] = field(default_factory=list)

    @property
    def is_doomed(self) -> bool:
        """Whether everything will be taken back: what follows is judged, and need not be stored."""
        return bool(self.refused_lines) and not self.wanted.is_partial

    def readable(self) -> Iterator[Record[Any]]:
        """The records that can be read, in the order of the file; the others are refused on the way."""
        for record in self.records:
            self.read += 1
            if isinstance(record, Unreadable):
                self.refuse(record)
            else:
                yield record

    def chunks(self, size: int) -> Iterator[list[Record[Any]]]:
        """The readable records, so many at a time."""
        chunk: list[Record[Any]] = []
        for record in self.readable():
            chunk.append(record)
            if len(chunk) == size:
                yield chunk
                chunk = []
                # A statement is a cycle that holds the values it was asked with, and the program lets cycles wait.
                gc.collect(0)
        if chunk:
            yield chunk

    def refuse(self, refused: Unreadable) -> None:
        """Note that a record is not imported, and why; RejectedError when there are too many of them."""
        self.refused_lines.append(refused.line)
        self.problems.extend(refused.problems)
        if len(self.problems) > self.wanted.max_errors:
            raise RejectedError(self.result(None), ended_early=True)

    def refuse_for(self, record: Record[Any], error: InvoError) -> None:
        """Note that a record is not imported for what an error says."""
        self.refuse(record.refused(error))

    def skip(self) -> None:
        """Note that a record is there already, from an earlier run."""
        self.skipped += 1

    def made(self, subject: str, made: Sequence[tuple[int, int]]) -> None:
        """Note what was imported, as pairs of its id and its line in the file; it belongs to the batch."""
        self.imported += len(made)
        self.keep(subject, made)

    def keep(self, subject: str, made: Sequence[tuple[int, int]]) -> None:
        """Note what came into being beside what was imported, such as the customer of a document."""
        key = {"business_id": self.business.id, "batch_id": self.batch_id, "subject": subject}
        if made and not self.is_doomed:
            self.session.execute(_ADD_RECORD, [key | {"subject_id": each, "line_no": line} for each, line in made])

    def result(self, batch: str | None) -> Result:
        """What came of the file so far; problems in the order of its lines."""
        return Result(
            read=self.read,
            imported=self.imported,
            skipped=self.skipped,
            rejected=len(self.refused_lines),
            batch=batch,
            problems=tuple(sorted(self.problems, key=lambda problem: problem.line)),
            rejected_lines=tuple(sorted(self.refused_lines)),
            warnings=tuple(self.warnings),
        )

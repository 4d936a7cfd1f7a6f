"""Documents of a file, handed to the bulk some hundreds at a time."""

from __future__ import annotations

from collections.abc import Sequence

from invo_cli.gst.records import DocumentRecord, Record, RowProblem, Unreadable
from invo_cli.gst.shapes import Problem
from invo_cli.services import bulk
from invo_cli.services.bulk import Entry, Outcome, Stated, Verdict
from invo_cli.services.importing.runs import Run

CHUNK = 1_000
_MOST_WARNINGS = 1_000


def store(run: Run) -> None:
    """Import the documents of a file."""
    importer = bulk.Importer(
        run.session, run.business, act=run.act, batch_id=run.batch_id, allow_rate=run.wanted.allow_rate
    )
    for chunk in run.chunks(CHUNK):
        importer.is_storing = not run.is_doomed
        _store(run, importer, chunk)


def _store(run: Run, importer: bulk.Importer, chunk: Sequence[Record[DocumentRecord]]) -> None:
    verdicts = importer.issue([_entry(record) for record in chunk])
    for record, verdict in zip(chunk, verdicts, strict=True):
        if verdict.outcome is Outcome.ISSUED:
            run.imported += 1  # the bulk has noted what belongs to the batch
            _warn(run, record, verdict)
        elif verdict.outcome is Outcome.KNOWN:
            run.skip()
        else:
            run.refuse(Unreadable(record.line, tuple(_problem(record, problem) for problem in verdict.problems)))


def _entry(record: Record[DocumentRecord]) -> Entry:
    value = record.value
    stated = Stated(document=value.figures, lines=value.lines) if value.figures or value.lines else None
    return Entry(line_no=record.line, document=value.document, stated=stated)


def _problem(record: Record[DocumentRecord], found: bulk.Problem) -> RowProblem:
    problem = Problem(found.path, found.message, found.hint, found.value)
    return record.problem(problem, code=found.rule or "invalid")


def _warn(run: Run, record: Record[DocumentRecord], verdict: Verdict) -> None:
    for sentence in verdict.warnings if len(run.warnings) < _MOST_WARNINGS else ():
        run.warnings.append(RowProblem(line=record.line, code="warning", message=sentence))

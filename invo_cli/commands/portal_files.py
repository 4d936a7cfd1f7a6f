"""What the files of the government's portals have in common: where they go, and what stops them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from invo_cli.commands import context
from invo_cli.errors import InvalidError, InvoError, PartialError
from invo_cli.views import remarks

if TYPE_CHECKING:
    from invo_cli.gst.einvoice.problems import Problem
    from invo_cli.views.listing import Listing, Row

Out = Annotated[str, typer.Option("--out", metavar="FILE|-", help="The file to write; - is standard output.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite the file.")]
Pretty = Annotated[bool, typer.Option("--pretty", help="Indented, for people; left out: one line.")]
INDENT = 2


def refuse_problems(found: Sequence[tuple[str, Problem]]) -> None:
    """Say every problem, each with the number of its document; raise InvalidError when one of them stops the portal."""
    from invo_cli.gst.einvoice.problems import Severity

    for number, problem in found:
        remarks.warn(f"{number}: {problem.path}: {problem.message} {problem.hint}")
    stopping = [(number, problem) for number, problem in found if problem.severity is Severity.REFUSE]
    if not stopping:
        return
    number, first = stopping[0]
    also = f" ({len(stopping)} problems in all)" if len(stopping) > 1 else ""
    raise InvalidError(
        f"{number} would be refused by the portal: {first.message}{also}",
        hint=first.hint,
        problems=[{"number": number} | problem.as_dict() for number, problem in stopping],
    )


def put(content: Any, rows: Sequence[Row], listing: Listing, *, out: str, force: bool, pretty: bool) -> None:
    """Write the file; when it does not go to stdout, list there what is in it."""
    from invo_cli.exports import files
    from invo_cli.gst.einvoice import wire

    with files.destination(out, force=force) as target:
        target.write(wire.write(content, indent=INDENT if pretty else 0) + "\n")
    if out != "-":
        context.show_rows(rows, listing)


def tell(
    rows: Sequence[dict[str, Any]],
    refusals: Sequence[InvoError],
    listing: Listing,
    page: Callable[[Row], None],
    *,
    dry_run: bool,
) -> None:
    """Print what became of each answer; the refusal of a lone one is raised itself, of some of many as partial."""
    if refusals and len(rows) == 1:
        raise refusals[0]
    marked = [context.marked(row, dry_run) for row in rows]
    if len(marked) == 1:
        context.show_record(marked[0], listing, page)
        return
    context.show_rows(marked, listing)
    if refusals:
        count = f"{len(refusals)} of {len(rows)} answers were rejected; the first: {refusals[0].message}"
        kind = InvalidError if len(refusals) == len(rows) else PartialError
        raise kind(count, hint=refusals[0].hint)

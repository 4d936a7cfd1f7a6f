"""The heading of a table: which column is which, and everything that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from invo_cli.errors import InvalidError
from invo_cli.gst.records import RowProblem
from invo_cli.gst.text import nearest, quoted
from invo_cli.imports.layouts import Layout
from invo_cli.imports.mapping import Translation, heading_key

REASON = "reject_reason"
"""The column of rejected rows that says why; it is passed over when they are imported again."""


@dataclass(frozen=True, slots=True)
class Heading:
    """Our name of every column, None where it is not read, and the heading of the file for each of our names."""

    keys: tuple[str | None, ...]
    headings: Mapping[str, str]


class HeadingError(InvalidError):
    """The heading does not fit; `problems` are all reasons."""

    code = "heading"

    def __init__(self, name: str, problems: Sequence[RowProblem], layout: Layout) -> None:
        first, more = problems[0], len(problems) - 1
        also = f", and {more} more problem{'s' * (more > 1)}" if more else ""
        super().__init__(
            f"The heading of {name} does not fit: {first.message.rstrip('.')}{also}.",
            hint=first.hint or f"Compare it with: invo import template {layout.name}",
            problems=[problem.as_dict() for problem in problems],
        )
        self.problems = problems


def resolved(cells: Sequence[str], line: int, layout: Layout, translation: Translation, name: str) -> Heading:
    """The columns of a heading; HeadingError names unknown, doubled and missing ones."""
    cells = _trimmed(cells)
    keys = [_key(cell, layout, translation) for cell in cells]
    headings = {key: cell.strip() for key, cell in zip(keys, cells, strict=True) if key}
    problems = [
        *(_unknown(cell, line, layout) for key, cell in zip(keys, cells, strict=True) if key is None),
        *_doubled(keys, cells, line),
        *_missing({*headings, *translation.constants}, line, layout),
    ]
    if problems:
        raise HeadingError(name, problems, layout)
    return Heading(tuple(key or None for key in keys), {key: cell for key, cell in headings.items() if key})


def _trimmed(cells: Sequence[str]) -> Sequence[str]:
    """Without the empty columns that spreadsheets leave at the end."""
    last = max((place for place, cell in enumerate(cells) if cell.strip()), default=-1)
    return cells[: last + 1]


def _key(cell: str, layout: Layout, translation: Translation) -> str | None:
    """Our name of a heading, empty for one that is passed over, None for an unknown one."""
    key = heading_key(cell)
    if key in translation.columns:
        return translation.columns[key]
    if key == REASON or key in translation.ignore:
        return ""
    return key if key in layout.columns else None


def _unknown(cell: str, line: int, layout: Layout) -> RowProblem:
    if not cell.strip():
        return RowProblem(line=line, code="heading", message="A column has no heading.", hint="Name or remove it.")
    near = nearest(heading_key(cell), layout.columns)
    return RowProblem(
        line=line,
        column=cell,
        code="heading",
        message=f"There is no column {quoted(cell)}.",
        hint=f"Did you mean {near}?" if near else "Name it in the file of --map, under columns or in ignore.",
    )


def _doubled(keys: Sequence[str | None], cells: Sequence[str], line: int) -> list[RowProblem]:
    return [
        RowProblem(line=line, column=cell, code="heading", message=f"The column {key} is there twice.", hint=None)
        for place, (key, cell) in enumerate(zip(keys, cells, strict=True))
        if key and key in keys[:place]
    ]


def _missing(found: set[str | None], line: int, layout: Layout) -> list[RowProblem]:
    return [
        RowProblem(
            line=line,
            code="heading",
            message=f"The column {' or '.join(choices)} is missing.",
            hint=f"Add it, or give it in the file of --map. See: invo import template {layout.name}",
        )
        for choices in layout.required
        if not found.intersection(choices)
    ]

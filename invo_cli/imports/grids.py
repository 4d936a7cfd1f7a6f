"""Tables as other programs write them: the rows of a csv or xlsx file, wherever their headings stand."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from invo_cli.errors import InvalidError
from invo_cli.imports import lines, workbooks
from invo_cli.imports.delimited import MAX_COLUMNS, MAX_LINE, Cells
from invo_cli.imports.sources import Source

SNIFFED = 100
"""So many lines tell what divides the columns."""
_DELIMITERS = ",;\t|"

Row = tuple[int, Cells]
"""The line (csv) or row (xlsx) at which it begins, from 1, and its cells as text."""


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet of a workbook, or the one table of a csv file, whose name is empty; rows can be read once."""

    name: str
    rows: Iterator[Row]

    def place(self, line: int) -> str:
        """Where a row stands, as a sentence begins: `Line 7`, `Sheet b2cs, row 7`."""
        return f"Sheet {self.name}, row {line}" if self.name else f"Line {line}"


def grids(source: Source, delimiter: str | None = None) -> Iterator[Grid]:
    """Every sheet of the file, to be read one after the other; rows that are blank are left out."""
    if source.format == "xlsx":
        for name, rows in workbooks.sheets(source):
            yield Grid(name, ((line, [cell.strip() for cell in cells]) for line, cells in rows))
    else:
        yield Grid("", _lines(source, delimiter))


def key_of(heading: str) -> str:
    """A heading without case, spaces and signs: `Chq./Ref.No.` is `chqrefno`."""
    return re.sub("[^a-z0-9]", "", heading.casefold())


def _lines(source: Source, delimiter: str | None) -> Iterator[Row]:
    with lines.opened(source.path, source.name) as text:
        numbered = lines.numbered(text, source.name, MAX_LINE)
        first = list(islice(numbered, SNIFFED))
        reader = csv.reader(chain(first, numbered), delimiter=delimiter or _sniffed(first), strict=True)
        begins = 1
        try:
            for cells in reader:
                if any(cells):
                    yield begins, _bounded([cell.strip() for cell in cells], begins)
                begins = reader.line_num + 1
        except csv.Error as error:
            raise InvalidError(
                f"{source.name} cannot be read as CSV from line {begins} on: {error}.",
                hint='A value with a quote or a line break stands in quotes; within them a quote is written twice: ""',
                line=begins,
            ) from error


def _sniffed(first: Sequence[str]) -> str:
    """The sign that divides most of the first lines alike: statements begin with lines that are no table."""

    def alike(mark: str) -> tuple[int, int]:
        lengths = Counter(len(cells) for cells in csv.reader(first, delimiter=mark) if len(cells) > 1)
        return max(((count, length) for length, count in lengths.items()), default=(0, 0))

    return max(_DELIMITERS, key=alike)


def _bounded(cells: Cells, line: int) -> Cells:
    if len(cells) > MAX_COLUMNS:
        raise InvalidError(f"Line {line} has {len(cells)} columns; at most {MAX_COLUMNS} are read.", line=line)
    return cells

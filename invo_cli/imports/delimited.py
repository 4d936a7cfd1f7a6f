"""CSV: comma, semicolon or tab as the heading shows, quotes strictly; every row with the line on which it begins."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import chain
from typing import TextIO

from invo_cli.errors import InvalidError
from invo_cli.imports import lines
from invo_cli.imports.sources import Source

Cells = list[str]
MAX_FIELD = 131_072
"""A value has at most so many characters; a quote that is never closed ends here."""
MAX_LINE = 1024 * 1024
MAX_COLUMNS = 500
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}


def rows(source: Source, delimiter: str | None = None) -> Iterator[tuple[int, Cells]]:
    """Every row that is not blank, the heading first, with its line."""
    with lines.opened(source.path, source.name) as text:
        yield from _parsed(text, source.name, delimiter)


def delimiter_of(source: Source) -> str:
    """What divides the columns of a file, as its heading shows."""
    with lines.opened(source.path, source.name) as text:
        _, first = _first(lines.numbered(text, source.name, MAX_LINE))
    return _sniffed(first or "", source.name)


def _parsed(text: TextIO, name: str, delimiter: str | None) -> Iterator[tuple[int, Cells]]:
    numbered = lines.numbered(text, name, MAX_LINE)
    skipped, first = _first(numbered)
    if first is None:
        return
    reader = csv.reader(chain([first], numbered), delimiter=delimiter or _sniffed(first, name), strict=True)
    csv.field_size_limit(MAX_FIELD)
    begins = 0
    try:
        for cells in reader:
            if any(cells):
                yield skipped + begins + 1, _bounded(cells, skipped + begins + 1)
            begins = reader.line_num
    except csv.Error as error:
        raise _refusal(error, name, skipped + begins + 1, skipped + reader.line_num) from error


def _first(numbered: Iterator[str]) -> tuple[int, str | None]:
    """The first line that is not blank and how many came before it."""
    for skipped, line in enumerate(numbered):
        if line.strip():
            return skipped, line
    return 0, None


def _sniffed(heading: str, name: str) -> str:
    """The one delimiter that divides the heading; a heading of one column has the comma."""
    csv.field_size_limit(MAX_LINE)  # by the wrong one all of the heading is a single value
    counts = {mark: len(next(csv.reader([heading], delimiter=mark))) for mark in _DELIMITERS}
    dividing = [mark for mark, count in counts.items() if count > 1]
    if len(dividing) > 1:
        words = " and ".join(_DELIMITERS[mark] for mark in dividing)
        raise InvalidError(
            f"The heading of {name} is divided by {words}: which one is not clear.",
            hint='Say so in the file of --map: delimiter = ";"',
        )
    return dividing[0] if dividing else ","


def _bounded(cells: Cells, line: int) -> Cells:
    if len(cells) > MAX_COLUMNS:
        raise InvalidError(f"Line {line} has {len(cells)} columns; at most {MAX_COLUMNS} are read.", line=line)
    return cells


def _refusal(error: csv.Error, name: str, begins: int, ends: int) -> InvalidError:
    if "field larger" in str(error) or "unexpected end" in str(error):
        long = f" or has a value of more than {MAX_FIELD:,} characters" if "larger" in str(error) else ""
        return InvalidError(
            f"A quote on line {begins} of {name} is not closed{long}.",
            hint='Close it; within quotes a quote is written twice: ""',
            line=begins,
        )
    if "expected after" in str(error):
        return InvalidError(
            f"Something stands behind a closing quote on line {ends} of {name}.",
            hint='Within quotes a quote is written twice: ""',
            line=ends,
        )
    return InvalidError(f"Line {ends} of {name} is not CSV: {error}.", line=ends)

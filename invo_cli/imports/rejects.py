"""Rejected records in the layout of their file, each with its reason; to be corrected and imported again."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from invo_cli.errors import InvalidError
from invo_cli.gst.records import RowProblem
from invo_cli.gst.strict_json import load_json
from invo_cli.imports import delimited, objects
from invo_cli.imports.headings import REASON
from invo_cli.imports.layouts import Layout
from invo_cli.imports.mapping import Translation
from invo_cli.imports.sources import Source
from invo_cli.imports.tables import Table

Row = Sequence[str]


def as_text(
    source: Source, layout: Layout, translation: Translation, problems: Iterable[RowProblem], refused: Iterable[int]
) -> Iterator[str]:
    """The lines of the file of rejects; `refused` are the lines at which refused records begin."""
    lines, reasons = frozenset(refused), _reasons(problems)
    if source.format == "jsonl":
        yield from _objects(source, lines, reasons)
        return
    delimiter = translation.delimiter or delimited.delimiter_of(source)
    for row in _rows(source, layout, translation, lines, reasons):
        yield _csv_line(row, delimiter)


def as_workbook(
    source: Source, layout: Layout, translation: Translation, problems: Iterable[RowProblem], refused: Iterable[int]
) -> bytes:
    """The rejects of a workbook as a workbook; every value is text, so that nothing is a formula."""
    return workbook(_rows(source, layout, translation, frozenset(refused), _reasons(problems)))


def workbook(rows: Iterable[Row]) -> bytes:
    """An Excel workbook of one sheet whose cells are all text."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet("invo")
    for row in rows:
        cells = [WriteOnlyCell(sheet, "") for _ in row]
        for cell, text in zip(cells, row, strict=True):
            cell.number_format = "@"
            cell.value = _printable(text)
            cell.data_type = "s"
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _rows(
    source: Source, layout: Layout, translation: Translation, lines: frozenset[int], reasons: Mapping[int, str]
) -> Iterator[Row]:
    table = Table(source, layout, translation)
    keys = list(table.cells)
    old = {place for place, cell in enumerate(keys) if cell.strip() == REASON}
    yield [*_without(keys, old), REASON]
    for group in table.groups(most=None) if lines else ():
        if group.line in lines:
            first, *_ = group.rows
            for line, cells in group.rows:
                reason = reasons.get(line, "") if line != first[0] else _first_reason(group.rows, reasons)
                yield [*_padded(_without(cells, old), len(keys) - len(old)), reason]


def _first_reason(rows: Sequence[tuple[int, Any]], reasons: Mapping[int, str]) -> str:
    """What the first row of a document says: its own problem, else where the problem is."""
    own = reasons.get(rows[0][0])
    others = [str(line) for line, _ in rows[1:] if line in reasons]
    return own or (f"See line {', '.join(others)}." if others else "")


def _without(cells: Sequence[str], places: set[int]) -> list[str]:
    return [cell for place, cell in enumerate(cells) if place not in places]


def _padded(cells: list[str], width: int) -> list[str]:
    return cells + [""] * (width - len(cells))


def _objects(source: Source, lines: frozenset[int], reasons: Mapping[int, str]) -> Iterator[str]:
    """Objects with the reason in them; a line that is no object is given as it was."""
    for number, line in objects.raw(source):
        if number in lines:
            try:
                data: Any = {**load_json(line), REASON: reasons.get(number, "")}
                yield json.dumps(data, ensure_ascii=False, default=str) + "\n"
            except InvalidError:
                yield line.rstrip("\r\n") + "\n"


def _reasons(problems: Iterable[RowProblem]) -> Mapping[int, str]:
    found: dict[int, list[str]] = defaultdict(list)
    for problem in problems:
        where = f"{problem.column}: " if problem.column else ""
        hint = f" {problem.hint}" if problem.hint else ""
        found[problem.line].append(f"{where}{problem.message}{hint}")
    return {line: " | ".join(sentences) for line, sentences in found.items()}


def _csv_line(row: Row, delimiter: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerow(row)
    return out.getvalue()


def _printable(text: str) -> str:
    """Control characters cannot stand in a workbook."""
    return "".join(character for character in text if character >= " " or character in "\t\n\r")

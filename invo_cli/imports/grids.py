"""Tables as other programs write them: rows of text cells of a csv or xlsx file, wherever their headings stand.

Every cell is text, empty when there is nothing in it, so that a reader decides by its own rules what it means. A date
of a workbook is written YYYY-MM-DD, a number as the workbook shows it, without exponent.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from invo_cli.errors import InvalidError

MAX_BYTES = 64 * 1024 * 1024
MAX_UNPACKED = 512 * 1024 * 1024
"""What a workbook may come to when it is unpacked: 492 kB can hold 199 MB of XML."""
MAX_COLUMNS = 200
MAX_CELL = 32_767
"""Characters of one cell: the limit of a workbook."""

Cells = list[str]
Row = tuple[int, Cells]
"""The line (csv) or row (xlsx) at which it begins, from 1, and its cells."""


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet of a workbook, or the one table of a csv file, whose name is empty."""

    name: str
    rows: Iterable[Row]

    def place(self, line: int) -> str:
        """Where a row stands, as a sentence begins: `Line 7`, `Sheet b2cs, row 7`."""
        return f"Sheet {self.name}, row {line}" if self.name else f"Line {line}"


def grids(data: bytes, what: str) -> Iterator[Grid]:
    """Every sheet of the file; `what` names it in refusals. To be read one after the other.

    Raises InvalidError for a file that is neither a workbook (xlsx) nor text (UTF-8 or UTF-16), or is too large.
    """
    if len(data) > MAX_BYTES:
        raise InvalidError(f"{what} is larger than 64 MiB.", hint="Split the file.")
    if data.startswith(b"PK"):
        yield from _workbook(data, what)
    elif data.startswith(b"\xd0\xcf\x11\xe0"):
        raise InvalidError(f"{what} is a workbook of the old format (xls).", hint="Save it as xlsx or csv.")
    else:
        yield Grid("", _lines(_text(data, what), what))


def key_of(heading: str) -> str:
    """A heading without case, spaces and signs: `Chq./Ref.No.` is `chqrefno`."""
    return re.sub("[^a-z0-9]", "", heading.casefold())


def _text(data: bytes, what: str) -> str:
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InvalidError(
            f"{what} is not UTF-8 text (byte {error.start}).", hint="Save the file as CSV UTF-8, or as xlsx."
        ) from error
    if "\0" in text:
        raise InvalidError(f"{what} contains a NUL character.", hint="Save the file as CSV UTF-8, or as xlsx.")
    return text


def _lines(text: str, what: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, _checked([cell.strip() for cell in cells], f"{what}, line {line}")
            line = reader.line_num + 1
    except csv.Error as error:
        raise InvalidError(
            f"{what} cannot be read as CSV from line {line} on: {error}.",
            hint="A field with a quote, comma or line break stands in quotes, and its quotes are doubled.",
        ) from error


def _delimiter(text: str) -> str:
    """The sign that divides most of the first lines alike: statements begin with lines that are no table."""
    start = text[:20_000].splitlines()[:100]

    def alike(mark: str) -> tuple[int, int]:
        lengths = Counter(len(cells) for cells in csv.reader(start, delimiter=mark) if len(cells) > 1)
        return max(((count, length) for length, count in lengths.items()), default=(0, 0))

    return max(",;\t|", key=alike)


def _workbook(data: bytes, what: str) -> Iterator[Grid]:
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            size = sum(entry.file_size for entry in packed.infolist())
        if size > MAX_UNPACKED:
            raise InvalidError(f"{what} unpacks to more than 512 MiB.", hint="Split the workbook.")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise InvalidError(f"{what} is not a workbook that can be read.", hint="Save it again as xlsx.") from error
    try:
        for sheet in book.worksheets:
            # The size a sheet claims is often wrong, and a wrong one hides rows.
            sheet.reset_dimensions()
            yield Grid(sheet.title, _rows(sheet, what))
    finally:
        book.close()


def _rows(sheet: Any, what: str) -> Iterator[Row]:
    for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
        cells = [_cell(value) for value in values]
        while cells and not cells[-1]:
            cells.pop()
        yield number, _checked(cells, f"{what}, sheet {sheet.title}, row {number}")


def _checked(cells: Cells, place: str) -> Cells:
    if len(cells) > MAX_COLUMNS:
        raise InvalidError(f"{place} has {len(cells)} cells; at most {MAX_COLUMNS} are read.", hint="Is it a table?")
    if any(len(cell) > MAX_CELL for cell in cells):
        raise InvalidError(f"{place} has a cell of more than {MAX_CELL} characters.", hint="Shorten it.")
    return cells


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, float):
        # Fifteen digits are all that a workbook keeps; what lies beyond is noise of the binary number.
        return f"{Decimal(f'{value:.15g}'):f}"
    return str(value).strip()

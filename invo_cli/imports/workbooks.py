"""Excel workbooks: the first sheet as rows of text, exactly as far as Excel itself is exact."""

from __future__ import annotations

import datetime as dt
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from invo_cli.errors import InvalidError
from invo_cli.imports.delimited import MAX_COLUMNS, Cells
from invo_cli.imports.sources import Source

MAX_BYTES = 20 * 1024**2
MAX_UNPACKED = 200 * 1024**2
MAX_RATIO = 100
MAX_ENTRIES = 1_000
_SPLIT = "Split it, or save the sheet as CSV."
_EXACT_DIGITS = 15
"""Excel keeps no more digits of a number."""


def rows(source: Source, sheet: str | None = None) -> Iterator[tuple[int, Cells]]:
    """Every row that is not blank, the heading first, with its number; values as text, dates as YYYY-MM-DD."""
    with _workbook(source) as book:
        yield from _rows(_sheet(book, source.name, sheet))


def sheets(source: Source) -> Iterator[tuple[str, Iterator[tuple[int, Cells]]]]:
    """Every sheet by its name, with rows as in `rows`; to be read one after the other."""
    with _workbook(source) as book:
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            yield sheet.title, _rows(sheet)


def _rows(sheet: Any) -> Iterator[tuple[int, Cells]]:
    for number, row in enumerate(sheet.iter_rows(), 1):
        if len(row) > MAX_COLUMNS:
            raise InvalidError(f"Row {number} has {len(row)} columns; at most {MAX_COLUMNS} are read.", line=number)
        cells = [_text(cell) for cell in row]
        if any(cells):
            yield number, cells


@contextmanager
def _workbook(source: Source) -> Iterator[Any]:
    from openpyxl import load_workbook

    _refuse_dangerous(source)
    # Opened here: of a path openpyxl asks the ending, and standard input has none.
    with source.path.open("rb") as data:
        try:
            book = load_workbook(data, read_only=True, keep_links=False)
        except (KeyError, ValueError, TypeError, OSError, zipfile.BadZipFile, SyntaxError) as error:
            raise _damaged(source) from error
        try:
            yield book
        except (KeyError, ValueError, EOFError, zlib.error, zipfile.BadZipFile, SyntaxError) as error:
            raise _damaged(source) from error
        finally:
            book.close()


def _sheet(book: Any, name: str, wanted: str | None) -> Any:
    if wanted is not None and wanted not in book.sheetnames:
        raise InvalidError(f"{name} has no sheet {wanted}.", hint=f"Its sheets are {', '.join(book.sheetnames)}.")
    sheet = book[wanted] if wanted is not None else next(iter(book.worksheets), None)
    if sheet is None:
        raise InvalidError(f"{name} has no sheet.", hint="Save the table as .xlsx or CSV.")
    sheet.reset_dimensions()  # what the file says of its size may be wrong
    return sheet


def _refuse_dangerous(source: Source) -> None:
    """The limits of what is unpacked, and macros."""
    name = source.name
    if source.path.stat().st_size > MAX_BYTES:
        raise InvalidError(f"{name} is larger than 20 MiB.", hint=_SPLIT)
    try:
        with zipfile.ZipFile(source.path) as packed:
            entries = packed.infolist()
    except zipfile.BadZipFile as error:
        raise _damaged(source) from error
    if len(entries) > MAX_ENTRIES:
        raise InvalidError(f"{name} holds {len(entries)} parts; at most {MAX_ENTRIES} are read.", hint=_SPLIT)
    unpacked, stored = sum(entry.file_size for entry in entries), sum(entry.compress_size for entry in entries)
    if unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(stored, 1):
        raise InvalidError(f"{name} unpacks to {unpacked:,} bytes: more than is read.", hint=_SPLIT)
    if any(entry.filename.lower().endswith("vbaproject.bin") for entry in entries):
        raise InvalidError(f"{name} holds macros.", hint="Save it as .xlsx, without macros.")


def _damaged(source: Source) -> InvalidError:
    return InvalidError(f"{source.name} is not an Excel workbook, or it is damaged.", hint="Save it again as .xlsx.")


def _text(cell: Any) -> str:
    """A cell as text; what would be read wrongly is given in a form that is refused with its reason."""
    if cell.data_type == "f":
        return f"#FORMULA {cell.value}"
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, int | float):
        return _number(value * 100 if "%" in (cell.number_format or "") else value)
    return str(value).strip()


def _number(value: float) -> str:
    """The digits that Excel shows: at most 15; larger numbers as it would write them, with an exponent."""
    text = format(value, f".{_EXACT_DIGITS}g")
    if "e" not in text:
        return text
    whole = int(value)
    return str(whole) if whole == value and abs(whole) < 10**_EXACT_DIGITS else text.upper()

"""The official list of HSN and SAC codes as GSTN publishes it: a workbook of two sheets, or the same as csv or json.

Spreadsheets take the codes of chapters 01 to 09 for numbers and lose their first zero: it is put back where the code
then lies in a heading that the Customs Tariff has.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from invo_cli.errors import InvalidError
from invo_cli.gst.hsn import is_hsn
from invo_cli.gst.text import quoted
from invo_cli.imports.grids import Grid, Row, grids, key_of
from invo_cli.imports.sources import Source

MAX_DESCRIPTION = 4000
MAX_JSON = 64 * 1024**2
CODE_HEADINGS = frozenset(
    ("hsncd", "saccd", "hsncode", "saccode", "hsnsaccode", "hsnsaccd", "hsnsac", "hsn", "sac", "code")
)
DESCRIPTION_HEADINGS = frozenset(
    ("hsndescription", "sacdescription", "hsnsacdescription", "hsndesc", "sacdesc", "description", "desc")
)
HEADING_ROWS = 10
"""Headings stand in one of these first rows."""
# NUL, and half of a surrogate pair that only JSON can spell.
_UNKEPT = re.compile("[\0\ud800-\udfff]")
# Customs Tariff Act 1975, First Schedule: how many headings the chapters 01 to 09 have.
_HEADINGS_OF_CHAPTER = {"01": 6, "02": 10, "03": 9, "04": 10, "05": 11, "06": 4, "07": 14, "08": 14, "09": 10}
_HINT = "Give the HSN_SAC list of the GST portal: columns HSN_CD and HSN_Description, SAC_CD and SAC_Description."

Entry = tuple[str, str, str]
"""Where it stands, the code and the description as written."""


@dataclass(slots=True)
class HsnList:
    """What a file says: the description of each code, empty where the list has none."""

    codes: dict[str, str] = field(default_factory=dict)
    read: int = 0
    repaired: int = 0
    """Codes that got their first zero back."""
    refused: list[str] = field(default_factory=list)
    """A sentence for each row that has no code."""


def read(source: Source) -> HsnList:
    """The list in a file of one of the three formats, told apart by what is in it.

    A code that stands twice keeps what its first whole spelling says. Raises InvalidError for another file.
    """
    found, from_numbers = HsnList(), dict[str, str]()
    for place, written, description in _from_json(source) if _is_json(source) else _from_grids(source):
        found.read += 1
        code = repaired(written)
        if code is None or _UNKEPT.search(description) or len(description) > MAX_DESCRIPTION:
            wrong = f"{quoted(written)} is no HSN or SAC code" if code is None else "the description cannot be kept"
            found.refused.append(f"{place}: {wrong}.")
        elif code == written:
            found.codes.setdefault(code, description)
        else:
            from_numbers.setdefault(code, description)
    found.repaired = len(from_numbers)
    found.codes = from_numbers | found.codes
    return found


def repaired(written: str) -> str | None:
    """The code without spaces, with the zero that a spreadsheet took away; None when that is no code."""
    code = "".join(written.removeprefix("'").split())
    if is_hsn(code):
        return code
    with_zero = f"0{code}"
    headings = _HEADINGS_OF_CHAPTER.get(with_zero[:2], 0)
    if not is_hsn(with_zero) or (len(with_zero) > 2 and not "01" <= with_zero[2:4] <= f"{headings:02}"):
        return None
    return with_zero


def _is_json(source: Source) -> bool:
    with source.path.open("rb") as data:
        return data.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")


def _from_grids(source: Source) -> Iterator[Entry]:
    is_list = False
    for grid in grids(source):
        rows = iter(grid.rows)
        columns = _columns(rows)
        if columns is not None:
            is_list = True
            yield from _entries(grid, rows, *columns)
    if not is_list:
        raise InvalidError(f"{source.name} has no columns of codes and descriptions.", hint=_HINT)


def _columns(rows: Iterator[Row]) -> tuple[int, int] | None:
    """Where code and description stand; reads up to the headings."""
    for number, (_, cells) in enumerate(rows, 1):
        keys = [key_of(cell) for cell in cells]
        code = next((at for at, key in enumerate(keys) if key in CODE_HEADINGS), None)
        description = next((at for at, key in enumerate(keys) if key in DESCRIPTION_HEADINGS), None)
        if code is not None and description is not None:
            return code, description
        if number == HEADING_ROWS:
            break
    return None


def _entries(grid: Grid, rows: Iterable[Row], code: int, description: int) -> Iterator[Entry]:
    for line, cells in rows:
        if any(cells):
            padded = [*cells, *[""] * (max(code, description) + 1 - len(cells))]
            yield grid.place(line), padded[code], padded[description]


def _from_json(source: Source) -> Iterator[Entry]:
    """`{"codes": {code: description}}`, the same without the envelope, or a list of objects with official keys."""
    if source.path.stat().st_size > MAX_JSON:
        raise InvalidError(f"{source.name} is larger than 64 MiB.", hint="Split the file.")
    try:
        text = source.path.read_text(encoding="utf-8-sig")
        # Numbers stay as they are written: a code is never one.
        content = json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise InvalidError(f"{source.name} is not JSON that can be read.", hint=_HINT) from error
    if isinstance(content, dict):
        codes = content.get("codes", content)
        content = codes if isinstance(codes, list) else [codes]
    is_list = False
    for number, record in enumerate(content, 1):
        for entry in _records(record, number):
            is_list = True
            yield entry
    if not is_list:
        raise InvalidError(f"{source.name} has no codes and descriptions.", hint=_HINT)


def _records(record: Any, number: int) -> Iterator[Entry]:
    if not isinstance(record, Mapping):
        return
    keys = {key_of(key): key for key in record}
    code = next((keys[key] for key in keys if key in CODE_HEADINGS), None)
    if code is not None:
        description = next((keys[key] for key in keys if key in DESCRIPTION_HEADINGS), "")
        yield f"Record {number}", _text(record[code]), _text(record.get(description))
        return
    for place, (key, value) in enumerate(record.items(), 1):
        if value is None or isinstance(value, str):
            yield f"Code {place}", key, _text(value)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""

"""The GSTR-1 workbook of the official offline tool, read into the structure of the return's JSON.

Amounts are Decimal rupees, rates Decimal per cent, dates DD-MM-YYYY, as in a JSON file that was read exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from invo_cli.errors import InvalidError
from invo_cli.imports.delimited import Cells
from invo_cli.imports.grids import Grid, grids, key_of
from invo_cli.imports.gstr1_cells import FIELD_OF, PARSERS
from invo_cli.imports.gstr1_sections import SHEETS, Sheet, Values
from invo_cli.imports.sources import Source

HEADING_ROWS = 10
"""Headings stand in row 4, below the summary, or in another of these first rows."""
MOST_PROBLEMS = 100
_NAMES = {"b2bsezde": "b2b"}
_NO_SECTIONS = ("help", "master", "instruction", "readme", "index")
_MAY_BE_BLANK = frozenset(
    ("rchrg", "inv_typ", "nil_amt", "expt_amt", "ngsup_amt", "iamt", "camt", "samt", "qty", "txval", "cancel")
)
"""Required columns whose cells may be blank: nothing, no reverse charge, a regular invoice."""


@dataclass(slots=True)
class Gstr1Workbook:
    """What a workbook says: the sections of the return, and the names of sheets that were not read."""

    sections: dict[str, Any] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)


def read(source: Source, *, gstin: str, fp: str) -> Gstr1Workbook:
    """The return in a workbook of the taxpayer `gstin` for the period `fp` (MMYYYY): the workbook itself names neither.

    `sections` begin with gstin and fp. Raises InvalidError that names sheet, row and column of what cannot be read;
    `problems` in its details are the first hundred.
    """
    found, problems = Gstr1Workbook({"gstin": gstin, "fp": fp}), list[str]()
    for grid in grids(source):
        key = key_of(grid.name)
        sheet = SHEETS.get(_NAMES.get(key, key))
        if sheet is not None:
            _add(found.sections, sheet, _read_sheet(grid, sheet, gstin[:2], problems))
        elif not key.startswith(_NO_SECTIONS) and any(True for _ in grid.rows):
            found.unread.append(grid.name)
    if problems:
        more = f" There are {len(problems) - 1} more." if len(problems) > 1 else ""
        raise InvalidError(
            f"{problems[0]}{more}",
            hint="Correct the workbook, or compare with the JSON file that the offline tool made of it.",
            problems=problems[:MOST_PROBLEMS],
        )
    if len(found.sections) == 2 and not found.unread:
        raise InvalidError(
            f"{source.name} has no sheet of a GSTR-1.",
            hint="Its sheets are b2b,sez,de, b2cl, b2cs, cdnr, docs and so on.",
        )
    return found


def _add(sections: dict[str, Any], sheet: Sheet, section: Any) -> None:
    """Put a section in its place; the two lists of codes share one."""
    filled = {key: value for key, value in section.items() if value} if isinstance(section, dict) else section
    if isinstance(filled, dict):
        filled = sections.get(sheet.section, {}) | filled
    if filled:
        sections[sheet.section] = filled


def _read_sheet(grid: Grid, sheet: Sheet, state: str, problems: list[str]) -> Any:
    rows = iter(grid.rows)
    try:
        columns = _columns(grid, rows, sheet)
    except InvalidError as error:
        problems.append(error.message)
        return []
    seen: list[int] = []

    def values() -> Iterator[Values]:
        for line, cells in rows:
            seen[:] = [line]
            row = _values(grid, line, cells, sheet, columns, problems)
            if row is not None:
                yield row

    try:
        return sheet.made(values(), state)
    except InvalidError as error:
        problems.append(f"{grid.place(seen[0])}: {error.message}")
        return []


def _columns(grid: Grid, rows: Iterator[tuple[int, Cells]], sheet: Sheet) -> Mapping[str, tuple[int, str]]:
    """Where each field stands and its heading; empty for a sheet without any row."""
    best: dict[str, tuple[int, str]] = {}
    wanted = {*sheet.required, *sheet.optional}
    for line, cells in rows:
        if line > HEADING_ROWS:
            break
        found: dict[str, tuple[int, str]] = {}
        for place, heading in enumerate(cells):
            name = _field_of(heading, sheet)
            if name in wanted:
                found.setdefault(name, (place, heading))
        if not set(sheet.required) - found.keys():
            return found
        best = max(best, found, key=len)
    else:
        if not best:
            return {}
    missing = next(name for name in sheet.required if name not in best)
    heading = next((heading for heading, name in FIELD_OF.items() if name == missing), missing)
    raise InvalidError(f"Sheet {grid.name} has no heading for {missing} ({heading}) in its first {HEADING_ROWS} rows.")


def _field_of(heading: str, sheet: Sheet) -> str:
    key = key_of(heading)
    if key == "description":
        return "nil" if sheet.section == "nil" else "desc"
    return FIELD_OF.get(key, "")


def _values(
    grid: Grid, line: int, cells: Cells, sheet: Sheet, columns: Mapping[str, tuple[int, str]], problems: list[str]
) -> Values | None:
    """One row, or None when it is wrong or has nothing in the columns of the sheet."""
    row: Values = {}
    before = len(problems)
    texts = {name: cells[place].strip() if place < len(cells) else "" for name, (place, _) in columns.items()}
    if not any(texts.values()):
        return None
    for name, text in texts.items():
        if not text and name in sheet.optional and name not in ("inv_typ", "rchrg"):
            continue
        try:
            row[name] = _parsed(name, text, is_required=name in sheet.required)
        except InvalidError as error:
            problems.append(f"{grid.place(line)}, {columns[name][1]}: {error.message}")
    return row if len(problems) == before else None


def _parsed(name: str, text: str, *, is_required: bool) -> Any:
    parse: Callable[[str], Any] = PARSERS[name]
    if not text and is_required and name not in _MAY_BE_BLANK:
        raise InvalidError("The cell is empty.")
    return parse(text)

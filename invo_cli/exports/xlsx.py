"""Excel workbooks, written row by row straight into their zip file: memory does not grow, nothing lies on the disk.

Amounts, quantities and rates are numbers with exactly the digits of their text, days are dates, texts are always
texts and never formulas.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Protocol
from xml.sax.saxutils import escape

Row = Sequence[str | None]
MOST_ROWS = 1_048_576
"""Of a sheet, with its heading; Excel has no more."""
MOST_BYTES = 3_500_000_000
"""Of a sheet before compression, so that its file never needs the 64-bit form that some programs cannot read."""
MOST_CHARACTERS = 32_767
"""Of a cell, as UTF-16 counts them."""
_PIECE = 256
_COMPRESSION = 3
_DAY_ZERO = date(1899, 12, 30).toordinal()
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
"""What XML cannot hold, or would change, and what looks like the way in which Excel writes that."""
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_STYLES = (
    f'{_DECLARATION}<styleSheet xmlns="{_MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="0.000"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/>'
    '</font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill '
    'patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border>'
    '<left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" '
    'fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="5">'
    + "".join(
        f'<xf numFmtId="{number}" fontId="{font}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        for number, font in ((0, 0), (164, 0), (2, 0), (165, 0), (0, 1))
    )
    + '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_DATE, _MONEY, _QUANTITY, _HEADING = 1, 2, 3, 4


class Field(Protocol):
    """One column."""

    @property
    def name(self) -> str:
        """The heading."""

    @property
    def kind(self) -> str:
        """What its values are."""


class Workbook:
    """A workbook of as many sheets as the rows need."""

    def __init__(self, out: Any, name: str, fields: Sequence[Field]) -> None:
        self._zip = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=_COMPRESSION)
        self._name = name
        self._fields = fields
        self._writers: list[Callable[[str], str]] = [_WRITERS.get(field.kind, self._text) for field in fields]
        self._sheets = 0
        self.cut = 0
        """How many texts were too long for a cell and were cut."""

    def write(self, rows: Iterable[Row]) -> None:
        """Write every row, and finish the file."""
        waiting = iter(rows)
        first = next(waiting, None)
        while first is not None or not self._sheets:
            first = self._sheet(first, waiting)
        for name, text in self._parts():
            self._zip.writestr(_entry(name), text)
        self._zip.close()

    def _sheet(self, first: Row | None, waiting: Iterator[Row]) -> Row | None:
        """Write one sheet; the row that found no room any more."""
        self._sheets += 1
        written, size = 1, 0
        with self._zip.open(_entry(f"xl/worksheets/sheet{self._sheets}.xml"), "w") as sheet:
            sheet.write(self._top().encode())
            while first is not None and written < MOST_ROWS and size < MOST_BYTES:
                lines: list[str] = []
                while first is not None and len(lines) < min(_PIECE, MOST_ROWS - written):
                    lines.append(self._row(first))
                    first = next(waiting, None)
                size += sheet.write("".join(lines).encode())
                written += len(lines)
            sheet.write(b"</sheetData></worksheet>")
        return first

    def _top(self) -> str:
        cells = "".join(
            f'<c t="inlineStr" s="{_HEADING}"><is><t>{escape(field.name)}</t></is></c>' for field in self._fields
        )
        pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        view = f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
        return f'{_DECLARATION}<worksheet xmlns="{_MAIN}">{view}<sheetData><row>{cells}</row>'

    def _row(self, values: Row) -> str:
        cells = ["<c/>" if value is None else write(value) for write, value in zip(self._writers, values, strict=True)]
        return f"<row>{''.join(cells)}</row>"

    def _text(self, value: str) -> str:
        if len(value) * 2 > MOST_CHARACTERS:
            value = self._shortened(value)
        if not value.isalnum():  # most words and names need no look
            value = _FORBIDDEN.sub(_spelled, value) if _FORBIDDEN.search(value) else value
            value = escape(value) if "&" in value or "<" in value or ">" in value else value
        return f'<c t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'

    def _shortened(self, value: str) -> str:
        units = value.encode("utf-16-le")
        if len(units) <= 2 * MOST_CHARACTERS:
            return value
        self.cut += 1
        return units[: 2 * MOST_CHARACTERS].decode("utf-16-le", errors="ignore")

    def _parts(self) -> Iterator[tuple[str, str]]:
        """Everything but the sheets, whose number is known only now."""
        numbers = range(1, self._sheets + 1)
        sheets = "".join(
            f'<sheet name="{self._title(number)}" sheetId="{number}" r:id="rId{number}"/>' for number in numbers
        )
        workbook = f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATED}"><sheets>{sheets}</sheets></workbook>'
        yield "xl/workbook.xml", _DECLARATION + workbook
        targets = {f"rId{number}": ("worksheet", f"worksheets/sheet{number}.xml") for number in numbers}
        yield "xl/_rels/workbook.xml.rels", _related(targets | {"rIdStyles": ("styles", "styles.xml")})
        yield "xl/styles.xml", _STYLES
        yield "_rels/.rels", _related({"rId1": ("officeDocument", "xl/workbook.xml")})
        parts = {"workbook.xml": "sheet.main", "styles.xml": "styles"}
        parts |= {f"worksheets/sheet{number}.xml": "worksheet" for number in numbers}
        overrides = "".join(
            f'<Override PartName="/xl/{part}" ContentType="{_TYPE}.{kind}+xml"/>' for part, kind in parts.items()
        )
        yield (
            "[Content_Types].xml",
            f'{_DECLARATION}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/'
            f'vnd.openxmlformats-package.relationships+xml"/>{overrides}</Types>',
        )

    def _title(self, number: int) -> str:
        return self._name if number == 1 else f"{self._name} {number}"


def _entry(name: str) -> zipfile.ZipInfo:
    """An entry that has no time of its own: the same rows are the same bytes."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry._compresslevel = _COMPRESSION  # type: ignore[attr-defined]
    return entry


def _related(targets: Mapping[str, tuple[str, str]]) -> str:
    links = "".join(
        f'<Relationship Id="{key}" Type="{_RELATED}/{kind}" Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    return f'{_DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def _spelled(found: re.Match[str]) -> str:
    return f"_x{ord(found[0]):04X}_"


def _number(style: int) -> Callable[[str], str]:
    return f'<c s="{style}"><v>{{}}</v></c>'.format


def _day(value: str) -> str:
    return f'<c s="{_DATE}"><v>{date.fromisoformat(value).toordinal() - _DAY_ZERO}</v></c>'


def _flag(value: str) -> str:
    return f'<c t="b"><v>{int(value == "true")}</v></c>'


_WRITERS: Mapping[str, Callable[[str], str]] = {
    "money": _number(_MONEY),
    "quantity": _number(_QUANTITY),
    "rate": _number(0),
    "count": _number(0),
    "date": _day,
    "flag": _flag,
}

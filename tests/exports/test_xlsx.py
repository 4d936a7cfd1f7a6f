"""Workbooks, read back with another library."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any, NamedTuple

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from invo_cli.exports import xlsx
from invo_cli.exports.hashing import Hashed
from invo_cli.exports.xlsx import Workbook

pytestmark = pytest.mark.unit
Rows = list[tuple[str | None, ...]]


class Field(NamedTuple):
    name: str
    kind: str


FIELDS = [
    Field(*each)
    for each in (("number", "text"), ("date", "date"), ("total", "money"), ("quantity", "quantity"), ("rate", "rate"))
] + [Field(*each) for each in (("is_deleted", "flag"), ("change", "count"), ("at", "instant"))]
ROW = ("INV/26-27/0001", "2026-10-05", "-0.35", "1.500", "0.25", "true", "7", "2026-10-05T06:30:00.000000+00:00")


def made(rows: Rows, fields: list[Field] = FIELDS) -> tuple[bytes, int]:
    out = io.BytesIO()
    workbook = Workbook(Hashed(out), "invoices", fields)
    workbook.write(iter(rows))
    return out.getvalue(), workbook.cut


def read(data: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {sheet.title: [tuple(cell.value for cell in row) for row in sheet.iter_rows()] for sheet in book}


def sheet_of(data: bytes) -> Worksheet:
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert isinstance(sheet, Worksheet)
    return sheet


def texts(values: list[str]) -> list[Any]:
    sheets = read(made([(value,) for value in values], [Field("text", "text")])[0])
    return [row[0] for row in sheets["invoices"][1:]]


def test_values_have_their_types() -> None:
    data, _ = made([ROW, (None,) * 8])
    heading, first, second = read(data)["invoices"]
    assert heading == tuple(field.name for field in FIELDS)
    assert first == ("INV/26-27/0001", datetime.fromisoformat("2026-10-05"), -0.35, 1.5, 0.25, True, 7, ROW[-1])
    assert second == (None,) * 8
    cells = sheet_of(data)
    assert [cells.cell(2, column).number_format for column in (2, 3, 4)] == ["yyyy\\-mm\\-dd", "0.00", "0.000"]


def test_amounts_keep_every_digit() -> None:
    data, _ = made([("x", None, "9999999999999.99", *(None,) * 5)])
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert b"<v>9999999999999.99</v>" in parts.read("xl/worksheets/sheet1.xml")


def test_any_text_comes_back_as_it_was() -> None:
    hostile = ["=1+1", "<b>&amp;</b>", "  spaces  ", "two\nlines", "\ttab", "रु 😀", "_x", "''", "007"]
    assert texts(hostile) == hostile


def test_what_xml_cannot_hold_is_spelled_as_excel_does() -> None:
    data, _ = made([("a\x01b\x1f\r\ufffe_x000D_",)], [Field("text", "text")])
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "a_x0001_b_x001F__x000D__xFFFE__x005F_x000D_<" in sheet


def test_formulas_are_texts() -> None:
    assert sheet_of(made([("=1+1",)], [Field("text", "text")])[0]).cell(2, 1).data_type in ("s", "inlineStr")


def test_a_text_too_long_for_a_cell_is_cut_and_counted() -> None:
    fits, long, pairs = "x" * 32_767, "y" * 32_768, "\U0001f600" * 16_384
    data, cut = made([(fits,), (long,), (pairs,)], [Field("text", "text")])
    found = [row[0] for row in read(data)["invoices"][1:]]
    assert found == [fits, "y" * 32_767, "\U0001f600" * 16_383]
    assert cut == 2


@pytest.mark.parametrize(("rows", "sheets"), [(0, [0]), (4, [4]), (5, [4, 1]), (8, [4, 4]), (9, [4, 4, 1])])
def test_rows_that_do_not_fit_go_on_in_another_sheet(
    rows: int, sheets: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "MOST_ROWS", 5)  # a million rows take too long to read
    found = read(made([(str(number),) for number in range(rows)], [Field("n", "count")])[0])
    assert list(found) == ["invoices", *(f"invoices {number}" for number in range(2, len(sheets) + 1))]
    assert [len(each) - 1 for each in found.values()] == sheets
    assert {each[0] for each in found.values()} == {("n",)}
    assert [row[0] for each in found.values() for row in each[1:]] == list(range(rows))


def test_the_same_rows_are_the_same_bytes() -> None:
    assert made([ROW]) == made([ROW])

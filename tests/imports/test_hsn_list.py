"""Reading the official list of HSN and SAC codes: headings, sheets, lost zeros."""

from __future__ import annotations

import io
import json

import openpyxl
import pytest

from invo_cli.errors import InvalidError
from invo_cli.imports.hsn_list import repaired
from tests.imports.files import hsn_of as read

pytestmark = pytest.mark.unit


def workbook(*sheets: tuple[str, list[list[object]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_both_sheets_of_the_workbook_are_read() -> None:
    data = workbook(
        ("Help", [["How to use this list"]]),
        ("HSN_MSTR", [["HSN_CD", "HSN_Description"], ["01", "LIVE ANIMALS"], [1012100, "PURE-BRED"], [85171300, "X"]]),
        ("SAC_MSTR", [["SAC_CD", "SAC_Description"], [998716, "Repair of telecom apparatus"], [None, None]]),
    )
    found = read(data)
    assert found.codes == {
        "01": "LIVE ANIMALS",
        "01012100": "PURE-BRED",
        "85171300": "X",
        "998716": "Repair of telecom apparatus",
    }
    assert (found.read, found.repaired, found.refused) == (4, 1, [])


@pytest.mark.parametrize(
    "data",
    [
        b'HSN_CD,HSN_Description\n0101,HORSES\n998716,"Repair, of phones"\n',
        b"\xef\xbb\xbfHSN Code;Description\r\n0101;HORSES\r\n998716;Repair, of phones\r\n",
        b"The list\tof codes\nHSN-CODE\tx\tHSN-Description\n0101\t\tHORSES\n998716\t\tRepair, of phones\n",
        json.dumps({"codes": {"0101": "HORSES", "998716": "Repair, of phones"}}).encode(),
        json.dumps({"0101": "HORSES", "998716": "Repair, of phones"}).encode(),
        json.dumps(
            [{"HSN_CD": 101, "HSN_Description": "HORSES"}, {"SAC_CD": "998716", "SAC_Description": "Repair, of phones"}]
        ).encode(),
    ],
    ids=["csv", "semicolons", "tabs", "envelope", "object", "records"],
)
def test_every_spelling_of_the_list_is_understood(data: bytes) -> None:
    assert read(data).codes == {"0101": "HORSES", "998716": "Repair, of phones"}


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("1", "01"),
        ("101", "0101"),
        ("30559", "030559"),
        ("3074330", "03074330"),
        ("2307 00", "230700"),
        ("'0101", "0101"),
        ("85171300", "85171300"),
        ("9987131", None),  # 0998 is no heading of chapter 09
        ("85171", None),
        ("60501", None),  # chapter 06 ends with 0604
        ("1.0121E+06", None),
        ("99871300", None),  # services end at six digits
        ("", None),
        ("٠١٠١", None),
    ],
)
def test_a_zero_comes_back_only_where_the_tariff_has_the_heading(written: str, code: str | None) -> None:
    assert repaired(written) == code


def test_a_row_without_a_code_is_named_and_the_rest_is_read() -> None:
    found = read(b"Code,Description\n8517,PHONES\nTotal,2 codes\n\n998716,Repair\n")
    assert found.codes == {"8517": "PHONES", "998716": "Repair"}
    assert found.refused == ["Line 3: 'Total' is no HSN or SAC code."]


def test_a_description_that_cannot_be_kept_is_named_and_the_rest_is_read() -> None:
    found = read(rb'[{"hsn": "8517", "description": "\ud800"}, {"hsn": "8518", "description": "\ud83d\ude00"}]')
    assert (found.codes, found.refused) == ({"8518": "😀"}, ["Record 1: the description cannot be kept."])


def test_a_code_written_whole_wins_over_one_that_lost_its_zero() -> None:
    assert read(b"Code,Description\n101,repaired\n0101,whole\n").codes == {"0101": "whole"}


def test_a_code_without_a_description_is_known_all_the_same() -> None:
    assert read(json.dumps({"codes": {"52083110": None}}).encode()).codes == {"52083110": ""}


@pytest.mark.parametrize(
    "data", [b"", b"a,b\n1,2\n", b"{", b"[]", b"{}", b"\xff\xfe\x00a", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b'a,"b\n']
)
def test_another_file_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidError):
        read(data)

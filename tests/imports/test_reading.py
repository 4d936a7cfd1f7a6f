"""Files read into records: every spelling that is accepted, and every refusal with its place."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import zstandard
from openpyxl import Workbook

from invo_cli.errors import InvalidError, InvoError, NotFoundError
from invo_cli.gst.records import Record, RowProblem, Unreadable
from invo_cli.imports import mapping, reading, rejects, sources, templates
from invo_cli.imports.headings import HeadingError
from invo_cli.imports.layouts import LAYOUTS

pytestmark = pytest.mark.unit
Read = list[Record[Any] | Unreadable]
BOM = b"\xef\xbb\xbf"


def read(tmp_path: Path, data: bytes | str, what: str = "customers", how: str | None = None, **options: Any) -> Read:
    path = tmp_path / "file"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    with sources.opened(str(path), how) as source:
        return list(reading.records(source, LAYOUTS[what], mapping.Translation(**options)))


def values(found: Read) -> list[Any]:
    assert all(isinstance(record, Record) for record in found), found
    return [record.value for record in found if isinstance(record, Record)]


def problems(found: Read) -> list[RowProblem]:
    return [problem for record in found if isinstance(record, Unreadable) for problem in record.problems]


def refusal(tmp_path: Path, data: bytes | str, **options: Any) -> InvoError:
    with pytest.raises(InvoError) as caught:
        read(tmp_path, data, **options)
    return caught.value


def workbook(*rows: list[Any]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"code,name\nA,Asha\nB,Bina\n",
        BOM + b"code,name\r\nA,Asha\r\nB,Bina",
        b"code;name\rA;Asha\rB;Bina\r",
        b"\ncode\tname\n\nA\tAsha\n\t\nB\tBina\n",
        b'"Code" , "name"\nA,Asha\n"B","Bina"\n'.replace(b" ,", b",").replace(b", ", b","),
        gzip.compress(b"code,name\nA,Asha\nB,Bina\n", mtime=0),
        zstandard.compress(b"code,name\nA,Asha\nB,Bina\n"),
        b'{"code": "A", "name": "Asha"}\n\n{"code": "B", "name": "Bina"}\n',
        workbook(["code", "name"], ["A", "Asha"], [], ["B", "Bina"]),
    ],
)
def test_every_usual_form_of_a_file_gives_the_same_records(tmp_path: Path, data: bytes) -> None:
    assert [(each.code, each.name) for each in values(read(tmp_path, data))] == [("A", "Asha"), ("B", "Bina")]


def test_a_record_knows_the_line_on_which_it_begins(tmp_path: Path) -> None:
    found = read(tmp_path, 'code,name,notes\nA,Asha,"two\nlines"\n\nB,Bina,\nC,,\n')
    assert [record.line for record in found] == [2, 5, 6]
    assert [(problem.line, problem.column) for problem in problems(found)] == [(6, "name")]
    assert values(found[:1])[0].notes == "two\nlines"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b'code,name\nA,Asha\nB,"Bina\nC,Chand\n', "A quote on line 3 of "),
        (b'code,name\nA,"As"ha\n', "behind a closing quote on line 2"),
        (b"code,name\nA,Asha\nB,B\xefna\n", "byte 21, on line 3, is 0xef"),
        (b"code,name\rA,Asha\rB,B\xefna\r", "byte 21, on line 3, is 0xef"),
        ("code,name\nA,Asha\n".encode("utf-16"), "is UTF-16 text"),
        ("code,name\nA,Asha\n".encode("utf-16-le"), "is UTF-16 text"),
        (b"code,name\nA,As\0ha\n", "has a NUL character on line 2, column 5"),
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (b"code,name\nA," + b"x" * 200_000 + b"\n", "longer than 131,072 characters"),
        (b"code,name\nA," + b"x" * 2_000_000 + b"\n", "Line 2 of "),
        (
            ",".join(f"c{number}" for number in range(100_000)).encode(),
            "Line 1 has 100000 columns; at most 500 are read",
        ),
        (b"a;b,c;d\n", "divided by comma and semicolon"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 50, "a workbook of an old Excel"),
        (b"PK\x03\x04 nothing", "is not an Excel workbook, or it is damaged"),
        (gzip.compress(b"code,name\n" * 100, mtime=0)[:-9], "The packed file is damaged"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(tmp_path: Path, data: bytes, sentence: str) -> None:
    error = refusal(tmp_path, data)
    assert isinstance(error, InvalidError)
    assert sentence in error.message.replace("is not closed or has a value of more than", "longer than")


def test_a_heading_is_refused_with_everything_that_is_wrong(tmp_path: Path) -> None:
    error = refusal(tmp_path, "Code,nmae,code,\n")
    assert isinstance(error, HeadingError)
    assert [problem.message for problem in error.problems] == [
        "There is no column 'nmae'.",
        "The column code is there twice.",
        "The column name is missing.",
    ]
    assert error.problems[0].hint == "Did you mean name?"


def test_a_row_of_another_width_is_refused(tmp_path: Path) -> None:
    found = problems(read(tmp_path, "code,name\nA,Asha,Traders\nB\nC,Chand,\n"))
    assert [(problem.line, problem.code) for problem in found] == [(2, "width"), (3, "width"), (3, "invalid")][:2]


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("mobile", "9.87654E+09", "excel_notation"),
        ("mobile", "98765", "invalid"),
        ("notes", "#REF!", "excel_error"),
        ("gstin", "29AAGCB7383J1Z5", "invalid"),
        ("state", "7", "invalid"),
        ("is_sez", "perhaps", "invalid"),
    ],
)
def test_every_problem_names_line_column_value_and_hint(tmp_path: Path, column: str, value: str, code: str) -> None:
    (problem,) = problems(read(tmp_path, f"name,{column}\nAsha,{value}\n"))
    assert (problem.line, problem.column, problem.value, problem.code) == (2, column, value, code)
    assert problem.message.endswith(".")
    assert problem.hint


@pytest.mark.parametrize("hsn", ["902", "10620", "1062000"])
def test_a_lost_zero_of_an_hsn_code_is_refused(tmp_path: Path, hsn: str) -> None:
    (problem,) = problems(read(tmp_path, f"code,name,unit_price,hsn\nA,Tea,10,{hsn}\n", "items"))
    assert (problem.code, f"0{hsn}" in str(problem.hint)) == ("excel_zero", True)


def test_all_problems_of_a_record_are_found_at_once(tmp_path: Path) -> None:
    found = problems(read(tmp_path, "name,mobile,email\nAsha,12,nobody\n"))
    assert [problem.column for problem in found] == ["mobile", "email"]


def test_json_lines_are_read_exactly_and_each_by_itself(tmp_path: Path) -> None:
    data = '{"code": "A", "name": "Tea", "unit_price": 10.005}\n{"code": \n{"code": "C", "nam": "x"}\n'
    found = read(tmp_path, data, "items", "jsonl")
    assert values(found[:1])[0].unit_price == Decimal("10.005")
    assert [(problem.line, problem.code) for problem in problems(found)] == [(2, "json"), (3, "invalid")] + [
        (3, "invalid")
    ] * 2
    assert "at column" in problems(found)[0].message


def test_a_workbook_gives_numbers_dates_and_percents_as_excel_shows_them(tmp_path: Path) -> None:
    import datetime as dt

    book, out = Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    sheet.append(["number", "date", "customer", "amount", "method", "is_advance", "gst_rate"])
    sheet.append(["R1", dt.date(2026, 4, 2), "C-1", 1180.1, "upi", True, 0.18])
    sheet["G2"].number_format = "0%"
    book.save(out)
    (payment,) = values(read(tmp_path, out.getvalue(), "payments"))
    assert (payment.amount, payment.date, payment.gst_rate) == (Decimal("1180.1"), dt.date(2026, 4, 2), Decimal(18))


@pytest.mark.parametrize(("value", "code"), [("=1+1", "excel_formula"), (1e20, "excel_notation")])
def test_a_workbook_refuses_what_excel_does_not_say_exactly(tmp_path: Path, value: Any, code: str) -> None:
    (problem,) = problems(read(tmp_path, workbook(["name", "notes"], ["Asha", value])))
    assert (problem.line, problem.column, problem.code) == (2, "notes", code)


def test_a_zip_bomb_and_macros_are_refused(tmp_path: Path) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * 50_000_000)
    assert "unpacks to" in refusal(tmp_path, bomb.getvalue()).message
    macros = io.BytesIO(workbook(["name"], ["Asha"]))
    with zipfile.ZipFile(macros, "a") as packed:
        packed.writestr("xl/vbaProject.bin", b"x")
    assert "macros" in refusal(tmp_path, macros.getvalue()).message


def test_a_map_names_columns_constants_dates_and_what_is_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "map.toml"
    file.write_text(
        'date_format = "DD-MMM-YY"\nignore = ["Remarks"]\n[columns]\n"Receipt No" = "number"\nParty = "customer"\n'
        '[constants]\nmethod = "bank"\n'
    )
    found = mapping.read(str(file), LAYOUTS["payments"].columns)
    data = "receipt no,PARTY,Date,amount,Remarks\nR1,Asha,05-Apr-26,10,x\nR2,Asha,5/4/26,10,\n"
    (tmp_path / "file").write_text(data)
    with sources.opened(str(tmp_path / "file"), "csv") as source:
        good, bad = reading.records(source, LAYOUTS["payments"], found)
    assert isinstance(good, Record)
    assert (good.value.date.isoformat(), good.value.method) == ("2026-04-05", "bank")
    assert isinstance(bad, Unreadable)
    assert bad.problems[0].column == "Date"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("columns = 3", "columns of"),
        ('[columns]\na = "nmae"', "'nmae'"),
        ('[columns]\na = "name"\nb = "name"', "two headings"),
        ("colums = {}", "'colums'"),
        ('date_format = "DD"', "date_format"),
        ("[constants]\nname = 1.5", "is not a text"),
        ("= 3", "neither TOML nor JSON"),
        ("{", "neither TOML nor JSON"),
    ],
)
def test_a_map_that_means_nothing_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "map").write_text(text)
    with pytest.raises(InvalidError, match=sentence):
        mapping.read(str(tmp_path / "map"), LAYOUTS["customers"].columns)


def test_a_missing_file_a_folder_and_a_wrong_format_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError), sources.opened(str(tmp_path / "none"), None):
        pass
    with pytest.raises(InvalidError, match="is a folder"), sources.opened(str(tmp_path), None):
        pass
    assert refusal(tmp_path, "code,name\n", how="xls").hint == "Did you mean xlsx?"
    assert "is not an Excel workbook" in refusal(tmp_path, "code,name\n", how="xlsx").message
    assert "is an Excel workbook" in refusal(tmp_path, workbook(["name"]), how="csv").message


DOCUMENT = "number,date,customer_name,customer_gstin,description,unit_price,line_cgst,total\n"


def test_rows_with_one_number_are_one_document(tmp_path: Path) -> None:
    rows = "A/1,2026-04-01,Asha,,Screen,100,9.00,236.00\nA/1,,,,Glass,100,9.00,\n,,,,Glue,1,,\n"
    rows += "A/2,2026-04-01,Bina,,Tea,1,,\n"
    found = read(tmp_path, DOCUMENT + rows, "invoices")
    first, second = values(found)
    assert [line.description for line in first.document.lines] == ["Screen", "Glass", "Glue"]
    assert (first.figures, first.lines[0]) == ({"total": Decimal("236.00")}, {"cgst": Decimal("9.00")})
    assert [record.line for record in found] == [2, 5]
    assert second.document.customer.name == "Bina"


def test_a_document_whose_rows_disagree_is_refused_whole(tmp_path: Path) -> None:
    found = read(tmp_path, DOCUMENT + "A/1,2026-04-01,Asha,,Screen,100,,\nA/1,2026-04-02,,,Glass,1,,\n", "invoices")
    (problem,) = problems(found)
    assert (len(found), problem.line, problem.column, problem.code) == (1, 3, "date", "header_differs")


def test_a_problem_of_a_line_is_told_on_the_row_of_that_line(tmp_path: Path) -> None:
    rows = "A/1,2026-04-01,Asha,29X,Screen,100,,\nA/1,,,,Glass,many,x,\n"
    found = problems(read(tmp_path, DOCUMENT + rows, "invoices"))
    places = {(problem.line, problem.column) for problem in found}
    assert places == {(2, "customer_gstin"), (3, "unit_price"), (3, "line_cgst")}


@pytest.mark.parametrize(
    "row", [",2026-04-01,Asha,,Screen,100,,\n", "A/1,,Asha,,Screen,100,,\n"], ids=["no number", "no date"]
)
def test_a_document_that_a_second_run_could_not_know_is_refused(tmp_path: Path, row: str) -> None:
    (problem,) = problems(read(tmp_path, DOCUMENT + row, "invoices"))
    assert problem.column in ("number", "date")


def test_a_bad_row_in_a_large_file_is_told_with_its_line(tmp_path: Path) -> None:
    rows = [f"C{number},Customer {number},9876543210\n" for number in range(20_000)]
    rows[12_345] = "C,Customer,12\n"
    found = problems(read(tmp_path, "code,name,mobile\n" + "".join(rows)))
    assert [(problem.line, problem.column) for problem in found] == [(12_347, "mobile")]


@pytest.mark.parametrize("what", LAYOUTS)
def test_the_templates_of_all_formats_hold_the_same_records(tmp_path: Path, what: str) -> None:
    layout = LAYOUTS[what]
    kinds = (templates.as_csv(layout), templates.as_json_lines(layout), rejects.workbook(templates.rows(layout)))
    first, second, third = (values(read(tmp_path, each, what)) for each in kinds)
    assert first
    assert first == second == third


def test_rejects_can_be_read_again_with_their_reasons(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text(DOCUMENT + "A/1,2026-04-01,Asha,,Screen,100,,\nA/1,,,,Glass,many,,\nA/2,2026-04-01,B,,Tea,1,,\n")
    layout = LAYOUTS["invoices"]
    with sources.opened(str(path), None) as source:
        found = list(reading.records(source, layout))
        refused = [record.line for record in found if isinstance(record, Unreadable)]
        text = "".join(rejects.as_text(source, layout, mapping.PLAIN, problems(found), refused))
    heading, first, second = text.splitlines()
    assert heading.endswith(",total,reject_reason")
    assert first.endswith(",See line 3.")
    assert "unit_price: " in second
    assert "A/2" not in text
    (again,) = values(read(tmp_path, text.replace("many", "5"), "invoices"))
    assert len(again.document.lines) == 2


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_rejects_are_divided_as_their_file_is(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "file.csv"
    path.write_text("code,name,mobile\nA,Asha,12\n".replace(",", delimiter))
    with sources.opened(str(path), None) as source:
        found = list(reading.records(source, LAYOUTS["customers"]))
        text = "".join(rejects.as_text(source, LAYOUTS["customers"], mapping.PLAIN, problems(found), [2]))
    assert text.startswith("code,name,mobile,reject_reason\nA,Asha,12,".replace(",", delimiter))


def test_rejects_of_json_lines_keep_what_was_no_object(tmp_path: Path) -> None:
    path = tmp_path / "file.jsonl"
    path.write_text('{"code": \n{"name": "Asha", "mobile": "12"}\n')
    with sources.opened(str(path), None) as source:
        found = list(reading.records(source, LAYOUTS["customers"]))
        lines = list(rejects.as_text(source, LAYOUTS["customers"], mapping.PLAIN, problems(found), [1, 2]))
    assert lines[0] == '{"code": \n'
    assert json.loads(lines[1])["reject_reason"].startswith("mobile: ")

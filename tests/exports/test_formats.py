"""Rows as CSV and as JSON Lines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invo_cli.errors import InvalidError
from invo_cli.exports import formats
from invo_cli.exports.fields import Kind, money_text

pytestmark = pytest.mark.unit


class Field(NamedTuple):
    name: str
    kind: Kind


FIELDS = (
    Field("number", "text"),
    Field("date", "date"),
    Field("is_deleted", "flag"),
    Field("total", "money"),
    Field("change", "count"),
)
ROWS: list[tuple[Any, ...]] = [
    ("INV/26-27/0001", date(2026, 10, 5), False, 118000, 7),
    (None, None, 1, -35, None),
    ('=1+1, "Ä"\r\x1b\n\u202e', date(2026, 10, 6), 0, 0, 0),
]


def text_of(name: str, rows: list[tuple[Any, ...]] = ROWS) -> str:
    out = io.StringIO(newline="")
    assert formats.write(name, rows, FIELDS, out) == len(rows)
    return out.getvalue()


def test_csv_has_a_heading_and_unix_line_ends() -> None:
    assert text_of("csv", ROWS[:2]) == (
        "number,date,is_deleted,total,change\nINV/26-27/0001,2026-10-05,false,1180.00,7\n,,true,-0.35,\n"
    )
    assert text_of("csv", []) == "number,date,is_deleted,total,change\n"


def test_json_lines_keep_the_types_and_money_is_text() -> None:
    first, second, _ = map(json.loads, text_of("jsonl").split("\n")[:-1])
    assert first == {
        "number": "INV/26-27/0001",
        "date": "2026-10-05",
        "is_deleted": False,
        "total": "1180.00",
        "change": 7,
    }
    assert second == {"number": None, "date": None, "is_deleted": True, "total": "-0.35", "change": None}
    assert text_of("jsonl", []) == ""


@given(st.lists(st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0")), min_size=1))
def test_any_text_comes_back_as_it_was(texts: list[str]) -> None:
    rows: list[tuple[Any, ...]] = [(text, None, False, 0, 1) for text in texts]
    read = list(csv.reader(io.StringIO(text_of("csv", rows), newline=""), strict=True))
    assert [row[0] for row in read[1:]] == texts
    assert [json.loads(line)["number"] for line in text_of("jsonl", rows).split("\n")[:-1]] == texts


@pytest.mark.parametrize(
    ("paise", "text"),
    [(0, "0.00"), (5, "0.05"), (-5, "-0.05"), (-35, "-0.35"), (-100, "-1.00"), (10**15 - 1, "9999999999999.99")],
)
def test_paise_are_rupees(paise: int, text: str) -> None:
    assert money_text(paise) == text


@pytest.mark.parametrize(
    ("wanted", "target", "usual", "name"),
    [
        (None, "-", None, "csv"),
        (None, "-", "jsonl", "jsonl"),
        (None, "-", "table", "csv"),
        (None, "out/Invoices.JSONL", "csv", "jsonl"),
        ("csv", "x.jsonl", None, "csv"),
        (None, "invoices", None, "csv"),
    ],
)
def test_the_format_is_said_or_told_by_the_name(wanted: str | None, target: str, usual: str | None, name: str) -> None:
    assert formats.chosen(wanted, target, usual) == name


@pytest.mark.parametrize(("wanted", "target"), [("jsnl", "-"), (None, "x.pdf")])
def test_an_unknown_format_is_refused(wanted: str | None, target: str) -> None:
    with pytest.raises(InvalidError, match="no export format"):
        formats.chosen(wanted, target)


def test_nothing_is_written_when_the_first_row_fails() -> None:
    def rows() -> Iterator[tuple[Any, ...]]:
        raise LookupError
        yield ()

    out = io.StringIO()
    with pytest.raises(LookupError):
        formats.write("csv", rows(), FIELDS, out)
    assert out.getvalue() == ""

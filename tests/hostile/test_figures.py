"""Amounts, quantities, rates and dates that are none."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import Invo

pytestmark = pytest.mark.contract  # what is refused before a database is asked

NOT_NUMBERS = [
    "", " ", "NaN", "sNaN", "Infinity", "-inf", "1e9", "1E2", "0x10", "1_000", "1 000", "१२३", "１２", "٣", "1.", ".5",
    "--1", "1,00", ",1", "1,0000", "1'000", "₹100", "100 Rs", "1.2.3", "½", "²", "1\u200b", "\u202e1", "1\n", "1\0",
    "+1", "9" * 5000,
    "0" * 100, "99999999999999", "1.0000001", "0b1", "true", "null", "None", "٫5", "−1", "1-", "(1)", "1%", "=1",
]  # fmt: skip
AMOUNTS = ("unit_price", "quantity", "discount", "gst_rate", "cess_rate", "cess_per_unit", "discount_percent")
DATES = [
    "2026-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "2100-02-29", "20260401", "2026-4-1", "2026-W14-3",
    "01-04-2026",
    "01/04/2026", "२०२६-०४-०१", "2026-04-01T00:00:00", "2026-04-01Z", "0", "", " 2026-04-01x", "tomorrow", "0000-01-01",
    "2026-091", "+2026-04-01", "2026-04-01\n", "9999-99-99",
]  # fmt: skip


def document(**changes: Any) -> str:
    line = {"description": "Screen", "quantity": "1", "unit_price": "100", "hsn": "998716", "gst_rate": "18"}
    top = {
        key: changes.pop(key) for key in list(changes) if key in ("date", "due_date", "other_charges", "return_period")
    }
    return json.dumps({"customer": {"name": "Asha"}, "lines": [line | changes]} | top)


def refused(counter: Invo, text: str) -> dict[str, Any]:
    done = counter("invoice", "create", "--file", "-", "--dry-run", "-o", "json", input=text)
    assert (done.exit_code, done.stdout) == (3, ""), done.output
    error: dict[str, Any] = json.loads(done.stderr.splitlines()[-1])["error"]
    return error


@pytest.mark.parametrize("value", NOT_NUMBERS, ids=lambda value: ascii(value)[:30])
def test_a_file_takes_plain_digits_only(counter: Invo, value: str) -> None:
    for field in AMOUNTS:
        if field == "unit_price" and value == "-0":
            continue
        problem = refused(counter, document(**{field: value}))["details"]["problems"][0]
        assert problem["path"] == f"lines[0].{field}"
    assert refused(counter, document(other_charges=value))["details"]["problems"][0]["path"] == "other_charges"


@pytest.mark.parametrize(
    "value", [value for value in NOT_NUMBERS if "\0" not in value], ids=lambda value: ascii(value)[:30]
)
def test_flags_take_plain_digits_and_right_commas_only(counter: Invo, value: str) -> None:
    asha = ("invoice", "create", "--customer=A", "--state=29", "--dry-run")
    for arguments in (
        (*asha, f"--line=Screen:1:{value}"),
        (*asha, f"--line=Screen:{value}:1"),
        (*asha, "--line=Screen:1:1", f"--discount={value}"),
        (*asha, "--line=Screen:1:1", f"--other-charges={value}"),
        ("invoice", "list", f"--min={value}"),
        ("invoice", "list", f"--max={value}"),
        ("business", "edit", "29AAGCB7383J1Z4", f"--turnover={value}", "--dry-run"),
        ("business", "edit", "29AAGCB7383J1Z4", f"--default-rate={value}", "--dry-run"),
    ):
        if value.endswith(("%", "\n", " ")) and ("rate" in arguments[-2] or "--line" in arguments[-1]):
            continue  # 18% is a rate, and white space around a figure of a line is dropped
        done = counter(*arguments)
        assert (done.exit_code, done.stdout) == (3, ""), (arguments, done.output)
        assert "Unexpected error" not in done.stderr


@pytest.mark.parametrize(
    "literal",
    [
        "NaN",
        "Infinity",
        "-Infinity",
        "1e2",
        "1E400",
        "99999999999999",
        "1.0e-1",
        "-1",
        "01",
        "1.",
        ".1",
        "+1",
        "0x1",
        "true",
        "[]",
        "{}",
    ],
)
def test_json_numbers_are_as_strict_as_texts(counter: Invo, literal: str) -> None:
    text = document(quantity="@").replace('"@"', literal)
    refused(counter, text)


@pytest.mark.parametrize(
    ("literal", "price"),
    [
        ("0.1", "0.100"),
        ("1000000000000.1", "1000000000000.100"),
        ("-0", "0.000"),
        ("0", "0.000"),
        ('"-0.000"', "0.000"),
        ('"007"', "7.000"),
    ],
)
def test_a_number_is_read_exactly(counter: Invo, literal: str, price: str) -> None:
    text = document(unit_price="@").replace('"@"', literal)
    done = counter("invoice", "create", "--file", "-", "--dry-run", "-o", "json", input=text)
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["lines"][0]["unit_price"] == price
    assert "-0" not in [line["gross"][:2] for line in json.loads(done.stdout)["lines"]]


def test_more_decimals_than_an_amount_has_are_refused(counter: Invo) -> None:
    for field, value in (
        ("discount", "0.005"),
        ("unit_price", "0.0005"),
        ("quantity", "0.0005"),
        ("gst_rate", "0.0005"),
    ):
        assert "decimals" in refused(counter, document(**{field: value}))["message"]


@pytest.mark.parametrize("value", DATES, ids=ascii)
def test_a_day_that_is_none_is_refused(counter: Invo, value: str) -> None:
    for field in ("date", "due_date"):
        assert refused(counter, document(**{field: value}))["details"]["problems"][0]["path"] == field
        flag = f"--{field.replace('_', '-')}={value}"
        assert (
            counter("invoice", "create", "--customer=A", "--state=29", "--line=x:1:1", "--dry-run", flag).exit_code == 3
        )
    assert counter("invoice", "list", f"--from={value}").exit_code == 3
    assert counter("invoice", "list", f"--to={value}").exit_code == 3


@pytest.mark.parametrize("value", ["13", "132026", "002026", "2026-10", "10-2026", "102026 ", "१०२०२६", "062017", ""])
def test_a_return_period_that_is_none_is_refused(counter: Invo, value: str) -> None:
    refused(counter, document(return_period=value))


@pytest.mark.parametrize(
    "value",
    [
        "",
        "2026-13",
        "2026q5",
        "fy26-28",
        "2026-04-30..2026-04-01",
        "2026-02-01..2026-02-30",
        "..",
        "-0d",
        "last-week",
        "apr",
        "२०२६-०४",
    ],
)
def test_a_period_that_is_none_is_refused(counter: Invo, value: str) -> None:
    done = counter("invoice", "list", f"--period={value}")
    assert (done.exit_code, done.stdout) == (3, ""), done.output

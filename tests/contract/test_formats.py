"""Every -o format of lists, records and writes, piped."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from tests.conftest import Invo, Process
from tests.contract.running import ASHA, LINE, result

pytestmark = pytest.mark.contract  # the shape of the command line, whatever the engine

FORMATS = ("auto", "table", "plain", "json", "jsonl", "csv", "tsv", "name")
BUSINESS = ("--name", "Pune branch", "--gstin", "27AAPFU0939F1ZV", "--code", "PUNE")
# noun: how to make a record, and its identifier
NOUNS: dict[str, tuple[tuple[str, ...], str]] = {
    "business": (("business", "create", *BUSINESS), "PUNE"),
    "customer": (("customer", "create", "--name", "Asha Traders", "--mobile", "9876543210"), "C-0001"),
    "item": (
        ("item", "create", "--code", "SCREEN", "--name", "Screen", "--price", "1500", "--hsn", "998716"),
        "SCREEN",
    ),
    "invoice": (("invoice", "create", *ASHA, "--line", LINE), "INV/26-27/0001"),
    "user": (("user", "create", "ravi", "--role", "admin", "--password-stdin"), "ravi"),
    "series": (("series", "set", "tax_invoice", "A/{fy}/{seq:04}"), "tax_invoice"),
}


def read(how: str, text: str) -> list[dict[str, Any]]:
    """The rows a program reads from the output."""
    if how == "json":
        data = json.loads(text)
        return data if isinstance(data, list) else [data]
    if how == "jsonl":
        return [json.loads(line) for line in text.splitlines()]
    return list(csv.DictReader(io.StringIO(text), delimiter="," if how == "csv" else "\t", strict=True))


def identifiers(rows: list[dict[str, Any]]) -> list[str]:
    keys = ("code", "number", "username", "name", "kind")
    return [str(next(row[key] for key in keys if row.get(key))) for row in rows]


@pytest.fixture
def stocked(shop: Process, invo: Invo) -> Process:
    """One record of every noun."""
    for make, _ in NOUNS.values():
        if make[0] not in ("business",):
            made = invo(*make, input="a long password\n" if make[0] == "user" else None)
            assert made.exit_code == 0, made.output
        if make[0] == "user":
            assert invo("auth", "login", "ravi", "--password-stdin", input="a long password\n").exit_code == 0
    return shop


@pytest.mark.parametrize("noun", NOUNS)
def test_a_noun_lists_and_shows_in_every_format(stocked: Process, invo: Invo, noun: str) -> None:
    name = "29AAGCB7383J1Z4" if noun == "business" else NOUNS[noun][1]
    for verb in (("list",), ("show", name)):
        for how in FORMATS:
            run = stocked if how == "json" else invo
            done = run(noun, *verb, "-o", how)
            said, status = done.stdout, done.returncode if hasattr(done, "returncode") else done.exit_code
            assert (status, done.stderr) == (0, ""), (noun, verb, how)
            assert said.endswith("\n")
            assert "\x1b" not in said
            assert name.replace("_", " ") in said.replace("_", " ")
            if how in ("json", "jsonl", "csv", "tsv"):
                rows = read(how, said)
                assert name in identifiers(rows)
                assert len({tuple(row) for row in rows}) == 1
            if how == "name":
                assert name in said.splitlines()
        assert invo(noun, *verb, "-o", "auto").stdout == invo(noun, *verb, "-o", "plain").stdout


@pytest.mark.parametrize("noun", NOUNS)
def test_a_write_prints_the_record_it_made_in_every_format(shop: Process, invo: Invo, noun: str) -> None:
    make, name = NOUNS[noun]
    for how in FORMATS:
        done = invo(*make, "--dry-run", "-o", how, input="a long password\n" if noun == "user" else None)
        assert done.exit_code == 0, (how, done.output)
        assert name.replace("_", " ") in done.stdout.replace("_", " ")
        if how == "name":
            assert done.stdout == f"{name}\n"
        if how in ("json", "jsonl"):
            (row,) = read(how, done.stdout)
            assert row["dry_run"] is True


@pytest.mark.parametrize("how", ["csv", "tsv"])
def test_a_record_has_the_same_cells_as_its_row_in_the_list(stocked: Process, invo: Invo, how: str) -> None:
    for noun, (_, name) in NOUNS.items():
        shown = "29AAGCB7383J1Z4" if noun == "business" else name
        (one,) = read(how, invo(noun, "show", shown, "-o", how).stdout)
        assert one in read(how, invo(noun, "list", "-o", how).stdout), noun


@pytest.mark.parametrize("noun", sorted(NOUNS.keys() - {"business", "series"}))
def test_an_empty_list_is_an_empty_list(invo: Invo, shop: Process, noun: str) -> None:
    assert result(shop(noun, "list", "-o", "json")) == "[]\n"
    assert invo(noun, "list", "-o", "jsonl").stdout == ""
    assert invo(noun, "list", "-o", "plain").stdout == ""
    assert invo(noun, "list", "-o", "name").stdout == ""
    assert len(invo(noun, "list", "-o", "csv").stdout.splitlines()) == 1


def test_plain_is_not_cut_grouped_or_coloured(shop: Process, invo: Invo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    monkeypatch.setenv("FORCE_COLOR", "1")
    long_name = "Asha " * 30 + "Traders"
    invo("invoice", "create", "--customer", long_name, "--mobile", "9876543210", "--line", "Engine:1:12345678:8407:18")
    (line,) = result(shop("invoice", "list")).splitlines()
    assert line.split("\t")[3] == long_name
    assert line.split("\t")[-1] == "14567900.00"


def test_a_table_groups_digits_and_cuts_no_figure(shop: Process, invo: Invo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    invo("invoice", "create", *ASHA, "--line", "Engine:1:12345678:8407:18")
    said = result(shop("invoice", "list", "-o", "table"))
    assert said.count("1,45,67,900.00") == 2
    assert "…" not in said


def test_json_of_a_list_has_strings_for_money_and_null_for_absent(shop: Process) -> None:
    shop("invoice", "create", *ASHA, "--line", LINE, "--draft")
    (row,) = json.loads(result(shop("invoice", "list", "-o", "json")))
    assert (row["number"], row["payment_status"], row["due_date"]) == (None, None, None)
    assert (row["total"], row["taxable_value"], row["is_deleted"]) == ("1770.00", "1500.00", False)
    assert result(shop("invoice", "list", "-o", "name")) == "D-1\n"


def test_fields_choose_columns_in_every_format(shop: Process, invo: Invo) -> None:
    invo("invoice", "create", *ASHA, "--line", LINE)
    chosen = ("--fields", "total,customer_name,number")
    assert invo("invoice", "list", "-o", "plain", *chosen).stdout == "1770.00\tAsha Traders\tINV/26-27/0001\n"
    assert list(json.loads(invo("invoice", "list", "-o", "json", *chosen).stdout)[0]) == [
        "total",
        "customer_name",
        "number",
    ]
    for verb in (("list",), ("show", "D-1")):
        said = invo("invoice", *verb, "-o", "csv", *chosen).stdout
        assert said == "total,customer_name,number\n1770.00,Asha Traders,INV/26-27/0001\n"
    shown = json.loads(invo("invoice", "show", "D-1", "-o", "json", *chosen).stdout)
    assert shown == {"total": "1770.00", "customer_name": "Asha Traders", "number": "INV/26-27/0001"}


def test_pages_follow_each_other_and_truncation_is_announced(shop: Process, invo: Invo) -> None:
    for _ in range(5):
        invo("invoice", "create", *ASHA, "--line", LINE)
    first = shop("invoice", "list", "--limit", "2", "-o", "json", "--fields", "id")
    assert json.loads(result(first)) == [{"id": "D-5"}, {"id": "D-4"}]
    assert "--after D-4" in first.stderr
    second = shop("invoice", "list", "--limit", "3", "--after", "D-4", "-o", "json", "--fields", "id")
    assert [row["id"] for row in json.loads(result(second))] == ["D-3", "D-2", "D-1"]
    assert second.stderr == ""

"""docs/document.md agrees with the program: keys, limits, kinds, and the worked example to the paisa."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from invo_cli.gst.document import Kind, ServiceType, Supply, Taxability
from invo_cli.gst.reading import LIMITS, read_document, write_document
from tests.conftest import Invo
from tests.docs.shop import NOW
from tests.docs.tables import codes, json_blocks, rows

PAGE = "docs/document.md"
LIMIT_NAMES = {
    "a line of an address": "address",
    "`pincode` (six digits in India)": "pincode",
    "`customer`, as a code or name": "customer",
    "`customer.name`": "name",
    "`item`": "code",
    "`against`, `amends`": "number",
    "`transport.vehicle`": "vehicle",
    "`transport.document`": "document",
}


def every_key() -> dict[str, Any]:
    return json_blocks(PAGE)[0]


def test_the_first_block_has_every_key_and_can_be_read() -> None:
    shown = every_key()
    again = write_document(read_document(shown))
    assert list(shown) == list(again)
    for outer in ("customer", "shipping_bill", "ship_to", "transport"):
        assert shown[outer].keys() == again[outer].keys(), outer
    for outer in ("lines", "charges"):
        assert shown[outer][0].keys() == again[outer][0].keys(), outer


@pytest.mark.parametrize(("heading", "part"), [("The document", None), ("Customer", "customer"), ("Line", "lines")])
def test_every_key_has_a_row_in_its_table(heading: str, part: str | None) -> None:
    shown = every_key()
    members = shown if part is None else shown[part]
    expected = list(members[0] if isinstance(members, list) else members)
    assert [codes(row[0])[0] for row in rows(PAGE, heading)] == expected


def test_every_key_of_the_smaller_objects_has_a_row() -> None:
    shown = every_key()
    named = [code for row in rows(PAGE, "Other objects") for code in codes(row[0])]
    expected = {f"charges[].{key}" for key in shown["charges"][0]}
    expected |= {f"{outer}.{key}" for outer in ("ship_to", "shipping_bill", "transport") for key in shown[outer]}
    assert sorted(named) == sorted(expected)


def test_the_limits_are_those_of_the_program() -> None:
    shown = {
        LIMIT_NAMES.get(name) or codes(name)[0]: int(limit.replace(",", "")) for name, limit in rows(PAGE, "Limits")
    }
    assert shown == dict(LIMITS)


@pytest.mark.parametrize(
    ("table", "key", "words"),
    [
        ("The document", "kind", Kind),
        ("The document", "supply", Supply),
        ("The document", "service_type", ServiceType),
        ("Line", "taxability", Taxability),
    ],
)
def test_the_words_of_a_key_are_all_there(table: str, key: str, words: type[StrEnum]) -> None:
    meaning = next(row[1] for row in rows(PAGE, table) if row[0] == f"`{key}`")
    assert codes(meaning) == list(words)


@pytest.mark.integration
def test_the_worked_example_comes_out_as_shown(invo: Invo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_NOW", NOW)
    place = ("--address", "12 MG Road", "--city", "Bengaluru", "--pincode", "560001")
    invo("business", "create", "--name", "Bengaluru Service Centre", "--gstin", "29AAGCB7383J1Z4", *place)
    _, given, shown = json_blocks(PAGE)
    (tmp_path / "doc.json").write_text(json.dumps(given), encoding="utf-8")
    made = invo("invoice", "create", "--file", str(tmp_path / "doc.json"), "-o", "json")
    assert made.exit_code == 0, made.stderr
    assert json.loads(made.stdout) == shown

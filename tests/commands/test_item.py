"""The item noun."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from invo_cli.commands.entering import read
from invo_cli.models import AuditEvent
from tests.commands.hostile import HARMFUL, KEPT, REFUSED
from tests.conftest import Invo

pytestmark = pytest.mark.integration
SCREEN = ("--name", "Screen replacement", "--labour", "--hsn", "998716", "--price", "1,500", "--rate", "18")


@pytest.fixture(autouse=True)
def october(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_NOW", "2026-10-05")


def made(invo: Invo, *arguments: str) -> Any:
    result = invo("item", *arguments, "-o", "json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def listed(invo: Invo, *arguments: str) -> list[str]:
    result = invo("item", "list", "-o", "name", *arguments)
    assert result.exit_code == 0, result.stderr
    return result.stdout.split()


def actions() -> list[str]:
    def work(session: Session) -> list[str]:
        events = select(AuditEvent.action).where(AuditEvent.subject.startswith("item:")).order_by(AuditEvent.seq)
        return list(session.scalars(events))

    return read(work)


def test_an_item_gets_the_next_code(counter: Invo) -> None:
    assert made(counter, "create", *SCREEN) == {
        "code": "I-0001",
        "name": "Screen replacement",
        "kind": "labour",
        "hsn": "998716",
        "unit": "NOS",
        "unit_price": "1500.000",
        "price_includes_tax": False,
        "taxability": "taxable",
        "gst_rate": "18",
        "cess_rate": "0",
        "cess_per_unit": "0.000",
        "is_deleted": False,
    }
    row = made(counter, "create", "--name", "Fan", "--price", "0.125", "--unit", "pcs-pieces", "--price-includes-tax")
    assert (row["code"], row["unit"], row["unit_price"], row["price_includes_tax"]) == ("I-0002", "PCS", "0.125", True)
    assert row["gst_rate"] is None


@pytest.mark.parametrize(("hsn", "kind"), [("998716", "labour"), ("84145120", "part")])
def test_the_code_tells_labour_from_parts(counter: Invo, hsn: str, kind: str) -> None:
    assert made(counter, "create", "--name", "X", "--price", "1", "--hsn", hsn)["kind"] == kind


@pytest.mark.parametrize(
    "flags",
    [
        ["--price", "1"],
        ["--name", "X"],
        ["--name", "X", "--price=-1"],
        ["--name", "X", "--price", "1.2345"],
        ["--name", "X", "--price", "१"],
        ["--name", "X", "--price", "1e3"],
        ["--name", "X", "--price", "1" * 14],
        ["--name", "X", "--price", "1", "--rate", "17"],
        ["--name", "X", "--price", "1", "--rate", "101"],
        ["--name", "X", "--price", "1", "--hsn", "84145"],
        ["--name", "X", "--price", "1", "--unit", "PIECE"],
        ["--name", "X", "--price", "1", "--taxability", "free"],
        ["--name", "X", "--price", "1", "--taxability", "exempt", "--rate", "18"],
        ["--name", "X", "--price", "1", "--code", "A:2"],
        ["--name", "X", "--price", "1", "--cess-per-unit", "NaN"],
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_stored(counter: Invo, flags: list[str]) -> None:
    result = counter("item", "create", *flags)
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.count("\n") == 2
    assert listed(counter) == []


@pytest.mark.parametrize(
    ("flags", "warning"),
    [
        (["--labour", "--hsn", "8414"], "is labour and should have a SAC"),
        (["--part", "--hsn", "9987"], "is part and should have an HSN code"),
        (["--rate", "28"], "The rate of 28 % ended on"),
        (["--cess-rate", "12"], "no compensation cess on 2026-10-05"),
    ],
)
def test_what_does_not_fit_is_warned_about_and_stored(counter: Invo, flags: list[str], warning: str) -> None:
    result = counter("item", "create", "--name", "X", "--price", "1", *flags)
    assert result.exit_code == 0
    assert warning in result.stderr
    assert listed(counter) == ["I-0001"]


def test_an_item_that_bears_no_tax_has_no_rate(counter: Invo) -> None:
    made(counter, "create", *SCREEN)
    row = made(counter, "edit", "I-0001", "--taxability", "nil-rated")
    assert (row["taxability"], row["gst_rate"]) == ("nil_rated", None)
    assert counter("item", "edit", "I-0001", "--rate", "18").exit_code == 3
    assert made(counter, "edit", "I-0001", "--rate", "5", "--taxability", "taxable")["gst_rate"] == "5"


def test_an_edit_changes_what_is_given_and_nothing_else(counter: Invo) -> None:
    made(counter, "create", *SCREEN)
    row = made(counter, "edit", "i-0001", "--price", "1,650.5", "--name", "Display")
    assert (row["unit_price"], row["name"], row["gst_rate"], row["hsn"]) == ("1650.500", "Display", "18", "998716")
    assert listed(counter, "--search", "DISPLAY") == ["I-0001"]
    made(counter, "edit", "I-0001", "--name", "Display")
    assert actions() == ["item.create", "item.edit"]


def test_a_code_twice_is_a_conflict_and_a_wrong_one_is_not_found(counter: Invo) -> None:
    made(counter, "create", *SCREEN, "--code", "SM-A51/F.2")
    assert counter("item", "create", *SCREEN, "--code", "sm-a51/f.2").exit_code == 5
    missing = counter("item", "show", "SM-A51/F.3")
    assert (missing.exit_code, missing.stderr.splitlines()[1]) == (4, "hint: Did you mean SM-A51/F.2?")


def test_a_search_finds_any_part_literally(counter: Invo) -> None:
    made(counter, "create", *SCREEN)
    made(counter, "create", "--name", "100% cotton_cloth", "--price", "1", "--code", "CLOTH")
    for text, codes in (("SCREEN", ["I-0001"]), ("9987", ["I-0001"]), ("%", ["CLOTH"]), ("_", ["CLOTH"]), ("?", [])):
        assert listed(counter, "--search", text) == codes


def test_a_list_goes_on_behind_a_code(counter: Invo) -> None:
    for _ in range(3):
        made(counter, "create", *SCREEN)
    first = counter("item", "list", "--limit", "2", "-o", "name")
    assert first.stdout == "I-0001\nI-0002\n"
    assert "--after I-0002" in first.stderr
    assert listed(counter, "--after", "I-0002") == ["I-0003"]


def test_a_deleted_item_is_hidden_until_it_is_restored(counter: Invo) -> None:
    made(counter, "create", *SCREEN)
    for _ in range(2):
        assert made(counter, "delete", "I-0001")["is_deleted"] is True
    assert (listed(counter), listed(counter, "--include", "deleted")) == ([], ["I-0001"])
    assert counter("item", "edit", "I-0001", "--price", "2").exit_code == 5
    for _ in range(2):
        assert made(counter, "restore", "I-0001")["is_deleted"] is False
    assert actions() == ["item.create", "item.delete", "item.restore"]


@pytest.mark.parametrize(
    "arguments", [["create", "--name", "X", "--price", "1"], ["edit", "I-0001", "--price", "2"], ["delete", "I-0001"]]
)
def test_a_dry_run_keeps_nothing(counter: Invo, arguments: list[str]) -> None:
    made(counter, "create", *SCREEN)
    before = made(counter, "list"), actions()
    assert made(counter, *arguments, "--dry-run")["dry_run"] is True
    assert (made(counter, "list"), actions()) == before


def test_an_item_of_another_business_is_not_there(counter: Invo) -> None:
    made(counter, "create", *SCREEN)
    counter("business", "create", "--name", "Pune", "--gstin", "27AAPFU0939F1ZV", "--code", "PUNE")
    assert counter("item", "show", "I-0001", "--business", "PUNE").exit_code == 4
    assert counter("item", "list", "--business", "PUNE").stdout == ""


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT)
def test_hostile_text_is_kept_as_it_is_and_shown_harmlessly(counter: Invo, text: str) -> None:
    code = made(counter, "create", f"--name={text}", "--price", "1")["code"]
    row = json.loads(counter("item", "list", "-o", "jsonl", f"--search={text}").stdout)
    assert (row["code"], row["name"]) == (code, text.strip())
    for command in (["list", "-o", "table"], ["list", "-o", "plain"], ["show", code, "-o", "table"]):
        assert not HARMFUL & set(counter("item", *command).stdout)


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_text_that_cannot_be_kept_is_refused_in_two_lines(counter: Invo, text: str) -> None:
    for arguments in (["create", f"--name={text}", "--price", "1"], ["show", text], ["list", f"--search={text}"]):
        result = counter("item", *arguments)
        assert (result.exit_code, result.stdout) == (3, "")
        assert result.stderr.count("\n") == 2
        assert len(result.stderr) < 400

"""The hsn noun, and what a loaded list changes at the counter."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from invo_cli.commands.entering import read
from invo_cli.models import AuditEvent, HsnCode
from invo_cli.services import hsn
from tests.conftest import Invo

pytestmark = pytest.mark.integration
LIST = {
    "85": "ELECTRICAL MACHINERY",
    "8517": "TELEPHONE SETS, INCLUDING SMARTPHONES",
    "851713": "SMARTPHONES ",
    "85171300": "SMARTPHONES\r\r\nOF ALL KINDS",
    "998716": "Repair services of telephones",
    "95030010": "INFANT TOYS WITH A FAN",
    "84145110": "TABLE FANS",
}


@pytest.fixture(autouse=True)
def october(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_NOW", "2026-10-05")


@pytest.fixture
def listed(counter: Invo, tmp_path: Path) -> Invo:
    load(counter, tmp_path, LIST)
    return counter


def load(invo: Invo, folder: Path, codes: dict[str, Any], *flags: str) -> Any:
    (folder / "list.json").write_text(json.dumps({"codes": codes}), encoding="utf-8")
    result = invo("hsn", "import", str(folder / "list.json"), "-o", "json", *flags)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def found(invo: Invo, *words: str) -> list[str]:
    result = invo("hsn", "search", *words, "-o", "name")
    assert result.exit_code == 0, result.stderr
    return result.stdout.split()


def test_loading_again_adds_and_updates_and_removes_nothing(listed: Invo, tmp_path: Path) -> None:
    assert load(listed, tmp_path, LIST)["unchanged"] == 7
    newer = {"8517": "TELEPHONES", "0101": "HORSES"}
    assert load(listed, tmp_path, newer, "--dry-run") == {
        "read": 2, "new": 1, "changed": 1, "unchanged": 0, "repaired": 0, "refused": 0, "dry_run": True
    }  # fmt: skip
    assert load(listed, tmp_path, newer)["changed"] == 1
    codes = read(lambda session: {row.code: row.description for row in session.scalars(select(HsnCode))})
    assert codes == LIST | newer
    events = read(lambda session: list(session.scalars(select(AuditEvent.action).where(AuditEvent.business_id == 0))))
    assert events.count("hsn.import") == 2  # what changed nothing leaves no event


def test_rows_without_a_code_are_named_and_the_rest_is_loaded(counter: Invo) -> None:
    result = counter("hsn", "import", "-", input="HSN_CD,HSN_Description\n8517,PHONES\nTotal,1\n")
    assert result.exit_code == 9
    assert "warning: Line 3: 'Total' is no HSN or SAC code." in result.stderr
    assert found(counter, "phones") == ["8517"]


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        (["8517"], ["851713", "85171300", "8517"]),
        (["SmartPhones"], ["851713", "85171300", "8517"]),
        (["telephone", "repair"], ["998716", "8517"]),
        (["fan"], ["84145110", "95030010"]),
        (["8517 kinds"], ["85171300", "851713", "8517"]),
        (["100%"], []),
    ],
)
def test_the_best_match_comes_first(listed: Invo, words: list[str], codes: list[str]) -> None:
    assert found(listed, *words) == codes


def test_a_search_for_nothing_is_refused(listed: Invo) -> None:
    assert listed("hsn", "search", "", " ").exit_code == 3


def test_a_code_is_shown_with_what_lies_above_it(listed: Invo) -> None:
    row = json.loads(listed("hsn", "show", "85171300", "-o", "json").stdout)
    assert row["description"] == "SMARTPHONES OF ALL KINDS"
    assert [each["code"] for each in row["parents"]] == ["85", "8517", "851713"]
    result = listed("hsn", "show", "85171399")
    assert (result.exit_code, "hsn show 851713" in result.stderr) == (4, True)
    assert listed("hsn", "show", "8517130").exit_code == 3


def test_without_a_list_the_commands_say_how_to_load_one(counter: Invo) -> None:
    for command in (("search", "phone"), ("show", "8517")):
        result = counter("hsn", *command)
        assert (result.exit_code, "invo hsn import" in result.stderr) == (4, True)


def test_descriptions_are_kept_exactly_as_published(listed: Invo) -> None:
    wanted = read(lambda session: hsn.descriptions(session, ["851713", "85171300", "1234"]))
    assert wanted == {"851713": "SMARTPHONES ", "85171300": "SMARTPHONES\r\r\nOF ALL KINDS"}


def test_an_unknown_code_is_a_warning_once_a_list_is_loaded(counter: Invo, tmp_path: Path) -> None:
    invoice = ("invoice", "create", "--customer", "Asha", "--mobile", "9876543210", "--line", "Screen:1:10:998799:18")
    item = ("item", "create", "--name", "X", "--price", "1", "--hsn", "998799")
    assert "GST-59" not in counter(*invoice).stderr
    assert "official list" not in counter(*item).stderr
    load(counter, tmp_path, LIST)
    result = counter(*invoice)
    assert (result.exit_code, "warning: GST-59 Line 1 has 998799" in result.stderr) == (0, True)
    assert "no code 998799" in counter(*item).stderr
    counter("business", "edit", "29AAGCB7383J1Z4", "--strict")
    assert counter(*invoice).exit_code == 3


def test_codes_are_asked_for_once_in_a_session(db_session: Session) -> None:
    statements: list[str] = []
    event.listen(db_session.connection(), "before_cursor_execute", lambda *call: statements.append(call[2]))
    for _ in range(3):
        assert hsn.unknown(db_session, ["8517", None, "998716"]) == frozenset()
    assert len(statements) == 1
    db_session.info.clear()
    db_session.add(HsnCode(code="8517", description=""))
    db_session.flush()
    statements.clear()
    for _ in range(3):
        assert hsn.unknown(db_session, ["8517", "998716"]) == {"998716"}
    assert len(statements) == 1

"""The log line of a run: INVO_LOG=json."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from tests.conftest import Process, run_process

pytestmark = pytest.mark.contract
KEYS = ["event", "at", "run", "command", "business", "actor", "via", "duration_ms", "rows", "exit_status"]


def logged(process: Process, *arguments: str, **environment: str) -> tuple[dict[str, Any], list[str]]:
    """The last line of stderr, and those before it."""
    done = process(*arguments, env={**os.environ, "INVO_LOG": "json", **environment})
    *before, last = done.stderr.splitlines()
    line: dict[str, Any] = json.loads(last)
    assert list(line) == KEYS
    assert line["exit_status"] == done.returncode
    return line, before


def test_each_run_leaves_one_line(process: Process) -> None:
    process("business", "create", "--name", "Pune", "--state", "27", "--code", "PUNE")
    line, before = logged(process, "business", "list", "-o", "json", INVO_ACTOR="as\nha", INVO_BUSINESS="PUNE")
    assert before == []
    assert (line["event"], line["command"], line["rows"], line["exit_status"]) == ("run", "business list", 1, 0)
    assert (line["business"], line["actor"], line["via"]) == ("PUNE", "as\nha", None)
    assert 0 < line["duration_ms"] < 60_000
    again, _ = logged(process, "business", "list")
    assert again["run"] != line["run"]


def test_refusals_are_told_and_arguments_are_not(process: Process) -> None:
    line, before = logged(process, "invoice", "show", "c4nary", "--business", "PUNE")
    assert line["command"] == "invoice show"
    assert line["exit_status"] == 4
    assert before[0].startswith("error: ")
    assert "c4nary" not in json.dumps(line)


def test_statements_of_a_run_bear_its_name(process: Process) -> None:
    line, before = logged(process, "business", "list", "-v")
    statements = [json.loads(each) for each in before]
    assert {each["run"] for each in statements} == {line["run"]}
    assert {each["event"] for each in statements} == {"sql"}


def test_without_being_asked_nothing_is_logged(process: Process) -> None:
    assert process("business", "list").stderr == ""


def test_a_run_without_settings_is_told_too() -> None:
    line, _ = logged(run_process, "gstin", "check", "29AAGCB7383J1Z4")
    assert (line["command"], line["actor"]) == ("gstin check", None)

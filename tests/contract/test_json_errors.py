"""Errors for programs: one JSON line on stderr."""

from __future__ import annotations

import pytest

from tests.conftest import Process
from tests.contract.running import ASHA, LINE, json_refusal

pytestmark = pytest.mark.contract  # the shape of the command line, whatever the engine


@pytest.mark.parametrize("output", ["json", "jsonl"])
def test_a_refusal_has_code_message_and_hint(shop: Process, output: str) -> None:
    error = json_refusal(shop("invoice", "show", "D-9", "-o", output), 4)
    assert error == {"code": "not_found", "message": "No document D-9.", "hint": "See: invo invoice list"}


def test_the_environment_chooses_the_form_of_errors_too(inside: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_OUTPUT", "json")
    assert json_refusal(inside("invoice", "show", "D-9"), 4)["code"] == "not_found"
    assert inside("invoice", "show", "D-9", "-o", "plain").stderr.startswith("error: ")


def test_a_document_file_has_every_problem_in_the_details(inside: Process) -> None:
    document = '{"customer": "C-1", "lines": [{"quantity": "-1", "unit_price": "1e3"}], "totl": 1}'
    error = json_refusal(inside("invoice", "create", "--file", "-", "-o", "json", input=document), 3)
    assert error["code"] == "invalid"
    paths = {problem["path"] for problem in error["details"]["problems"]}
    assert {"lines[0].quantity", "lines[0].unit_price"} <= paths
    assert error["details"]["problem_count"] == 3
    assert "total" in error["message"] or "totl" in error["message"]


def test_a_file_that_is_not_json_names_line_and_column(inside: Process) -> None:
    error = json_refusal(inside("invoice", "create", "--file", "-", "-o", "json", input='{\n  "customer" "C-1"\n}'), 3)
    assert (error["details"]["line"], error["details"]["column"]) == (2, 14)


def test_a_rule_is_named_by_its_code(inside: Process) -> None:
    command = ("invoice", "create", *ASHA, "--line", "Screen:1:100:998716:17", "-o", "json")
    error = json_refusal(inside(*command), 3)
    assert "GST-" in error["message"] + str(error.get("details"))


def test_an_ambiguous_name_lists_whom_it_could_mean(inside: Process) -> None:
    for mobile in ("9876543210", "9876543211"):
        inside("invoice", "create", "--customer", "Asha", "--mobile", mobile, "--line", LINE)
    error = json_refusal(inside("invoice", "create", "--customer", "Asha", "--line", LINE, "-o", "json"), 5)
    assert error["details"]["codes"] == ["C-0001", "C-0002"]


def test_warnings_stay_lines_beside_the_json_result(inside: Process) -> None:
    inside("invoice", "create", *ASHA, "--line", LINE)
    done = inside("invoice", "create", "--customer", "Ravi", "--mobile", "9876543210", "--line", LINE, "-o", "json")
    assert done.returncode == 0
    assert done.stderr.startswith("warning: ")
    assert done.stdout.startswith("{")

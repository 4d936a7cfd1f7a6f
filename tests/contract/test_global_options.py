"""Global options work before and after the command, and nothing else does."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Process
from tests.contract.running import ASHA, LINE, json_refusal, refusal, result

pytestmark = pytest.mark.contract  # the shape of the command line, whatever the engine

PUNE = "27AAPFU0939F1ZV"


@pytest.fixture
def issued(inside: Process) -> Process:
    result(inside("invoice", "create", *ASHA, "--line", LINE))
    return inside


@pytest.mark.parametrize(
    ("options", "first_line"),
    [
        (("-o", "name"), "INV/26-27/0001"),
        (("-oname",), "INV/26-27/0001"),
        (("-o=name",), "INV/26-27/0001"),
        (("--output", "name"), "INV/26-27/0001"),
        (("--output=name",), "INV/26-27/0001"),
        (("-o", "csv", "--fields", "total,number"), "total,number"),
        (("-o", "tsv", "--fields=total,number"), "total\tnumber"),
        (("--fields", "total"), "1770.00"),
        (("--no-input", "--yes", "-q", "-v", "-vv", "--no-color", "-o", "name"), "INV/26-27/0001"),
    ],
)
def test_global_options_stand_anywhere(issued: Process, options: tuple[str, ...], first_line: str) -> None:
    command = ("invoice", "list")
    said = [
        result(issued(*words)) for words in ((*options, *command), ("invoice", *options, "list"), (*command, *options))
    ]
    assert said[0].splitlines()[0] == first_line
    assert said[0] == said[1] == said[2]


def test_the_last_one_wins(issued: Process, shop: Process) -> None:
    assert result(shop("-o", "json", "invoice", "list", "-o", "name")) == "INV/26-27/0001\n"


def test_a_business_is_chosen_before_or_after(shop: Process) -> None:
    result(shop("business", "create", "--name", "Pune", "--gstin", PUNE, "--code", "PUNE"))
    refusal(shop("invoice", "list"), 2)
    made = json.loads(result(shop("invoice", "create", *ASHA, "--line", LINE, "--business", "pune", "-o", "json")))
    assert made["business"] == "PUNE"
    assert made["customer"]["state"] == "27"
    for words in (("--business", PUNE, "invoice", "list"), ("invoice", "list", "--business=PUNE")):
        assert result(shop(*words, "-o", "name")) == made["number"] + "\n"


def test_what_follows_two_dashes_is_left_alone(issued: Process) -> None:
    assert json_refusal(issued("-o", "json", "invoice", "show", "--", "-o"), 4)["message"] == "No document -o."


def test_quiet_leaves_out_warnings_but_never_errors(shop: Process) -> None:
    shop("invoice", "create", *ASHA, "--line", LINE)
    same_mobile = ("--mobile", "9876543210", "--line", LINE)
    assert shop("invoice", "create", "--customer", "Ravi", *same_mobile).stderr.startswith("warning: ")
    silent = shop("invoice", "create", "--customer", "Mina", *same_mobile, "-q")
    assert (silent.returncode, silent.stderr) == (0, "")
    refusal(shop("-q", "invoice", "show", "D-9"), 4)


def test_errors_of_the_command_line_follow_the_format_too(issued: Process) -> None:
    assert json_refusal(issued("invoice", "show", "-o", "json"), 2)["code"] == "usage"
    assert json_refusal(issued("invoice", "list", "--limit", "many", "-o", "jsonl"), 3)["code"] == "invalid"

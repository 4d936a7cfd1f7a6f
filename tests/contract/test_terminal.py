"""A person at a terminal: tables, colours, questions."""

from __future__ import annotations

import os
import re
import sys
from typing import Any

import pexpect
import pytest

from tests.conftest import Invo, Process
from tests.contract.running import ASHA, LINE

pytestmark = pytest.mark.contract  # the shape of the command line, whatever the engine

ESCAPE = re.compile("\x1b\\[[0-9;]*m")


def at_terminal(*arguments: str, columns: int = 100, **environment: str) -> pexpect.spawn[str]:
    """Run `invo` on a terminal of this width."""
    kept = {key: value for key, value in os.environ.items() if key != "COLUMNS"}
    return pexpect.spawn(
        sys.executable,
        ["-m", "invo_cli", *arguments],
        env=kept | {"TERM": "xterm-256color"} | environment,
        dimensions=(40, columns),
        encoding="utf-8",
        timeout=60,
    )


def seen(*arguments: str, columns: int = 100, **environment: Any) -> str:
    """Everything a run showed."""
    child = at_terminal(*arguments, columns=columns, **environment)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0, child.before
    return str(child.before).replace("\r\n", "\n")


@pytest.fixture
def issued(shop: Process, invo: Invo) -> Invo:
    invo("invoice", "create", *ASHA, "--line", LINE)
    return invo


def test_a_list_is_a_table_on_a_terminal(issued: Invo) -> None:
    said = seen("invoice", "list")
    assert "1,770.00" in said
    assert "Customer" in said
    assert "─" in said


@pytest.mark.parametrize("columns", [60, 100, 160])
def test_a_page_fits_the_terminal(issued: Invo, columns: int) -> None:
    for line in ESCAPE.sub("", seen("invoice", "show", "D-1", columns=max(columns, 80))).splitlines():
        assert len(line) <= max(columns, 80), line


def test_columns_wins_over_the_width_of_the_terminal(issued: Invo) -> None:
    narrow = ESCAPE.sub("", seen("--help", columns=150, COLUMNS="80")).splitlines()
    wide = ESCAPE.sub("", seen("--help", columns=60, COLUMNS="120")).splitlines()
    assert (max(map(len, narrow)), max(map(len, wide))) == (80, 120)


def test_a_table_is_asked_for_by_name_when_piped(issued: Invo) -> None:
    assert "1,770.00" in issued("invoice", "list", "-o", "table").stdout


@pytest.mark.parametrize(
    "setting",
    [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, {"TERM": "dumb", "FORCE_COLOR": "1"}],
)
def test_no_escape_reaches_a_terminal_that_wants_none(issued: Invo, setting: dict[str, str]) -> None:
    colours = re.compile("\x1b\\[(?:3[0-9]|4[0-9]|9[0-9])")
    for command in (("invoice", "show", "D-1"), ("invoice", "list")):
        said = seen(*command, columns=100, **setting)
        assert not colours.search(said)
        if setting.get("TERM") == "dumb":
            assert "\x1b" not in said


def test_no_color_is_an_option_too(issued: Invo) -> None:
    assert not re.search("\x1b\\[3[0-9]", seen("--no-color", "invoice", "show", "D-1"))


def test_a_terminal_gets_fifty_rows_and_is_told_so(shop: Process, invo: Invo) -> None:
    for _ in range(52):
        assert invo("invoice", "create", *ASHA, "--line", LINE, "--draft").exit_code == 0
    said = seen("invoice", "list")
    assert said.count("Asha Traders") == 50
    assert "Showing 50" in said
    assert "--after D-3" in said
    assert seen("invoice", "list", "--all").count("Asha Traders") == 52
    assert len(invo("invoice", "list").stdout.splitlines()) == 52


def test_json_on_a_terminal_is_json(issued: Invo) -> None:
    assert seen("invoice", "list", "-o", "json").startswith("[\n")


def test_a_draft_is_edited_in_the_editor(shop: Process, invo: Invo) -> None:
    invo("invoice", "create", *ASHA, "--line", LINE, "--draft")
    editor = "sed -i s/1500/1400/"
    assert "1,652.00" in seen("invoice", "edit", "D-1", EDITOR=editor, VISUAL="")
    assert '"unit_price": "1400.000"' in invo("invoice", "show", "D-1", "-o", "json").stdout


def test_an_editor_that_is_not_there_is_a_refusal(shop: Process, invo: Invo) -> None:
    invo("invoice", "create", *ASHA, "--line", LINE, "--draft")
    child = at_terminal("invoice", "edit", "D-1", EDITOR="/nowhere/vi", VISUAL="")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 2
    assert "error: The editor /nowhere/vi failed." in str(child.before)

"""What a terminal shows while rows are written: how many, how fast, how much longer; and what nobody else sees."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest
from sqlalchemy.engine import URL

from tests.commands.exported import three_documents
from tests.conftest import Process

pytestmark = pytest.mark.integration
# Without the pause that keeps a short run silent.
_AT_ONCE = "from invo_cli.views import progress; progress._PAUSE = 0; from invo_cli.__main__ import main; main()"
_PROGRESS = re.compile(r"invoices: ([0-9]) of ([0-9]) rows  100 %  [0-9,]+/s  0:00 left")
_WIPED = "\r\x1b[K"


@pytest.fixture(autouse=True)
def _filled(database_url: URL) -> Iterator[None]:
    with three_documents(database_url):
        yield


def on_a_terminal(*arguments: str) -> str:
    """All that a terminal gets from a run that succeeds."""
    child = pexpect.spawn(
        sys.executable, ["-c", _AT_ONCE, *arguments], dimensions=(24, 200), encoding="utf-8", timeout=60
    )
    shown: str = child.read()
    child.close()
    assert child.exitstatus == 0, shown
    return shown


def test_an_export_shows_its_rows_and_wipes_them_in_the_end(tmp_path: Path) -> None:
    shown = on_a_terminal("export", "invoices", "--out", str(tmp_path / "x.csv"))
    assert _PROGRESS.findall(shown) == [("2", "2")]
    assert shown.endswith(f"{_WIPED}Exported 2 invoices to {tmp_path / 'x.csv'}.\r\n")


def test_the_run_of_a_job_shows_its_rows_too(tmp_path: Path, process: Process) -> None:
    made = process("export", "job", "create", "daily", "invoices", "--out", str(tmp_path / "x.jsonl"))
    assert made.returncode == 0, made.stderr
    shown = on_a_terminal("export", "job", "run", "daily")
    assert _PROGRESS.findall(shown) == [("2", "2")]
    assert f"{_WIPED}export job=daily status=delivered" in shown


def test_quiet_runs_and_rows_on_the_terminal_itself_show_none(tmp_path: Path) -> None:
    assert on_a_terminal("-q", "export", "invoices", "--out", str(tmp_path / "x.csv")) == ""
    assert not _PROGRESS.search(on_a_terminal("export", "invoices"))


def test_without_a_terminal_nothing_is_shown(tmp_path: Path, process: Process) -> None:
    done = process("export", "invoices", "--out", str(tmp_path / "x.csv"))
    assert done.stderr == f"Exported 2 invoices to {tmp_path / 'x.csv'}.\n"

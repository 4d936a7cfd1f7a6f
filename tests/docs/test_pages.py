"""The console blocks of the pages run as they stand, and show what they promise."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.consoles import is_shown, runs_here, steps
from tests.docs.running import run
from tests.docs.shop import inside, prepare

pytestmark = pytest.mark.contract


@pytest.mark.parametrize(
    ("page", "output"),
    [
        ("README.md", "table"),
        ("docs/manual.md", "table"),
        ("docs/einvoice.md", "table"),
        ("docs/returns.md", "table"),
        ("docs/jobs.md", "table"),
        ("docs/exports.md", "plain"),
        ("docs/bank.md", "table"),
        ("docs/masters.md", "table"),
        ("docs/backup.md", "plain"),
        ("docs/operations.md", "plain"),
        ("docs/scripting.md", "auto"),
    ],
)
def test_a_page_can_be_followed_from_top_to_bottom(page: str, output: str, tmp_path: Path) -> None:
    prepare(tmp_path / "place", ())
    ran = 0
    with inside(tmp_path / "place") as environment:
        environment.setenv("INVO_OUTPUT", output)
        for step in filter(runs_here, steps(page)):
            done = run(step.command)
            assert done.status == step.status, f"{step.command}\n{done.stdout}\n{done.stderr}"
            assert is_shown(step.shown, done.stdout + done.stderr), f"{step.command}\n{done.stdout}\n{done.stderr}"
            ran += 1
    assert ran >= 8


def test_a_shown_line_that_is_not_printed_is_noticed() -> None:
    assert is_shown(("a", "…", "c"), "a\nb\nc\n")
    assert not is_shown(("c", "a"), "a\nb\nc\n")
    assert not is_shown(("d",), "a\nb\nc\n")

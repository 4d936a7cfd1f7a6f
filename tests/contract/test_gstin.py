"""Published GSTINs through `invo gstin check`, which needs no database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import run_process
from tests.contract.running import refusal
from tests.gst.vectors import load

pytestmark = pytest.mark.contract

VECTORS = load("gstin")
RIGHT: list[dict[str, Any]] = VECTORS["accepted"]
DOUBTFUL: list[dict[str, Any]] = VECTORS["accepted_with_warning"]
WRONG: list[dict[str, Any]] = VECTORS["refused"]


def test_every_right_one_is_accepted_with_its_kind(home: Path) -> None:
    done = run_process("gstin", "check", *(entry["gstin"] for entry in RIGHT), "-o", "json")
    assert (done.returncode, done.stderr) == (0, "")
    rows = json.loads(done.stdout)
    assert [(row["gstin"], row["kind"]) for row in rows] == [(entry["gstin"], entry["kind"]) for entry in RIGHT]
    assert not home.exists()


def test_a_doubtful_one_is_accepted_with_a_warning() -> None:
    for entry in DOUBTFUL:
        done = run_process("gstin", "check", entry["gstin"], "-o", "json")
        assert done.returncode == 0
        assert entry["warning"] in done.stderr


def test_every_wrong_one_is_refused_with_the_reason() -> None:
    listed = "\n".join(entry["gstin"] for entry in WRONG if entry["gstin"].strip())
    done = run_process("gstin", "check", "-", "-o", "json", input=listed)
    assert done.returncode == 3
    said = done.stdout + done.stderr
    for entry in WRONG:
        if entry["gstin"].strip():
            assert entry["problem"] in said, entry


def test_one_wrong_among_many_is_exit_3() -> None:
    done = run_process("gstin", "check", RIGHT[0]["gstin"], WRONG[0]["gstin"])
    refusal(done, 3, stdout=None)


def test_input_is_stripped_and_put_into_capitals() -> None:
    done = run_process("gstin", "check", f"  {RIGHT[0]['gstin'].lower()}\t", "-o", "json")
    assert json.loads(done.stdout)[0]["gstin"] == RIGHT[0]["gstin"]


@pytest.mark.parametrize(
    "text", ["", " ", "२७AAPFU0939F1ZV", "27AAPFU0939F1ZV\n27", "\u202e27AAPFU0939F1ZV", "x" * 10_000]
)
def test_anything_else_is_refused(text: str) -> None:
    done = run_process("gstin", "check", text)
    refusal(done, 3, stdout=None)
    assert "\u202e" not in done.stdout + done.stderr

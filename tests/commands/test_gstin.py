"""The gstin noun: no database, every published number."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from invo_cli.cli import app
from tests.gst.vectors import load

pytestmark = pytest.mark.unit
VECTORS = load("gstin")
RIGHT, WRONG = "29AAGCB7383J1Z4", "29AAGCB7383J1Z5"


def check(*numbers: str, **options: Any) -> Result:
    return CliRunner().invoke(app, ["gstin", "check", *numbers], **options)


@pytest.mark.parametrize("row", VECTORS["accepted"], ids=lambda row: row["gstin"])
def test_a_published_number_is_right(row: dict[str, str]) -> None:
    done = check(row["gstin"], "-o", "json")
    assert (done.exit_code, done.stderr) == (0, "")
    (found,) = json.loads(done.stdout)
    assert list(found) == ["gstin", "valid", "kind", "state", "pan", "reason"]
    assert (found["gstin"], found["valid"], found["kind"]) == (row["gstin"], True, row["kind"])
    assert found["reason"] is None


@pytest.mark.parametrize("row", VECTORS["accepted_with_warning"], ids=lambda row: row["gstin"])
def test_an_unusual_number_is_right_with_a_warning(row: dict[str, str]) -> None:
    done = check(row["gstin"])
    assert done.exit_code == 0
    assert done.stderr.startswith("warning: ")
    assert row["warning"] in done.stderr


@pytest.mark.parametrize("row", VECTORS["refused"], ids=lambda row: row["gstin"])
def test_a_wrong_number_is_refused_with_the_reason(row: dict[str, str]) -> None:
    refused = check(row["gstin"])
    assert (refused.exit_code, refused.stdout) == (3, "")
    assert refused.stderr.splitlines()[0] == f"error: GSTIN '{row['gstin']}' {row['problem']}."


def test_every_vector_at_once_gets_its_row() -> None:
    good = [row["gstin"] for row in VECTORS["accepted"]]
    bad = [row["gstin"] for row in VECTORS["refused"]]
    done = check("-", "-o", "jsonl", "-q", input="\n".join([*good, "", *bad]))
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["gstin"] for row in rows if row["valid"]] == good
    assert [row["gstin"] for row in rows if not row["valid"]] == [number.strip() for number in bad]
    assert all(row["reason"] for row in rows if not row["valid"])
    assert done.exit_code == 3
    assert json.loads(done.stderr)["error"]["message"].startswith(f"{len(bad)} of {len(rows)} numbers are wrong; ")


def test_of_several_numbers_each_gets_its_row() -> None:
    done = check(RIGHT.lower(), WRONG)
    assert done.exit_code == 3
    right, wrong = done.stdout.splitlines()
    assert right.split("\t") == [RIGHT, "true", "regular", "29", "AAGCB7383J", ""]
    assert wrong.split("\t")[:3] == [WRONG, "false", ""]
    assert done.stderr.startswith("error: 1 of 2 numbers is wrong; the first: GSTIN")


def test_a_file_of_one_wrong_number_gets_its_row_too() -> None:
    done = check("-", "-o", "json", input=f"{WRONG}\r\n")
    assert done.exit_code == 3
    assert json.loads(done.stdout)[0]["valid"] is False


def test_an_empty_file_is_an_empty_list() -> None:
    done = check("-", "-o", "json", input="")
    assert (done.exit_code, done.stdout) == (0, "[]\n")


def test_it_needs_no_database(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nowhere")
    assert check(RIGHT).exit_code == 0
    assert not home.exists()


def test_without_a_number_it_is_a_usage_error() -> None:
    assert check().exit_code == 2

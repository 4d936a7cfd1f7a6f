"""What the contract says about every run: the result on stdout, everything else on stderr."""

from __future__ import annotations

import json
import subprocess
from typing import Any

Done = subprocess.CompletedProcess[str]
LINE = "Screen replacement:1:1500:998716:18"
ASHA = ("--customer", "Asha Traders", "--mobile", "9876543210")


def result(done: Done) -> str:
    """The stdout of a run that succeeded."""
    assert done.returncode == 0, done.stderr
    return done.stdout


def record(done: Done) -> dict[str, Any]:
    """The record that a run with -o json printed."""
    found: dict[str, Any] = json.loads(result(done))
    return found


def refusal(done: Done, status: int, *, stdout: str | None = "") -> str:
    """The sentence of a refusal: this exit code, stdout empty, one error and one hint line, no traceback."""
    assert done.returncode == status, (done.returncode, done.stdout, done.stderr)
    assert stdout is None or done.stdout == stdout
    assert "Traceback" not in done.stderr
    lines = done.stderr.splitlines()
    assert [line.partition(":")[0] for line in lines if line.startswith(("error", "hint"))] == ["error", "hint"], lines
    assert all(line.startswith(("error: ", "hint: ", "warning: ")) for line in lines), lines
    sentence = next(line for line in lines if line.startswith("error: ")).removeprefix("error: ")
    assert sentence[-1] in ".!?", sentence
    return sentence


def json_refusal(done: Done, status: int) -> dict[str, Any]:
    """The error object of a refusal with -o json or jsonl: one line on stderr."""
    assert (done.returncode, done.stdout) == (status, ""), done
    lines = [line for line in done.stderr.splitlines() if not line.startswith("warning: ")]
    assert len(lines) == 1, lines
    body: dict[str, Any] = json.loads(lines[0])
    assert set(body) == {"error", "exit_code"}
    assert body["exit_code"] == status
    assert {"code", "message", "hint"} <= set(body["error"]) <= {"code", "message", "hint", "details"}
    error: dict[str, Any] = body["error"]
    return error

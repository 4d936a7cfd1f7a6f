"""Many processes at once, and the state they must leave."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.conftest import Invo

ROOT = Path(__file__).parents[2]
LINE = "Screen replacement:1:1500:998716:18"
ISSUE = (
    "invoice",
    "create",
    "--customer",
    "Asha Traders",
    "--mobile",
    "9876543210",
    "--line",
    LINE,
    "-o",
    "name",
    "-q",
)


class Worker:
    """A process that waits for the start."""

    def __init__(self, times: int, arguments: Sequence[str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.races.worker", str(times), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )

    def is_ready(self) -> None:
        """Wait until everything is imported."""
        assert self.process.stdout is not None
        self.process.stdout.readline()

    def go(self) -> None:
        """Let it start."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def kill(self) -> list[str]:
        """End it at once, whatever it is doing; the lines it had printed."""
        self.process.kill()
        return self.process.communicate()[0].splitlines()

    def end(self) -> tuple[int, str, str]:
        """Its exit code, and what it printed on stdout and stderr."""
        stdout, stderr = self.process.communicate(timeout=300)
        return self.process.returncode, stdout, stderr


def crowd(times: int, each: Iterable[Sequence[str]]) -> list[str]:
    """Start one worker for each command together; all the lines they printed, without a word on stderr."""
    workers = [Worker(times, arguments) for arguments in each]
    for worker in workers:
        worker.is_ready()
    for worker in workers:
        worker.go()
    ended = [worker.end() for worker in workers]
    assert {(status, stderr) for status, _, stderr in ended} == {(0, "")}
    return [line for _, stdout, _ in ended for line in stdout.splitlines()]


def numbers(count: int) -> list[str]:
    """The first numbers of the usual series in this financial year."""
    from invo_cli.clock import today
    from invo_cli.gst.periods import FinancialYear

    return [f"INV/{FinancialYear.of(today()).short}/{serial:04}" for serial in range(1, count + 1)]


def documents(invo: Invo) -> list[dict[str, Any]]:
    """Every document with its lines, by id."""
    listed = json.loads(invo("invoice", "list", "--include", "deleted", "-o", "json").stdout)
    ids = sorted((row["id"] for row in listed), key=lambda name: int(name[2:]))
    return [json.loads(invo("invoice", "show", name, "-o", "json").stdout) for name in ids]


def check_books(invo: Invo) -> list[dict[str, Any]]:
    """Nothing is missing, doubled or half done; the documents."""
    for command in (("series", "audit"), ("audit", "verify")):
        checked = invo(*command)
        assert checked.exit_code == 0, checked.output
    found = documents(invo)
    assert [document["id"] for document in found] == [f"D-{number}" for number in range(1, len(found) + 1)]
    for document in found:
        assert (document["number"] is None) == (document["status"] == "draft")
        for head in ("taxable_value", "cgst", "sgst", "igst", "cess"):
            assert sum(Decimal(line[head]) for line in document["lines"]) == Decimal(document[head])
    events = json.loads(invo("audit", "list", "-o", "json", "--all").stdout)
    sequence = sorted(event["seq"] for event in events)
    assert sequence == list(range(1, len(sequence) + 1))
    return found

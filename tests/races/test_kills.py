"""SIGKILL at any instant: no gap, no half document, and the next run works."""

from __future__ import annotations

import random
import time

import pytest

from tests.conftest import Invo
from tests.races.crowd import ISSUE, LINE, Worker, check_books

pytestmark = pytest.mark.integration

BUYER = ("--customer", "Ravi {n}", "--mobile", "9876543211")
WORK = (
    *ISSUE,
    *("+", "invoice", "create", *BUYER, "--line", LINE, "--line", LINE, "--draft", "-q", "-o", "name"),
    *("+", "invoice", "issue", "--all-drafts", "-q", "-o", "name"),
    *("+", "invoice", "cancel", "D-1", "--reason", "Twice", "-q", "-o", "name"),
    *("+", "invoice", "duplicate", "D-1", "--issue", "-q", "-o", "name"),
)


@pytest.mark.parametrize(
    ("kills", "at_once"),
    [(4, 2), pytest.param(20, 2, marks=pytest.mark.performance)],
    ids=["eight", "forty"],
)
def test_a_killed_process_leaves_everything_or_nothing(counter: Invo, kills: int, at_once: int) -> None:
    dice = random.Random(20260701)
    acknowledged = {counter(*ISSUE).stdout.strip()}
    for _ in range(kills):
        workers = [Worker(0, WORK) for _ in range(at_once)]
        for worker in workers:
            worker.is_ready()
        for worker in workers:
            worker.go()
        for worker in workers:
            time.sleep(dice.uniform(0, 0.4))
            # The last line may be cut off.
            acknowledged |= {line for line in worker.kill() if line.startswith("INV/") and len(line) == 14}
        assert counter(*ISSUE).exit_code == 0
    found = check_books(counter)
    assert acknowledged <= {document["number"] for document in found}
    assert len(found) > kills
    assert {len(document["lines"]) for document in found} <= {1, 2}

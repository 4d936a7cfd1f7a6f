"""SIGKILL at random instants: everything or nothing, and the next run completes.

The instants are events of Python's profiler, so a seed kills at the same places in every run.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from tests.conftest import Invo
from tests.faults.books import Books, State, differences, leftovers
from tests.faults.conftest import ASHA, LINE
from tests.faults.running import KILLED, Zygote

pytestmark = pytest.mark.integration
SEED = int(os.environ.get("INVO_TEST_SEED", "20261123"))
FEW, MANY = 3, 40
KILLS = [FEW, pytest.param(MANY, marks=pytest.mark.performance)]
CUSTOMERS = "code,name\n" + "".join(f"K-{row},Customer {row}\n" for row in range(20))
INVOICE = (
    '{{"number": "OLD/{0:03}", "date": "2026-04-{0:02}", "customer": {{"name": "Old {0}", "mobile": "98765432{0:02}"}},'
    ' "lines": [{{"description": "Repair", "quantity": "1", "unit_price": "100", "hsn": "998713"}}]}}\n'
)


@dataclass(frozen=True)
class Work:
    """A command, what must be done before it, and where it may be cut."""

    command: tuple[str, ...]
    before: tuple[tuple[str, ...], ...] = ()
    between: tuple[tuple[str, ...], ...] = ()
    """Commands whose effects are states in which it may end, when it is several transactions."""
    is_repeatable: bool = True


WORKS = {
    "issue": Work(("invoice", "create", *ASHA, "--line", LINE, "--idempotency-key", "one")),
    "all drafts": Work(
        ("invoice", "issue", "--all-drafts"), between=(("invoice", "issue", "D-3"),), is_repeatable=False
    ),
    "credit note": Work(
        ("credit-note", "create", "--against", "D-1", "--full", "--reason", "Back", "--idempotency-key", "two")
    ),
    "cancel": Work(("invoice", "cancel", "D-2", "--reason", "Twice")),
    "payment": Work(
        ("payment", "create", *ASHA[:2], "--amount", "900", "--method", "upi", "--auto", "oldest"),
        is_repeatable=False,
    ),
    "import customers": Work(("import", "customers", "customers.csv")),
    "import invoices": Work(("import", "invoices", "invoices.jsonl")),
    "undo": Work(
        ("import", "undo", "old", "--yes"),
        before=(("import", "invoices", "invoices.jsonl", "--batch", "old"),),
        is_repeatable=False,
    ),
}


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "customers.csv").write_text(CUSTOMERS)
    (tmp_path / "invoices.jsonl").write_text("".join(INVOICE.format(number) for number in range(1, 13)))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("kills", KILLS, ids=["few", "many"])
@pytest.mark.parametrize("name", WORKS)
def test_a_killed_command_has_done_everything_or_nothing(
    name: str, kills: int, shop: Invo, books: Books, zygote: Zygote, files: Path
) -> None:
    work, dice = WORKS[name], Random(f"{SEED} {name}")
    for command in work.before:
        zygote.run(*command, folder=files).require(0)
    kept, before = books.keep(), books.state()
    instants = zygote.instants(*work.command, folder=files)
    allowed = [before, *(_after(books, kept, zygote, files, one) for one in (*work.between, work.command))]
    for instant in sorted(dice.sample(range(1, instants), kills)):
        said = f"INVO_TEST_SEED={SEED}: {name} killed at {instant} of {instants}"
        done = zygote.run(*work.command, fault=f"kill:{instant}", folder=files)
        assert done.status in (KILLED, 0), (said, done)
        found = books.state()
        assert found in allowed, (said, differences(found, before))
        books.check(shop)
        if work.is_repeatable:
            zygote.run(*work.command, folder=files).require(0)
            assert books.state() == allowed[-1], (said, differences(books.state(), allowed[-1]))
        if found != before or work.is_repeatable:
            books.put_back(kept)
    assert not leftovers(files)


def _after(books: Books, kept: str, zygote: Zygote, files: Path, command: tuple[str, ...]) -> State:
    """The state that a run without a fault leaves; the books are put back."""
    books.put_back(kept)
    zygote.run(*command, folder=files).require(0)
    after = books.state()
    books.put_back(kept)
    return after

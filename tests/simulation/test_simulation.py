"""People who do anything in any order, with faults in between; the books always agree with the model.

A failure names its seed and the fewest steps that show it: `INVO_TEST_SEED=7 pytest tests/simulation`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from random import Random

import pytest
from sqlalchemy.engine import URL

from tests.conftest import Invo
from tests.faults.books import Books
from tests.faults.running import Zygote
from tests.simulation import acts
from tests.simulation.model import Model
from tests.simulation.running import Step, World, shrink

pytestmark = pytest.mark.integration
SEED = int(os.environ.get("INVO_TEST_SEED", "1"))
LONG = [pytest.param(seed, 1000, 100, True, marks=pytest.mark.performance) for seed in range(SEED, SEED + 3)]
Build = Callable[[bool], World]


@pytest.fixture
def build(counter: Invo, database_url: URL, tmp_path: Path) -> Iterator[Build]:
    """A new world as often as one is needed, on the same database."""
    books, zygotes, serial = Books(database_url, tmp_path), list[Zygote](), count(1)
    kept = books.keep()

    def new(kills: bool) -> World:
        books.put_back(kept)
        folder = tmp_path / f"world-{next(serial)}"
        folder.mkdir()
        if kills and not zygotes:
            zygotes.append(Zygote())
        return World(counter, books, folder, zygotes[0] if kills else None, Model())

    yield new
    for zygote in zygotes:
        zygote.close()
    books.drop_copies()


@pytest.mark.parametrize(("seed", "steps_wanted", "every", "kills"), [(SEED, 150, 75, False), *LONG])
def test_the_books_agree_with_the_model(build: Build, seed: int, steps_wanted: int, every: int, kills: bool) -> None:
    dice = Random(seed)
    steps = [dice.getrandbits(40) for _ in range(steps_wanted)]
    world = build(kills)
    failure = run(world, steps, every)
    if failure is None:
        assert world.done > steps_wanted // 4
        return
    done, error, log = failure
    shortest = shrink(steps[:done], lambda some: run(build(kills), some, every) is not None)
    last = run(build(kills), shortest, every)
    raise AssertionError(
        f"INVO_TEST_SEED={seed}: step {done} of {steps_wanted} fails ({error}); {len(shortest)} steps show it:\n"
        + "\n".join(last[2] if last else log)
    )


def run(world: World, steps: list[Step], every: int) -> tuple[int, str, list[str]] | None:
    """Run the steps; the number of the step that failed, why, and what was done, or None when all agrees."""
    for place, number in enumerate(steps, 1):
        try:
            world.step(number)
            if place % every == 0 or place == len(steps):
                world.check()
        except AssertionError as error:
            return place, str(error), world.log
    return None


def test_a_wrong_paisa_is_found_and_shown_in_few_steps(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acts, "total_of", lambda rupees: sum(rupees) * 118 + (sum(rupees) > 9_000) * 100)
    dice = Random(3)
    steps = [dice.getrandbits(40) for _ in range(40)]
    failure = run(build(False), steps, 40)
    assert failure is not None
    shortest = shrink(steps[: failure[0]], lambda some: run(build(False), some, 40) is not None)
    assert len(shortest) <= 2

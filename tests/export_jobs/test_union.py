"""All batches of a job, applied in order, are exactly the full export."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Invo
from tests.export_jobs.consumer import KEYS, Consumer
from tests.export_jobs.trading import Trade

pytestmark = pytest.mark.integration
FILTERED = (
    ("invoices", "issued", ("--status", "issued")),
    ("invoices", "hidden", ("--include", "deleted")),
    ("lines", "drafts", ("--status", "draft", "--fields", "number,id,line,taxable_value,change,business")),
    ("payments", "live", ("--status", "live")),
    ("customers", "everybody", ("--include", "deleted")),
)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_NOW", "2026-10-20T12:00:00+05:30")


def consumers(folder: Path) -> list[Consumer]:
    filtered = [Consumer(data_set, folder, *flags, job=job) for data_set, job, flags in FILTERED]
    return [*(Consumer(data_set, folder) for data_set in KEYS), *filtered]


@pytest.mark.parametrize(
    ("seed", "rounds"),
    [(1, 4), *(pytest.param(seed, 25, marks=pytest.mark.performance) for seed in range(2, 12))],
)
def test_all_batches_in_order_are_the_full_export(counter: Invo, tmp_path: Path, seed: int, rounds: int) -> None:
    trade, receivers = Trade(counter, seed), consumers(tmp_path)
    for number in range(rounds):
        trade.work(20)
        # Not every job runs each time: what is not fetched today is fetched tomorrow.
        for place, receiver in enumerate(receivers):
            if (number + place) % 3 == 0:
                receiver.pull(counter)
    for receiver in receivers:
        receiver.pull(counter)
        receiver.require_same(counter)
    receivers[0].require_replays(counter, tmp_path)
    assert len([act for act in trade.done if trade.done[act]]) > 15, trade.done
    verified = counter("audit", "verify")
    assert verified.exit_code == 0, verified.output

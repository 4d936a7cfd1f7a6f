"""Several at once: writers that commit out of order, two runs of a job, a run that is killed at any instant."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from invo_cli.commands.entering import read, write
from invo_cli.db import job_locks
from invo_cli.services import businesses, customers
from invo_cli.services.access import OWNER, attach
from invo_cli.services.export_jobs import jobs
from tests.commands.money import made, refused
from tests.conftest import ON_POSTGRESQL, Invo
from tests.export_jobs.consumer import Consumer
from tests.factories import ACT
from tests.races.crowd import ISSUE, Worker

pytestmark = pytest.mark.integration
RUN = (sys.executable, "-m", "invo_cli")


def add_customer(name: str, before: threading.Event, after: threading.Event) -> None:
    """One writer: it has written, and waits before it commits."""

    def work(session: object) -> None:
        attach(session, OWNER)  # type: ignore[arg-type]
        business = businesses.current(session, None)  # type: ignore[arg-type]
        customers.create(session, business, act=ACT, values={"name": name})  # type: ignore[arg-type]
        before.set()
        assert after.wait(20)

    write(work)


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite has one writer at a time")
def test_a_writer_that_commits_late_is_not_passed_over(counter: Invo, tmp_path: Path) -> None:
    receiver = Consumer("customers", tmp_path)
    receiver.pull(counter)
    wrote, may_commit = threading.Event(), threading.Event()
    late = threading.Thread(target=add_customer, args=("Late", wrote, may_commit))
    late.start()
    assert wrote.wait(20)
    # It began before and has taken its number; who comes after it waits, and who reads sees neither.
    early = threading.Thread(target=add_customer, args=("Early", threading.Event(), may_commit))
    early.start()
    assert receiver.pull(counter) == 0
    may_commit.set()
    late.join()
    early.join()
    assert receiver.pull(counter) == 2
    receiver.require_same(counter)


def test_many_writers_lose_nothing(counter: Invo, tmp_path: Path) -> None:
    counter(*ISSUE)
    receiver = Consumer("invoices", tmp_path)
    workers = [Worker(8, ISSUE) for _ in range(3)]
    for worker in workers:
        worker.is_ready()
    for worker in workers:
        worker.go()
    while any(worker.process.poll() is None for worker in workers):
        receiver.pull(counter)
    for worker in workers:
        assert worker.process.communicate()[1] == ""
    receiver.pull(counter)
    receiver.require_same(counter)
    assert len(receiver.rows) == 25
    assert len(receiver.batches) > 1
    changes = [row["change"] for row in receiver.rows.values()]
    assert len(set(changes)) == len(changes)


def test_a_second_run_ends_at_once(counter: Invo, tmp_path: Path, database_url: URL) -> None:
    counter(*ISSUE)
    receiver = Consumer("invoices", tmp_path)
    receiver.pull(counter)
    book = read(lambda session: _job_book(session))
    with job_locks.held("invoices-job", book, jobs.row_of(book, "invoices-job")):
        started = time.monotonic()
        assert "Another run of invoices-job is under way." in refused(counter, 7, *receiver.command)
        assert "under way" in refused(counter, 7, "export", "job", "delete", "invoices-job", "--yes")
        assert time.monotonic() - started < 5
        other = Consumer("invoices", tmp_path, job="other")
        assert other.pull(counter) == 1
    assert receiver.pull(counter) == 0
    assert not list(Path(os.environ["INVO_HOME"]).glob(".*lock"))


def _job_book(session: object) -> int:
    attach(session, OWNER)  # type: ignore[arg-type]
    return businesses.current(session, None).id  # type: ignore[arg-type]


def test_of_first_runs_at_once_one_delivers_and_the_others_say_that_it_is_under_way(
    counter: Invo, tmp_path: Path
) -> None:
    counter(*ISSUE)
    receiver = Consumer("invoices", tmp_path)
    runs = [subprocess.Popen([*RUN, *receiver.command], stderr=subprocess.PIPE, text=True) for _ in range(4)]
    statuses = []
    for each in runs:
        said = each.communicate()[1]
        assert each.returncode in (0, 7), said
        statuses.append(each.returncode)
    assert 0 in statuses
    receiver.pull(counter)
    assert [row["batch"] for row in made(counter, "export", "batch", "list", "invoices-job")] == [1]


@pytest.mark.parametrize("kills", [5, pytest.param(100, marks=pytest.mark.performance)], ids=["few", "hundred"])
def test_a_killed_run_loses_nothing(counter: Invo, tmp_path: Path, kills: int) -> None:
    dice, receiver = random.Random(20261123), Consumer("invoices", tmp_path)
    folder = ("--out", str(tmp_path), "--manifest", str(tmp_path))
    command = ("export", "invoices", "--since-last", "invoices-job", "--format", "jsonl", *folder)
    counter(*ISSUE)
    needed = _seconds_of(command)
    for _ in range(kills):
        counter(*ISSUE)
        run = subprocess.Popen([*RUN, *command], stderr=subprocess.DEVNULL)
        time.sleep(dice.uniform(0.4, 1.1) * needed)
        run.kill()
        run.wait()
        if dice.random() < 0.5:
            collect(receiver, tmp_path)
    for _ in range(2):
        assert counter(*command).exit_code == 0
    assert not list(tmp_path.glob(".*"))
    collect(receiver, tmp_path)
    receiver.require_same(counter)
    receiver.require_replays(counter, tmp_path)
    runs = made(counter, "export", "job", "show", "invoices-job")["runs"]
    assert all(run["status"] != "running" for run in runs)


def collect(receiver: Consumer, folder: Path) -> None:
    """Apply the batches that are complete, in order: a file comes before its manifest, both whole or not at all."""
    for manifest in sorted(folder.glob("invoices-job-*.json")):
        receiver.out, receiver.manifest = manifest.with_suffix(".jsonl"), manifest
        if json.loads(manifest.read_text())["batch"] > len(receiver.batches):
            receiver.apply()


def _seconds_of(command: Sequence[str]) -> float:
    """How long a run takes as a process."""
    started = time.monotonic()
    subprocess.run([*RUN, *command], check=True, capture_output=True)
    return time.monotonic() - started

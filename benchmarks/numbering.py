"""Invoices issued by 1, 4 and 16 processes at once, against a bare driver that writes the same rows."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks import books, measure
from benchmarks.bare_writer import writer

PROCESSES = (1, 4, 16)
ROUNDS = 3
SECONDS = 2.0
TARGET = 0.4
"""The least share of the bare driver's rate on PostgreSQL."""
Waits = list[float]


def run() -> None:
    """Measure both engines; PostgreSQL is TEST_DB_URL, else a server that keeps every commit, started for this run."""
    with TemporaryDirectory(prefix="invo-bench-") as folder:
        home = Path(folder)
        ours, bare = (books.prepare(_made(home / name)) for name in ("invo", "bare"))
        _measure("SQLite, sqlite3", ours, bare, "")
        with _postgresql() as (ours, bare):
            _measure("PostgreSQL, psycopg", ours, bare, f"{TARGET:g}")


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


@contextmanager
def _postgresql() -> Iterator[tuple[str, str]]:
    """Two databases with a business each."""
    from tests.harness.postgres import PostgresCluster

    with ExitStack() as stack:
        server = os.environ.get("TEST_DB_URL") or stack.enter_context(PostgresCluster(durable=True)).url()
        ours, bare = (stack.enter_context(books.database(server, f"invo_bench_{name}")) for name in ("invo", "bare"))
        yield ours, bare


def _measure(title: str, ours: str, bare: str, target: str) -> None:
    rows = []
    with _workers(books.issuer, ours) as issuing, _workers(writer, bare) as writing:
        for count in PROCESSES:
            rounds = [(_burst(issuing[:count]), _burst(writing[:count])) for _ in range(ROUNDS)]
            rows.append((*_row(count, rounds), target))
    measure.show(
        f"Numbering: {title}; invoices a second, median of {ROUNDS} rounds of {SECONDS:g} s",
        ("processes", "invo", "bare", "ratio", "p99 ms", "longest ms", "at least"),
        rows,
    )
    print(f"{books.count_without_gap(ours)} numbers, no gap, none twice")


def _row(count: int, rounds: Sequence[tuple[Waits, Waits]]) -> tuple[str, ...]:
    rates = [(len(ours) / SECONDS, len(bare) / SECONDS) for ours, bare in rounds]
    waits = sorted(wait for ours, _ in rounds for wait in ours)
    ours, bare = (median(column) for column in zip(*rates, strict=True))
    share = measure.ratio([one for one, _ in rates], [other for _, other in rates])
    slowest = waits[int(len(waits) * 0.99)], waits[-1]
    return (
        str(count),
        f"{ours:.0f}",
        f"{bare:.0f}",
        f"{share:.2f}",
        *(f"{wait * 1000:.0f}" for wait in slowest),
    )


@contextmanager
def _workers(make: Callable[[str], Callable[[], None]], url: str) -> Iterator[list[Connection]]:
    """Processes that wait to be told how long to write."""
    context = multiprocessing.get_context("spawn")
    pipes = [context.Pipe() for _ in range(max(PROCESSES))]
    workers = [context.Process(target=_work, args=(make, url, theirs), daemon=True) for _, theirs in pipes]
    for worker in workers:
        worker.start()
    for mine, _ in pipes:
        mine.recv()
    yield [mine for mine, _ in pipes]
    for mine, _ in pipes:
        mine.send(None)
    for worker in workers:
        worker.join()


def _work(make: Callable[[str], Callable[[], None]], url: str, pipe: Connection) -> None:
    write = make(url)
    write()
    pipe.send(None)
    while (deadline := pipe.recv()) is not None:
        waits = []
        started = time.time()
        while started < deadline:
            write()
            finished = time.time()
            waits.append(finished - started)
            started = finished
        pipe.send(waits)


def _burst(workers: Sequence[Connection]) -> Waits:
    """Let some workers write for a while; how long each commit took, in seconds."""
    deadline = time.time() + SECONDS
    for worker in workers:
        worker.send(deadline)
    return [wait for worker in workers for wait in worker.recv()]

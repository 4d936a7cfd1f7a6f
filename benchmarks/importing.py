"""Invoices imported from a JSONL file, against the database's own tools that load the very rows this makes.

python -m benchmarks.importing [INVOICES ...]; 3000 unless told otherwise; the targets are about 50000.
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import books, measure

SIZES = (10_000, 50_000) if measure.IS_FULL else (3_000,)
ROUNDS = 3
MOST = 8.0
"""How many times the raw load an import may take."""
_MADE = "(SELECT subject_id FROM import_records WHERE subject = '{}')"
MADE = {
    "customers": f"id IN {_MADE.format('customer')}",
    "import_batches": "TRUE",
    "invoice_lines": f"invoice_id IN {_MADE.format('invoice')}",
    "invoices": f"id IN {_MADE.format('invoice')}",
    "audit_events": "business_id <> 0 AND seq > {seq}",
    "audit_personal": "business_id <> 0 AND seq > {seq}",
    "import_records": "TRUE",
}
"""What an import writes, in the order of the keys between the tables; events after the last one before it."""
_LAST_EVENT = "SELECT max(last_audit_seq) FROM books WHERE business_id <> 0"


def run() -> None:
    """Measure both engines."""
    measure_all(SIZES)


def measure_all(sizes: Sequence[int]) -> None:
    """Import files of so many invoices of three lines, a customer for every 25; the ratios of each round."""
    rows = []
    with TemporaryDirectory(prefix="invo-bench-") as folder:
        for size in sizes:
            source = documents(Path(folder) / f"{size}.jsonl", size)
            rows.append(_row("SQLite, executemany", size, [_sqlite(source) for _ in range(ROUNDS)]))
            with _server() as server:
                rows.append(_row("PostgreSQL, \\copy", size, [_postgresql(server, source) for _ in range(ROUNDS)]))
    measure.show(
        f"Import of invoices with three lines: checked, taxed, audited; median of {ROUNDS} rounds",
        ("engine and raw load", "invoices", "import s", "raw s", "ratio", "at most", "MiB"),
        rows,
    )


def _row(title: str, size: int, rounds: Sequence[tuple[float, float, float]]) -> tuple[str, ...]:
    imported, raw, peaks = zip(*rounds, strict=True)
    ours, theirs = (f"{sorted(seconds)[len(seconds) // 2]:.2f}" for seconds in (imported, raw))
    ratio = measure.ratio(imported, raw)
    return title, str(size), ours, theirs, f"{ratio:.1f}", f"{MOST:g}", f"{max(peaks):.0f}"


def documents(path: Path, size: int) -> Path:
    """A file of that many documents of three lines, of customers who come back."""
    dice = random.Random(size)
    first, days = date(2025, 10, 1), 150
    with path.open("w", encoding="utf-8") as out:
        for number in range(1, size + 1):
            who = dice.randrange(max(size // 25, 1))
            lines = [line | {"unit_price": f"{dice.randrange(100, 9000)}.50", "gst_rate": "18"} for line in books.LINES]
            document = {
                "customer": {"name": f"Customer {who}", "mobile": f"9{who:09}"},
                "number": f"INV/25-26/{number:04}",
                "date": str(first + timedelta(days=number * days // size)),
                "lines": lines,
            }
            out.write(json.dumps(document) + "\n")
    return path


def _timed(argv: Sequence[str], url: str) -> tuple[float, float]:
    """Seconds and peak MiB of a process on a database; it must succeed."""
    with TemporaryDirectory(prefix="invo-bench-") as home:
        env = measure.environment(Path(home)) | {"INVO_DATABASE_URL": url}
        started = time.perf_counter()
        child = subprocess.Popen(argv, env=env, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        if child_status := os.waitstatus_to_exitcode(status):
            sys.exit(f"{' '.join(argv)} ended with {child_status}")
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def _import(source: Path, url: str) -> tuple[float, float]:
    return _timed([*books.INVO, "import", "invoices", str(source), "--format", "jsonl", "-q"], url)


def _sqlite(source: Path) -> tuple[float, float, float]:
    with TemporaryDirectory(prefix="invo-bench-") as folder:
        home = Path(folder)
        url = books.prepare(home)
        imported, bare = home / "invo.db", home / "bare.db"
        with sqlite3.connect(imported) as one, sqlite3.connect(bare) as other:
            one.backup(other)
        seconds, peak = _import(source, url)
        # In a process of its own: what it holds would be counted as the peak of the next program started from here.
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as another:
            return seconds, another.submit(_executemany, imported, bare).result(), peak


def _executemany(imported: Path, bare: Path) -> float:
    """Seconds in which the driver stores in one database the rows that an import made in the other."""
    target = sqlite3.connect(bare, isolation_level=None)
    for pragma in ("foreign_keys=ON", "recursive_triggers=ON", "synchronous=FULL"):
        target.execute(f"PRAGMA {pragma}")
    (seq,) = target.execute(_LAST_EVENT).fetchone()
    with sqlite3.connect(imported) as source:
        made = {
            table: source.execute(f"SELECT * FROM {table} WHERE {which.format(seq=seq)}").fetchall()
            for table, which in MADE.items()
        }
    started = time.perf_counter()
    target.execute("BEGIN IMMEDIATE")
    for table, rows in made.items():
        target.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
    target.execute("COMMIT")
    seconds = time.perf_counter() - started
    target.close()
    return seconds


@contextmanager
def _server() -> Iterator[str]:
    """TEST_DB_URL, or a server that keeps every commit, started for this run."""
    from tests.harness.postgres import PostgresCluster

    with ExitStack() as stack:
        yield os.environ.get("TEST_DB_URL") or stack.enter_context(PostgresCluster(durable=True)).url()


def _postgresql(server: str, source: Path) -> tuple[float, float, float]:
    with books.database(server, "invo_bench_import") as url, books.copied(server, url) as bare:
        (seq,) = _psql(url, "-Atc", _LAST_EVENT).split()
        seconds, peak = _import(source, url)
        with TemporaryDirectory(prefix="invo-bench-") as folder:
            files = {table: Path(folder) / table for table in MADE}
            for table, which in MADE.items():
                wanted = f"SELECT * FROM {table} WHERE {which.format(seq=seq)}"
                _psql(url, "-qc", f"\\copy ({wanted}) TO '{files[table]}'")
            script = Path(folder) / "load.sql"
            script.write_text("".join(f"\\copy {table} FROM '{path}'\n" for table, path in files.items()))
            started = time.perf_counter()
            _psql(bare, "-q1f", str(script))
            return seconds, time.perf_counter() - started, peak


def _psql(url: str, *arguments: str) -> str:
    from sqlalchemy import make_url

    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return measure.output(["psql", plain, "-X", "-v", "ON_ERROR_STOP=1", *arguments], os.environ)


def main() -> None:
    """Measure the sizes named on the command line."""
    measure_all([int(size) for size in sys.argv[1:]] or SIZES)


if __name__ == "__main__":
    main()

"""Exports of invoices, against the database's own tools that write the same rows.

python -m benchmarks.exporting [INVOICES ...]; 10000 unless told otherwise.
The targets are about 1000000: a small export is mostly start-up.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from benchmarks import books, measure, reports

SIZES = (10_000, 100_000, 1_000_000) if measure.IS_FULL else (10_000,)
ROUNDS = 3
MOST_FOR_WORKBOOKS = 100_000
"""Documents; the bare loop takes half a minute for as many."""
CUSTOMERS = 20_000
_EVENTS = """
    INSERT INTO audit_events (business_id, seq, at, actor, os_user, host, action, subject, after, hash)
    SELECT i.business_id, 1000 + row_number() OVER (ORDER BY i.dated_on, i.document_no), e.at,
        e.actor, e.os_user, e.host, e.action, 'invoice:D-' || i.document_no, e.after, e.hash
    FROM invoices i, (SELECT * FROM audit_events WHERE subject = 'invoice:D-1') e WHERE i.document_no > 1
    ORDER BY 2
"""
"""Each document was issued on its day, and its event is as wide as a real one."""
_TAXABLE = "100 * (1 + n % 900)"
_TAX = "18 * (1 + n % 900)"
_DAY = "date('2026-04-01', (n % 365) || ' days')"
_COPIES = {
    "customers": {"id": "100000 + n", "code": "'C-' || (100000 + n)", "code_key": "'C-' || (100000 + n)"},
    "invoices": {
        "id": "n",
        "document_no": "n",
        "number": "'B/' || n",
        "number_key": "'B/' || n",
        "serial": "n",
        "kind": "CASE WHEN n % 50 = 0 THEN 'credit_note' ELSE 'tax_invoice' END",
        "dated_on": _DAY,
        "due_on": f"date({_DAY}, '15 days')",
        "customer_id": f"100000 + (n * 7919) % {CUSTOMERS}",
        "buyer_gstin": "CASE WHEN n % 3 = 0 THEN '29AAGCB7383J1Z4' END",
        "place_of_supply": "CASE WHEN n % 7 < 2 THEN '27' ELSE '29' END",
        "taxable_paise": f"2 * {_TAXABLE}",
        "cgst_paise": f"CASE WHEN n % 7 < 2 THEN 0 ELSE {_TAX} END",
        "sgst_paise": f"CASE WHEN n % 7 < 2 THEN 0 ELSE {_TAX} END",
        "igst_paise": f"CASE WHEN n % 7 < 2 THEN 2 * {_TAX} ELSE 0 END",
        "round_off_paise": "0",
        "total_paise": f"2 * ({_TAXABLE} + {_TAX})",
        "paid_paise": "0",
    },
}
"""What differs between the rows that are copied from the one that `books.prepare` makes."""

_CURSOR = """
import csv, sqlite3, sys
with open(sys.argv[3], "w", newline="") as out:
    rows = sqlite3.connect(sys.argv[1]).execute(sys.argv[2])
    writer = csv.writer(out)
    writer.writerow(column[0] for column in rows.description)
    writer.writerows(rows)
"""
_COPY = """
import psycopg, sys
with psycopg.connect(sys.argv[1]) as connection, open(sys.argv[3], "wb") as out:
    with connection.cursor().copy(f"COPY ({sys.argv[2]}) TO STDOUT (FORMAT csv, HEADER)") as rows:
        for row in rows: out.write(row)
"""
_DUCKDB = """
import duckdb, sys
duckdb.execute("SET memory_limit = '384MB'; SET threads = 2")
duckdb.execute(f"COPY (FROM read_csv('{sys.argv[1]}')) TO '{sys.argv[2]}' (FORMAT parquet)")
"""
_XLSXWRITER = """
import csv, sys, xlsxwriter
book = xlsxwriter.Workbook(sys.argv[2], {"constant_memory": True, "strings_to_numbers": False})
sheet = book.add_worksheet()
with open(sys.argv[1], newline="") as source:
    for number, row in enumerate(csv.reader(source)):
        for place, value in enumerate(row):
            if number and 15 <= place <= 25: sheet.write_number(number, place, float(value))
            elif value: sheet.write_string(number, place, value)
book.close()
"""


YARDSTICKS = {
    "csv": ("the tool's own CSV", ("raw",), {"PostgreSQL": 1.15, "SQLite": 1.2}),
    "jsonl": ("our CSV", ("csv",), {"PostgreSQL": 2.0, "SQLite": 2.0}),
    "parquet": ("the tool's CSV, then DuckDB", ("raw", "duckdb"), {"PostgreSQL": 1.5, "SQLite": 1.5}),
    "xlsx": ("bare xlsxwriter", ("bare",), {"PostgreSQL": 1.3, "SQLite": 1.3}),
}
"""What each format is measured against: the works that are added up, and how many times that it may take."""


class Run(NamedTuple):
    """One process: seconds by the clock, seconds of the processor (its own, not the server's), peak MiB."""

    seconds: float
    cpu: float
    mib: float


class Bench(NamedTuple):
    """A filled database: how it is called, its tool's export of the same SELECT, and the environment."""

    engine: str
    raw: Sequence[str]
    env: Mapping[str, str]
    folder: Path


def run() -> None:
    """Measure both engines."""
    measure_all(SIZES)


def measure_all(sizes: Sequence[int]) -> None:
    """The ratios of every format on both engines, for so many invoices each."""
    rows: list[tuple[str, ...]] = []
    for size in sizes:
        for opened in (_sqlite, _postgresql):
            with TemporaryDirectory(prefix="invo-bench-") as folder, opened(Path(folder), size) as bench:
                rows += _measured(bench, size)
    measure.show(
        f"Export of invoices, whole commands with start-up and fsync; median of {ROUNDS} rounds",
        (
            "engine and format",
            "invoices",
            "invo s",
            "raw s",
            "ratio",
            "at most",
            "less start",
            "CPU ratio",
            "MiB",
            "rows/s",
            "raw limit",
        ),
        rows,
    )


def _measured(bench: Bench, size: int) -> Iterator[tuple[str, ...]]:
    raw = bench.folder / "raw.csv"
    works: dict[str, Callable[[], Run]] = {
        "raw": lambda: _timed([word.replace("{out}", str(raw)) for word in bench.raw], bench.env),
        "duckdb": lambda: _child(bench, _DUCKDB, str(raw), str(bench.folder / "raw.parquet")),
    }
    works["start"] = lambda: _export(bench, "csv", "items")
    formats = ["csv", "jsonl", "parquet"]
    if size <= MOST_FOR_WORKBOOKS:
        works["bare"] = lambda: _child(bench, _XLSXWRITER, str(raw), str(bench.folder / "raw.xlsx"))
        formats.append("xlsx")
    for form in formats:
        works[form] = lambda form=form: _export(bench, form)  # type: ignore[misc]
    rounds = [{name: work() for name, work in works.items()} for _ in range(ROUNDS)]
    for form in formats:
        yield (f"{bench.engine}, {form}", f"{size:,}", *_figures(bench.engine, form, size, rounds))


def _figures(engine: str, form: str, size: int, rounds: Sequence[Mapping[str, Run]]) -> tuple[str, ...]:
    """Processor time is compared where all the work is done by the process, and not by a server."""
    what, names, most = YARDSTICKS[form]
    wall, raw = ([sum(each[name].seconds for name in some) for each in rounds] for some in ((form,), names))
    rest, raw_rest = _without_start(rounds, form), _without_start(rounds, *names)
    cpu, raw_cpu = ([sum(each[name].cpu for name in some) for each in rounds] for some in ((form,), names))
    return (
        f"{median(wall):.2f}",
        f"{median(raw):.2f}",
        f"{measure.ratio(wall, raw):.2f}",
        f"{most[engine]:g}",
        f"{measure.ratio(rest, raw_rest):.2f}",
        f"{measure.ratio(cpu, raw_cpu):.2f}" if engine == "SQLite" else "",
        f"{max(each[form].mib for each in rounds):.0f}",
        f"{size / median(wall):,.0f}",
        what,
    )


def _without_start(rounds: Sequence[Mapping[str, Run]], *names: str) -> list[float]:
    """Seconds without the start-up of invo, which an export of nothing takes; tools start in no time."""
    own = sum(name in YARDSTICKS for name in names)
    return [sum(each[name].seconds for name in names) - own * each["start"].seconds for each in rounds]


def _export(bench: Bench, form: str, data_set: str = "invoices") -> Run:
    target = str(bench.folder / f"{data_set}.{form}")
    return _timed([*books.INVO, "export", data_set, "--out", target, "--force", "-q"], bench.env)


def _child(bench: Bench, script: str, *arguments: str) -> Run:
    return _timed([sys.executable, "-c", script, *arguments], bench.env)


def _timed(argv: Sequence[str], env: Mapping[str, str]) -> Run:
    begun = time.perf_counter()
    with subprocess.Popen(argv, env=env, stdout=subprocess.DEVNULL) as child:
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{' '.join(argv)[:200]} ended with {child.returncode}")
    return Run(time.perf_counter() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


@contextmanager
def _sqlite(folder: Path, size: int) -> Iterator[Bench]:
    path = folder / "invo.db"
    url = books.prepare(folder)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript("PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF")
    for table, count in (("customers", CUSTOMERS), ("invoices", size)):
        connection.execute(_copies(connection, table), {"count": count})
    connection.executescript(f"{_EVENTS}; ANALYZE")
    connection.close()
    env = measure.environment(folder) | {"INVO_DATABASE_URL": url}
    query = _select(env)
    shell = ["sqlite3", "-csv", "-header", "-cmd", ".once {out}", str(path), query]
    yield Bench(
        "SQLite",
        shell if shutil.which("sqlite3") else [sys.executable, "-c", _CURSOR, str(path), query, "{out}"],
        env,
        folder,
    )


def _copies(connection: sqlite3.Connection, table: str) -> str:
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    values = ", ".join(_COPIES[table].get(column, column) for column in columns)
    numbers = "WITH RECURSIVE made(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM made WHERE n < :count)"
    return f"{numbers} INSERT INTO {table} SELECT {values} FROM made, (SELECT * FROM {table} LIMIT 1)"


@contextmanager
def _postgresql(folder: Path, size: int) -> Iterator[Bench]:
    import psycopg

    from tests.harness.postgres import PostgresCluster

    with PostgresCluster() as cluster:
        url = books.prepare(folder, cluster.url())
        plain = url.replace("+psycopg", "")
        with psycopg.connect(plain, autocommit=True) as connection:
            reports.fill(connection, size)
            connection.execute(_EVENTS.encode())
            connection.execute(b"VACUUM ANALYZE audit_events")
        env = measure.environment(folder) | {"INVO_DATABASE_URL": url}
        query = _select(env)
        shell = ["psql", "-q", "-c", f"\\copy ({query}) to '{{out}}' (format csv, header)", plain]
        tool = shell if shutil.which("psql") else [sys.executable, "-c", _COPY, plain, query, "{out}"]
        yield Bench("PostgreSQL", tool, env, folder)


def _select(env: Mapping[str, str]) -> str:
    """The SELECT of the export, with rupees made in SQL, and without the guard against formulas, on one line."""
    script = """
import sys
from sqlalchemy import text
from invo_cli.db.session import snapshot
from invo_cli.services.exporting import catalogue, selecting, spelling
data_set = catalogue.get("invoices")
with snapshot() as session:
    dialect = session.connection().dialect
    book = session.scalar(text("SELECT max(id) FROM businesses"))
    engine = spelling.SQLite() if dialect.name == "sqlite" else spelling.PostgreSQL()
    spell = engine.text if dialect.name == "sqlite" else engine.cell
    rows = selecting.rows(data_set, data_set.fields, book, selecting.Wanted())
    query = rows.with_only_columns(*(spell(f, f.source, guard=False).label(f.name) for f in data_set.fields))
    plain = type(dialect)(paramstyle="named")
    print(" ".join(str(query.compile(dialect=plain, compile_kwargs={"literal_binds": True})).split()))
"""
    return measure.output([sys.executable, "-c", script], env).strip()


def main() -> None:
    """Measure the numbers of invoices on the command line."""
    measure_all([int(word) for word in sys.argv[1:]] or SIZES)


if __name__ == "__main__":
    main()

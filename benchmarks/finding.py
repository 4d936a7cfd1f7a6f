"""Finding documents: the newest page, one number, a name; our service against the same SQL by the driver alone.

    python -m benchmarks.finding 10000 100000 1000000

Times inside one process, after a first run: what a command adds is its start-up, which `startup` measures.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from benchmarks import books, measure

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

SIZES = (10_000, 100_000, 1_000_000) if measure.IS_FULL else (5_000,)
ROUNDS = 9
RARE, COMMON = "customer 77 of", "trading"
QUERIES = ("newest 50", "one number", "rare name", "common name")

CROWD = 50
"""Documents a customer."""


def run() -> None:
    """Measure both engines at the usual sizes."""
    measure_all(SIZES)


def measure_all(sizes: Sequence[int]) -> None:
    """Measure both engines with so many documents each, and show how the times grow."""
    from tests.harness.postgres import PostgresCluster

    with TemporaryDirectory(prefix="invo-bench-") as folder, PostgresCluster() as server:
        for size in sizes:
            home = Path(folder) / str(size)
            home.mkdir()
            _show("SQLite", size, books.prepare(home))
            with books.database(server.url(), f"invo_bench_{size}") as url:
                _show("PostgreSQL", size, url)


def _show(engine: str, size: int, url: str) -> None:
    from invo_cli.commands import entering
    from invo_cli.settings import get_settings

    os.environ["INVO_DATABASE_URL"] = url
    get_settings.cache_clear()
    entering.forget()
    _fill(size)
    with _asking(url) as (ours, bare):
        rows = []
        for name in QUERIES:
            pairs = [(_timed(ours, name), _timed(bare, name)) for _ in range(ROUNDS + 1)][1:]
            mine, theirs = ([one * 1000 for one in side] for side in zip(*pairs, strict=True))
            rows.append((name, f"{median(mine):.1f}", f"{median(theirs):.1f}", f"{measure.ratio(mine, theirs):.2f}"))
    measure.show(f"Finding among {size} documents, {engine}, ms", ("what", "invo", "driver", "ratio"), rows)


def _timed(ask: Callable[[str], None], name: str) -> float:
    started = time.perf_counter()
    ask(name)
    return time.perf_counter() - started


@contextmanager
def _asking(url: str) -> Iterator[tuple[Callable[[str], None], Callable[[str], None]]]:
    """Two functions that answer a query by its name: our service, and the statement it ends in by the driver."""
    from sqlalchemy import event

    from invo_cli.commands import entering
    from invo_cli.db import engines
    from invo_cli.services import businesses, invoice_lookup, invoice_search

    today = date(2027, 3, 31)
    wanted = {
        "newest 50": invoice_search.Wanted(limit=50),
        "rare name": invoice_search.Wanted(text=RARE, limit=50),
        "common name": invoice_search.Wanted(text=COMMON, limit=50),
    }

    def ask(session: Session, name: str) -> None:
        business = businesses.current(session, None)
        if name in wanted:
            list(invoice_search.search(session, business, wanted[name], today=today))
        else:
            found = invoice_lookup.get(session, business, "B/77")
            invoice_lookup.document(session, business, found.id, today=today)

    heard: dict[str, list[tuple[str, Any]]] = {}
    for name in QUERIES:
        said = heard.setdefault(name, [])
        engine = engines.engine_for(url)

        def hear(*given: Any, said: list[tuple[str, Any]] = said) -> None:
            said.append((given[2], given[3]))

        event.listen(engine, "before_cursor_execute", hear)
        entering.read(lambda session, name=name: ask(session, name))  # type: ignore[misc]
        event.remove(engine, "before_cursor_execute", hear)
    driver = engines.engine_for(url).raw_connection()

    def bare(name: str) -> None:
        cursor = driver.cursor()
        for statement, parameters in heard[name]:
            cursor.execute(statement, parameters)
            cursor.fetchall()
        driver.rollback()

    yield lambda name: entering.read(lambda session: ask(session, name)), bare
    driver.close()


def _fill(size: int) -> None:
    """Copies of the one invoice there is, one document in `size`, to customers of their own names."""
    from sqlalchemy import select

    from invo_cli.commands.entering import write
    from invo_cli.models import Base
    from invo_cli.services.row_writing import write_rows

    invoices, customers = (Base.metadata.tables[name] for name in ("invoices", "customers"))
    who = max(size // CROWD, 1)

    def work(session: Session) -> None:
        pattern, buyer = (dict(session.execute(select(table)).mappings().one()) for table in (invoices, customers))
        write_rows(session, "customers", (_customer(buyer, number) for number in range(who)))
        write_rows(session, "invoices", (_invoice(pattern, number, who) for number in range(2, size + 1)))

    write(work)
    write(lambda session: session.connection().exec_driver_sql("ANALYZE"))


def _customer(buyer: dict[str, Any], number: int) -> dict[str, Any]:
    key = f"customer {number} of trading"
    code = f"B-{number}"
    return buyer | {"id": number, "code": code, "code_key": code, "name": key, "name_key": key, "search_key": key}


def _invoice(pattern: dict[str, Any], number: int, who: int) -> dict[str, Any]:
    named = f"B/{number}"
    day = date(2026, 4, 1) + timedelta(days=number * 7 % 365)
    mine = {"id": number, "document_no": number, "number": named, "number_key": named, "serial": number}
    return pattern | mine | {"dated_on": day, "customer_id": number * 7919 % who}


if __name__ == "__main__":
    measure_all([int(word) for word in sys.argv[1:]] or SIZES)

"""Balances, statements and ageing on PostgreSQL, of two numbers of invoices, against bare SQL."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import psycopg

from benchmarks import books, measure
from benchmarks.reports import FILL
from tests.harness.postgres import PostgresCluster

SIZES = (10_000, 1_000_000) if measure.IS_FULL else (1_000, 10_000)
INVOICES_EACH = 50
"""Of one customer, whatever the size of the table."""
ROUNDS = 11
TARGET = {"ageing": "3"}
"""The most that a sum over everything may take, as a multiple of the bare SQL. What is asked about one customer takes
milliseconds, most of them for the session around it; there the growth counts, which should be none."""
DAY, FIRST = date(2027, 3, 31), date(2026, 10, 1)
ASKED = (100_000, 100_111)
"""Ids of the customers asked about, one after the other."""

_SETTLES = "amount_paise + tds_paise"
_FLOW = f"CASE WHEN direction = 'refund' THEN {_SETTLES} ELSE -({_SETTLES}) END"
_SIGNED = "CASE WHEN kind = 'credit_note' THEN -total_paise ELSE total_paise END"
_OWN = "business_id = %(business)s AND customer_id = %(customer)s"
_MOVED = f"""
    SELECT dated_on, kind, number, {_SIGNED} FROM invoices WHERE {_OWN} AND status <> 'draft' AND dated_on {{0}}
    UNION ALL SELECT cancelled_on, 'cancellation', number, -({_SIGNED}) FROM invoices
    WHERE {_OWN} AND status <> 'draft' AND cancelled_on {{0}}
    UNION ALL SELECT dated_on, direction, number, {_FLOW} FROM payments WHERE {_OWN} AND dated_on {{0}}
    UNION ALL SELECT voided_on, 'void', number, -({_FLOW}) FROM payments WHERE {_OWN} AND voided_on {{0}}
"""
_LIVE = "allocated_on <= %(day)s AND (undone_on IS NULL OR undone_on > %(day)s)"
_BY = "a.business_id = %(business)s AND s.business_id = a.business_id"
_FREE = f"""
    SELECT customer_id, 0, DATE '1970-01-01', {_FLOW} FROM payments
    WHERE business_id = %(business)s AND dated_on <= %(day)s AND (voided_on IS NULL OR voided_on > %(day)s)
    UNION ALL SELECT customer_id, 0, DATE '1970-01-01', -total_paise FROM invoices
    WHERE business_id = %(business)s AND status <> 'draft' AND kind = 'credit_note' AND dated_on <= %(day)s
    AND (cancelled_on IS NULL OR cancelled_on > %(day)s)
    UNION ALL SELECT s.customer_id, 0, DATE '1970-01-01', a.amount_paise FROM allocations a
    JOIN payments s ON {_BY} AND s.id = a.payment_id WHERE {_LIVE}
    UNION ALL SELECT s.customer_id, 0, DATE '1970-01-01', a.amount_paise FROM allocations a
    JOIN invoices s ON {_BY} AND s.id = a.note_id WHERE {_LIVE}
"""
_OWED = f"""
    SELECT customer_id, 1, coalesce(due_on, dated_on), total_paise - coalesce(a.paise, 0) FROM invoices LEFT JOIN
    (SELECT invoice_id, sum(amount_paise) AS paise FROM allocations
    WHERE business_id = %(business)s AND {_LIVE} GROUP BY 1) a ON a.invoice_id = id
    WHERE business_id = %(business)s AND status <> 'draft' AND kind <> 'credit_note' AND dated_on <= %(day)s
    AND (cancelled_on IS NULL OR cancelled_on > %(day)s)
"""
_LATE = "%(day)s::date - due"
BARE: Mapping[str, Sequence[str]] = {
    "customer balance": (
        f"SELECT sum(paise) FROM ({_MOVED.format('<= %(day)s')}) moved (due, kind, number, paise)",
        f"SELECT sum(paise) FROM ({_FREE}) free (customer, is_owed, due, paise) WHERE customer = %(customer)s",
    ),
    "customer statement": (
        f"SELECT sum(paise) FROM ({_MOVED.format('< %(first)s')}) moved (due, kind, number, paise)",
        f"{_MOVED.format('BETWEEN %(first)s AND %(day)s')} ORDER BY 1",
    ),
    "ageing": (
        f"""
        SELECT customer, sum(paise) FILTER (WHERE {_LATE} <= 0 AND is_owed = 1),
        sum(paise) FILTER (WHERE {_LATE} BETWEEN 1 AND 30 AND is_owed = 1),
        sum(paise) FILTER (WHERE {_LATE} BETWEEN 31 AND 60 AND is_owed = 1),
        sum(paise) FILTER (WHERE {_LATE} BETWEEN 61 AND 90 AND is_owed = 1),
        sum(paise) FILTER (WHERE {_LATE} > 90 AND is_owed = 1), sum(paise) FILTER (WHERE is_owed = 0)
        FROM ({_OWED} UNION ALL {_FREE}) everything (customer, is_owed, due, paise) GROUP BY 1
        """,
    ),
}


def run() -> None:
    """Measure each of the sizes; the last column says how much slower the larger one is."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in BARE}
    with PostgresCluster() as cluster:
        for size in SIZES:
            with _filled(cluster, size) as connection:
                for name in BARE:
                    found[name].append(_measured(connection, name))
    rows = [
        (
            name,
            *(f"{1000 * seconds:.1f}" for pair in pairs for seconds in pair),
            *(f"{ours / bare:.2f}" for ours, bare in pairs),
            TARGET.get(name, "-"),
            f"{pairs[-1][0] / pairs[0][0]:.2f}",
        )
        for name, pairs in found.items()
    ]
    small, large = (f"{size:,}" for size in SIZES)
    headings = (
        f"ms at {small}",
        "bare",
        f"at {large}",
        "bare",
        f"x bare at {small}",
        f"at {large}",
        "at most",
        "growth",
    )
    measure.show(f"Money on PostgreSQL, median of {ROUNDS} rounds", ("what", *headings), rows)


@contextmanager
def _filled(cluster: PostgresCluster, size: int) -> Iterator[psycopg.Connection[Any]]:
    """A database with so many invoices, open; INVO_DATABASE_URL names it."""
    name = f"invo_money_{size}"
    cluster.execute(f"CREATE DATABASE {name}")
    with TemporaryDirectory(prefix="invo-bench-") as home:
        url = books.prepare(Path(home), cluster.url(name))
    os.environ["INVO_DATABASE_URL"] = url
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        for statement in FILL:
            connection.execute(statement.encode(), {"invoices": size, "customers": size // INVOICES_EACH})
        for table in ("customers", "invoices", "payments", "allocations"):
            connection.execute(f"VACUUM ANALYZE {table}".encode())
        yield connection


def _measured(connection: psycopg.Connection[Any], name: str) -> tuple[float, float]:
    """Seconds of the service, session and all, and of the bare statements, alternating; the first round is left out."""
    ours, bare = _ours(name), BARE[name]
    business = connection.execute(b"SELECT max(business_id) FROM invoices").fetchone()
    assert business is not None
    pairs = []
    for place in range(ROUNDS + 1):
        values = {"business": business[0], "customer": ASKED[place % len(ASKED)], "day": DAY, "first": FIRST}
        mine = _seconds(partial(ours, f"C-{values['customer']}"))
        pairs.append((mine, _seconds(partial(_fetch, connection, bare, values))))
    return median(mine for mine, _ in pairs[1:]), median(theirs for _, theirs in pairs[1:])


def _fetch(connection: psycopg.Connection[Any], statements: Sequence[str], values: Mapping[str, Any]) -> None:
    for statement in statements:
        connection.execute(statement.encode(), values).fetchall()


def _ours(name: str) -> Callable[[str], object]:
    """What the command runs behind its options."""
    from invo_cli.commands.entering import read
    from invo_cli.services import ageing, businesses, customers, ledger

    def work(session: Any, code: str) -> object:
        business = businesses.current(session, None)
        if name == "ageing":
            return ageing.ageing(session, business, as_of=DAY)
        customer = customers.get(session, business.id, code)
        if name == "customer balance":
            return ledger.balance(session, business, customer, as_of=DAY)
        return ledger.statement_row(customer, ledger.statement(session, business, customer, first=FIRST, last=DAY))

    return lambda code: read(lambda session: work(session, code))


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun

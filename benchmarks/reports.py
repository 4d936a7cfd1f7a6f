"""Reports over many invoices on PostgreSQL: whole commands against bare SQL that computes the same numbers."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import psycopg

from benchmarks import books, measure
from benchmarks.books import INVO
from tests.harness.postgres import PostgresCluster

INVOICES = 1_000_000 if measure.IS_FULL else 20_000
CUSTOMERS = 20_000
ROUNDS = 5
TARGETED, TARGET = ("report tax-summary", "report ageing"), 3.0
"""The reports over everything; over a month most of the time is start-up."""
AS_OF = "2027-03-31"

# Everything is copied from the one invoice that `books.prepare` issues, so that it satisfies every constraint.
FILL = (
    "SET session_replication_role = replica",
    "CREATE TEMP TABLE pattern AS SELECT * FROM invoices LIMIT 1",
    "CREATE TEMP TABLE line AS SELECT * FROM invoice_lines LIMIT 1",
    "CREATE TEMP TABLE buyer AS SELECT * FROM customers LIMIT 1",
    """
    INSERT INTO customers SELECT made.* FROM buyer, generate_series(100000, 100000 + %(customers)s - 1) n,
    jsonb_populate_record(buyer, jsonb_build_object('id', n, 'code', 'C-' || n, 'code_key', 'C-' || n)) made
    """,
    """
    CREATE TEMP TABLE made AS SELECT n, 100000 + (n * 7919::bigint) %% %(customers)s AS who,
        date '2026-04-01' + (n %% 365)::int AS day, (n %% 50 = 0) AS is_note, (n %% 7 < 2) AS is_far,
        100 * (1 + n %% 900) AS taxable, 18 * (1 + n %% 900) AS tax
    FROM generate_series(2, %(invoices)s) n
    """,
    """
    INSERT INTO invoices SELECT row.* FROM pattern, made, jsonb_populate_record(pattern, jsonb_build_object(
        'id', n, 'document_no', n, 'kind', CASE WHEN is_note THEN 'credit_note' ELSE 'tax_invoice' END,
        'number', 'B/' || n, 'number_key', 'B/' || n, 'serial', n, 'dated_on', day, 'due_on', day + 15,
        'return_period', to_char(day, 'MMYYYY'), 'customer_id', who, 'buyer_gstin',
        CASE WHEN n %% 3 = 0 THEN '29AAGCB7383J1Z4' END, 'place_of_supply', CASE WHEN is_far THEN '27' ELSE '29' END,
        'taxable_paise', 2 * taxable, 'cgst_paise', CASE WHEN is_far THEN 0 ELSE tax END,
        'sgst_paise', CASE WHEN is_far THEN 0 ELSE tax END, 'igst_paise', CASE WHEN is_far THEN 2 * tax ELSE 0 END,
        'round_off_paise', 0, 'total_paise', 2 * (taxable + tax),
        'paid_paise', CASE WHEN n %% 4 < 3 AND NOT is_note THEN 2 * (taxable + tax) ELSE 0 END)) row
    """,
    """
    INSERT INTO invoice_lines SELECT row.* FROM line, made, generate_series(1, 2) place,
    jsonb_populate_record(line, jsonb_build_object(
        'invoice_id', n, 'line_no', place, 'hsn', CASE WHEN place = 1 THEN '998716' ELSE '8517' || n %% 40 + 10 END,
        'description', 'Part ' || n %% 500, 'taxable_paise', taxable, 'gst_rate_thousandths', 18000,
        'cgst_paise', CASE WHEN is_far THEN 0 ELSE tax / 2 END, 'sgst_paise', CASE WHEN is_far THEN 0 ELSE tax / 2 END,
        'igst_paise', CASE WHEN is_far THEN tax ELSE 0 END, 'total_paise', taxable + tax)) row
    """,
    """
    INSERT INTO payments (business_id, id, direction, number, number_key, series, serial, financial_year, dated_on,
        customer_id, method, amount_paise, allocated_paise, created_at, created_by)
    SELECT business_id, n, 'receipt', 'P/' || n, 'P/' || n, 'P', n, financial_year, day + 10, who, 'upi',
        2 * (taxable + tax), 2 * (taxable + tax), created_at, created_by
    FROM pattern, made WHERE n %% 4 < 3 AND NOT is_note
    """,
    """
    INSERT INTO allocations (business_id, id, payment_id, invoice_id, amount_paise, allocated_on, created_at)
    SELECT business_id, n, n, n, 2 * (taxable + tax), day + 10, created_at
    FROM pattern, made WHERE n %% 4 < 3 AND NOT is_note
    """,
)

_SIGN = "CASE WHEN kind = 'credit_note' THEN -1 ELSE 1 END"
_SUMS = ", ".join(f"sum({_SIGN} * i.{head}_paise)" for head in ("taxable", "cgst", "sgst", "igst", "cess", "total"))
_LINE_SUMS = ", ".join(f"sum({_SIGN} * l.{head}_paise)" for head in ("taxable", "cgst", "sgst", "igst", "total"))
_ISSUED = "i.business_id = (SELECT max(business_id) FROM invoices) AND i.status = 'issued'"
_LINES = "invoices i JOIN invoice_lines l ON l.business_id = i.business_id AND l.invoice_id = i.id"
_LATE = f"date '{AS_OF}' - due_on"
BARE: Mapping[str, str] = {
    "report tax-summary": f"""
        SELECT return_period, supply, reverse_charge, count(*), {_SUMS} FROM invoices i WHERE {_ISSUED}
        GROUP BY 1, 2, 3
        """,
    "report tax-summary --period 2026-10": f"""
        SELECT return_period, supply, reverse_charge, count(*), {_SUMS} FROM invoices i WHERE {_ISSUED}
        AND dated_on BETWEEN '2026-10-01' AND '2026-10-31' GROUP BY 1, 2, 3
        """,
    "report tax-summary --by rate": f"""
        SELECT gst_rate_thousandths, taxability, supply, reverse_charge, {_LINE_SUMS} FROM {_LINES} WHERE {_ISSUED}
        GROUP BY 1, 2, 3, 4
        """,
    "report sales --by customer": f"""
        SELECT c.code, c.name, count(*), {_SUMS} FROM invoices i
        JOIN customers c ON c.business_id = i.business_id AND c.id = i.customer_id WHERE {_ISSUED} GROUP BY 1, 2
        """,
    "report hsn": f"""
        SELECT l.hsn, l.unit, l.gst_rate_thousandths, buyer_gstin IS NOT NULL, sum({_SIGN} * l.quantity_thousandths),
        {_LINE_SUMS} FROM {_LINES} WHERE {_ISSUED} GROUP BY 1, 2, 3, 4
        """,
    f"report ageing --as-of {AS_OF}": f"""
        SELECT customer_id, sum(CASE WHEN {_LATE} <= 0 THEN owed ELSE 0 END),
        sum(CASE WHEN {_LATE} BETWEEN 1 AND 30 THEN owed ELSE 0 END),
        sum(CASE WHEN {_LATE} BETWEEN 31 AND 60 THEN owed ELSE 0 END),
        sum(CASE WHEN {_LATE} BETWEEN 61 AND 90 THEN owed ELSE 0 END),
        sum(CASE WHEN {_LATE} > 90 THEN owed ELSE 0 END), sum(credit)
        FROM (
            SELECT customer_id, due_on, total_paise - coalesce(paid, 0) AS owed, 0 AS credit FROM invoices i
            LEFT JOIN (
                SELECT invoice_id, sum(amount_paise) paid FROM allocations
                WHERE allocated_on <= '{AS_OF}' AND (undone_on IS NULL OR undone_on > '{AS_OF}') GROUP BY 1
            ) a ON a.invoice_id = i.id
            WHERE {_ISSUED} AND dated_on <= '{AS_OF}' AND kind <> 'credit_note'
            UNION ALL
            SELECT customer_id, dated_on, 0, total_paise FROM invoices i
            WHERE {_ISSUED} AND dated_on <= '{AS_OF}' AND kind = 'credit_note'
            UNION ALL
            SELECT customer_id, dated_on, 0, amount_paise + tds_paise FROM payments WHERE dated_on <= '{AS_OF}'
            UNION ALL
            SELECT customer_id, dated_on, 0, -a.amount_paise FROM allocations a
            JOIN payments p ON p.business_id = a.business_id AND p.id = a.payment_id WHERE allocated_on <= '{AS_OF}'
        ) everything GROUP BY 1
        """,
}


def run() -> None:
    """Measure each report in turn with its yardstick."""
    with PostgresCluster() as cluster, TemporaryDirectory(prefix="invo-bench-") as folder:
        home = Path(folder)
        url = books.prepare(home, cluster.url())
        env = measure.environment(home) | {"INVO_DATABASE_URL": url, "INVO_NOW": AS_OF}
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            fill(connection, INVOICES)
            rows = [_measured(connection, command, env) for command in BARE]
    measure.show(
        f"Reports over {INVOICES:,} invoices on PostgreSQL: whole commands, median of {ROUNDS} rounds",
        ("command", "seconds", "bare SQL", "x bare", "at most"),
        rows,
    )


def fill(connection: psycopg.Connection, invoices: int) -> None:
    """Add that many invoices of two lines with customers, credit notes and payments, made on the server."""
    for statement in FILL:
        connection.execute(statement.encode(), {"invoices": invoices, "customers": CUSTOMERS})
    for table in ("customers", "invoices", "invoice_lines", "payments", "allocations"):
        connection.execute(f"VACUUM ANALYZE {table}".encode())


def _measured(connection: psycopg.Connection, command: str, env: Mapping[str, str]) -> tuple[str, ...]:
    argv = [*INVO, *command.split(), "-o", "json"]
    ours, bare = [], []
    for _ in range(ROUNDS + 1):
        ours.append(_seconds(lambda: measure.output(argv, env)))
        bare.append(_seconds(lambda: connection.execute(BARE[command].encode()).fetchall()))
    pairs = (ours[1:], bare[1:])
    figures = (f"{median(pairs[0]):.2f}", f"{median(pairs[1]):.2f}", f"{measure.ratio(*pairs):.2f}")
    is_targeted = "--period" not in command and command.startswith(TARGETED)
    return (f"invo {command}", *figures, f"{TARGET:g}" if is_targeted else "")


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    sys.exit("Run it with: python -m benchmarks reports")

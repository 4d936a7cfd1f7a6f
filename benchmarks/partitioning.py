"""Why documents are not partitioned by financial year: the same questions to a plain and to a partitioned table.

    python -m benchmarks.partitioning 1000000

PostgreSQL only. The rows are copies of one issued document over five years, without their lines. Times are those of the
server and of reading the answer: the quickest of nine, since what else the machine does only adds to them.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, create_engine

from benchmarks import books, measure
from invo_cli.db.urls import normalise

ROUNDS = 9
FIRST, DAYS = date(2021, 4, 1), 5 * 365
TABLES = ("invoices", "parted")
_SUMS = "SELECT sum(taxable_paise), sum(cgst_paise), sum(sgst_paise), sum(igst_paise), count(*)"
_ISSUED = "business_id = %(book)s AND status = 'issued'"
_MONTH = "dated_on BETWEEN '2023-10-01' AND '2023-10-31'"
_YEAR = "dated_on BETWEEN '2023-04-01' AND '2024-03-31'"
_PAGE = "ORDER BY dated_on DESC, document_no DESC LIMIT 50"
QUERIES = {
    "newest 50": f"SELECT * FROM {{}} WHERE business_id = %(book)s {_PAGE}",
    "next page in the middle": f"SELECT * FROM {{}} WHERE business_id = %(book)s"
    f" AND (dated_on, document_no) < ('2023-10-15', 2000000000) {_PAGE}",
    "one number of any year": "SELECT * FROM {} WHERE business_id = %(book)s AND number_key = 'B/777'",
    "GST of a month": f"{_SUMS} FROM {{}} WHERE {_ISSUED} AND {_MONTH}",
    "GST of a month, its year named": f"{_SUMS} FROM {{}} WHERE {_ISSUED} AND {_MONTH} AND financial_year = %(year)s",
    "GST of a year": f"{_SUMS} FROM {{}} WHERE {_ISSUED} AND {_YEAR}",
    "GST of a year, named": f"{_SUMS} FROM {{}} WHERE {_ISSUED} AND {_YEAR} AND financial_year = %(year)s",
}


def measure_all(size: int) -> None:
    """Measure with so many documents."""
    from tests.harness.postgres import PostgresCluster

    with (
        PostgresCluster() as server,
        books.database(server.url(), "invo_bench_partitions") as url,
        create_engine(normalise(url)).connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
    ):
        # Neither triggers nor foreign keys: what is compared is storing and finding rows.
        connection.exec_driver_sql("SET session_replication_role = replica")
        stored = list(_fill(connection, size))
        measure.show(f"Storing {size} documents with their indexes", ("table", "s", "MiB"), stored)
        measure.show(f"Finding among {size} documents, ms", ("what", "plain", "partitioned"), list(_found(connection)))


def _fill(connection: Connection, size: int) -> Iterator[tuple[str, str, str]]:
    made = {
        "id": "n",
        "document_no": "n",
        "serial": "n",
        "number": "'B/' || n",
        "number_key": "'B/' || n",
        "dated_on": f"date '{FIRST}' + (n::bigint * {DAYS} / {size + 1})::int",
    }
    day = made["dated_on"]
    made["financial_year"] = _year(f"({day})")
    columns = _columns(connection)
    values = ", ".join(made.get(name, f"i.{name}") for name in columns)
    _make_parted(connection)
    began = time.perf_counter()
    connection.exec_driver_sql(
        f"INSERT INTO invoices ({', '.join(columns)}) SELECT {values} FROM invoices i, generate_series(2, {size}) n"
    )
    yield "invoices", *_cost(connection, "invoices", began)
    began = time.perf_counter()
    connection.exec_driver_sql("INSERT INTO parted SELECT * FROM invoices")
    yield "partitioned", *_cost(connection, "parted", began)
    connection.exec_driver_sql("VACUUM ANALYZE")


def _make_parted(connection: Connection) -> None:
    like = "LIKE invoices INCLUDING DEFAULTS INCLUDING CONSTRAINTS"
    connection.exec_driver_sql(f"CREATE TABLE parted ({like}) PARTITION BY LIST (financial_year)")
    for start in range(FIRST.year, FIRST.year + DAYS // 365):
        year = f"{start}-{(start + 1) % 100:02}"
        connection.exec_driver_sql(f"CREATE TABLE parted_{start} PARTITION OF parted FOR VALUES IN ('{year}')")
    connection.exec_driver_sql("CREATE TABLE parted_others PARTITION OF parted DEFAULT")
    defined = "SELECT indexdef FROM pg_indexes WHERE tablename = 'invoices'"
    for number, index in enumerate(connection.exec_driver_sql(defined).scalars().all()):
        made = re.sub(r"INDEX \w+ ON \S+", f"INDEX parted_{number} ON parted", index)
        if "UNIQUE" in made and "financial_year" not in made:
            made = re.sub(r"\)(?= WHERE|$)", ", financial_year)", made, count=1)
        connection.exec_driver_sql(made)


def _found(connection: Connection) -> Iterator[tuple[str, str, str]]:
    given = {
        "book": connection.exec_driver_sql("SELECT max(business_id) FROM invoices").scalar(),
        "year": "2023-24",
    }
    for name, query in QUERIES.items():
        rounds = [[_timed(connection, query.format(table), given) for table in TABLES] for _ in range(ROUNDS + 1)][1:]
        yield name, *(f"{min(times) * 1000:.2f}" for times in zip(*rounds, strict=True))


def _timed(connection: Connection, query: str, given: Mapping[str, Any]) -> float:
    began = time.perf_counter()
    connection.exec_driver_sql(query, given).all()
    return time.perf_counter() - began


def _cost(connection: Connection, table: str, began: float) -> tuple[str, str]:
    seconds = time.perf_counter() - began
    size = connection.exec_driver_sql(
        "SELECT sum(pg_total_relation_size(relid)) FROM pg_partition_tree(%(table)s)"
        if table == "parted"
        else "SELECT pg_total_relation_size(%(table)s)",
        {"table": table},
    ).scalar()
    return f"{seconds:.1f}", f"{int(size or 0) / (1 << 20):.0f}"


def _columns(connection: Connection) -> list[str]:
    query = "SELECT attname FROM pg_attribute WHERE attrelid = 'invoices'::regclass AND attnum > 0 AND NOT attisdropped"
    return list(connection.exec_driver_sql(query).scalars())


def _year(day: str) -> str:
    """The financial year of a date as SQL, as documents spell it."""
    start = f"extract(year FROM {day} - interval '3 months')::int"
    return f"{start} || '-' || lpad(mod({start} + 1, 100)::text, 2, '0')"


if __name__ == "__main__":
    measure_all(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)

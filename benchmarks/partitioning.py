"""Why documents are not partitioned by financial year: the same questions to a plain and to a partitioned table.

    python -m benchmarks.partitioning 1000000

PostgreSQL only. The rows are copies of one issued document over five years, without lines and without the snapshots of
seller, buyer and entry. Times of questions are those that the server takes to plan and to answer: the quickest of nine,
since what else the machine does only adds to them.
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
MORE = 100_000
"""Documents that are stored with all indexes in place."""
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
        _fill(connection, size)
        stored = [_stored(connection, table, size) for table in TABLES]
        measure.show(f"{MORE} documents more than {size}", ("table", "s", "MiB in all"), stored)
        measure.show(f"Finding among {size} documents, ms", ("what", "plain", "partitioned"), list(_found(connection)))


def _fill(connection: Connection, size: int) -> None:
    """Rows first, indexes afterwards."""
    connection.exec_driver_sql("CREATE TABLE pattern AS SELECT * FROM invoices")
    connection.exec_driver_sql("UPDATE pattern SET seller = '{}', buyer = '{}', entered = '{}'")
    connection.exec_driver_sql("DELETE FROM invoices")
    indexes = _taken_off(connection)
    _make_parted(connection)
    for table in TABLES:
        _insert(connection, table, range(1, size + 1), size)
    for number, index in enumerate(indexes):
        connection.exec_driver_sql(index)
        connection.exec_driver_sql(_of_parted(index, number))
    connection.exec_driver_sql("VACUUM ANALYZE")


def _insert(connection: Connection, table: str, numbers: range, size: int) -> None:
    day = f"least(date '{FIRST}' + (n::bigint * {DAYS} / {size + 1})::int, date '{FIRST}' + {DAYS - 1})"
    made = dict.fromkeys(("id", "document_no", "serial"), "n") | dict.fromkeys(("number", "number_key"), "'B/' || n")
    made |= {"dated_on": day, "financial_year": _year(f"({day})")}
    columns = _columns(connection)
    values = ", ".join(made.get(name, f"i.{name}") for name in columns)
    series = f"generate_series({numbers.start}, {numbers.stop - 1})"
    connection.exec_driver_sql(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM pattern i, {series} n")


def _taken_off(connection: Connection) -> list[str]:
    """Remove the indexes of the documents; the statements that make them."""
    defined = "SELECT indexdef FROM pg_indexes WHERE tablename = 'invoices'"
    made = list(connection.exec_driver_sql(defined).scalars())
    keys = "SELECT conname FROM pg_constraint WHERE conrelid = 'invoices'::regclass AND contype IN ('p', 'u')"
    for name in connection.exec_driver_sql(keys).scalars().all():
        connection.exec_driver_sql(f"ALTER TABLE invoices DROP CONSTRAINT {name} CASCADE")
    left = "SELECT indexname FROM pg_indexes WHERE tablename = 'invoices'"
    for name in connection.exec_driver_sql(left).scalars().all():
        connection.exec_driver_sql(f"DROP INDEX {name}")
    return made


def _make_parted(connection: Connection) -> None:
    like = "LIKE invoices INCLUDING DEFAULTS INCLUDING CONSTRAINTS"
    connection.exec_driver_sql(f"CREATE TABLE parted ({like}) PARTITION BY LIST (financial_year)")
    for start in range(FIRST.year, FIRST.year + DAYS // 365):
        year = f"{start}-{(start + 1) % 100:02}"
        connection.exec_driver_sql(f"CREATE TABLE parted_{start} PARTITION OF parted FOR VALUES IN ('{year}')")
    connection.exec_driver_sql("CREATE TABLE parted_others PARTITION OF parted DEFAULT")


def _of_parted(index: str, number: int) -> str:
    """The same index of the partitioned table, whose unique ones must hold the year."""
    made = re.sub(r"INDEX \w+ ON \S+", f"INDEX parted_{number} ON parted", index)
    if "UNIQUE" in made and "financial_year" not in made:
        made = re.sub(r"\)(?= WHERE|$)", ", financial_year)", made, count=1)
    return made


def _stored(connection: Connection, table: str, size: int) -> tuple[str, str, str]:
    began = time.perf_counter()
    _insert(connection, table, range(size + 1, size + MORE + 1), size)
    return table, *_cost(connection, table, began)


def _found(connection: Connection) -> Iterator[tuple[str, str, str]]:
    given = {
        "book": connection.exec_driver_sql("SELECT max(business_id) FROM invoices").scalar(),
        "year": "2023-24",
    }
    for name, query in QUERIES.items():
        rounds = [[_timed(connection, query.format(table), given) for table in TABLES] for _ in range(ROUNDS + 1)][1:]
        plain, parted = (f"{min(times):.2f}" for times in zip(*rounds, strict=True))
        yield name, plain, parted


def _timed(connection: Connection, query: str, given: Mapping[str, Any]) -> float:
    """Milliseconds in which the server plans and answers."""
    (told,) = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {query}", given).scalar_one()
    return float(told["Planning Time"] + told["Execution Time"])


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

"""The file of a month of GSTR-1 against the single SQL statement that reads its lines, with the memory it takes."""

from __future__ import annotations

import sqlite3
import sys
import time
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import books, measure
from benchmarks.books import INVO

DOCUMENTS = 100_000 if measure.IS_FULL else 10_000
ROUNDS = 3
TARGET, MEMORY = 6.0, 300
"""Times the bare statement, and MiB at most."""
PERIOD = "2026-10"
STARTER = (
    "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True);"
    " print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)"
)
"""Runs a command and prints the MiB of resident memory that it took at most."""
BUYERS = ("27AAPFU0939F1ZV", "29AABCR1718E1ZL", "29AAACT2727Q1ZS", "27AAACT2727Q1ZW")
RATES = (18_000, 5_000, 18_000, 40_000)
BARE = (
    "SELECT i.id, i.kind, i.number, i.dated_on, i.return_period, i.place_of_supply, i.total_paise, i.buyer_gstin,"
    " i.supply, i.reverse_charge, l.taxability, l.gst_rate_thousandths, l.taxable_paise, l.igst_paise, l.cgst_paise,"
    " l.sgst_paise, l.cess_ad_valorem_paise + l.cess_specific_paise, l.hsn, l.description, l.unit,"
    " l.quantity_thousandths"
    " FROM invoices i JOIN invoice_lines l ON l.business_id = i.business_id AND l.invoice_id = i.id"
    " WHERE i.return_period = '102026' AND i.status = 'issued' ORDER BY i.dated_on, i.document_no, l.line_no"
)


def run() -> None:
    """Measure on both engines."""
    measure.show(
        f"GSTR-1 of {DOCUMENTS:,} documents: whole command, median of {ROUNDS} rounds",
        ("engine", "seconds", "bare SQL", "x bare", "at most", "MiB", "at most"),
        books.on_both(_measured),
    )


def fill(url: str, documents: int) -> None:
    """Add that many documents of one to three lines to October 2026, of every section that books fill."""
    from sqlalchemy import create_engine, insert, select, text

    from invo_cli.db.urls import normalise
    from invo_cli.models import Base

    invoices, lines = (Base.metadata.tables[name] for name in ("invoices", "invoice_lines"))
    engine = create_engine(normalise(url))
    with engine.begin() as connection:
        header = dict(connection.execute(select(invoices)).mappings().one())
        line = dict(connection.execute(select(lines).limit(1)).mappings().one())
    made = (_made(number, documents, header, line) for number in range(1, documents + 1))
    while batch := list(islice(made, 5000)):
        with engine.begin() as connection:
            connection.execute(insert(lines), [row for _, rows in batch for row in rows])
            connection.execute(insert(invoices), [row for row, _ in batch])
        # Else the triggers go on with plans that were made for empty tables.
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
    engine.dispose()


def _made(
    number: int, documents: int, header: dict[str, Any], line: dict[str, Any]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    import datetime as dt

    gstin = BUYERS[number % 4] if number % 5 < 3 else None
    place = gstin[:2] if gstin else ("33" if number % 3 else "29")
    is_note = number % 40 == 0
    rows = [_line(number, at, place == "29", line) for at in range(1, 2 + number % 3)]
    sums = {
        name: sum(row[name] for row in rows) for name in ("taxable_paise", "cgst_paise", "sgst_paise", "igst_paise")
    }
    prefix = "CN" if is_note else "B"
    key = f"{prefix}/26-27/{number:06}"
    return header | sums | {
        "id": 1000 + number,
        "document_no": 10 + number,
        "kind": "credit_note" if is_note else "tax_invoice",
        "number": key,
        "number_key": key,
        "serial": 10 + number,
        "dated_on": dt.date(2026, 10, 1 + 31 * number // (documents + 1)),
        "return_period": "102026",
        "buyer_gstin": gstin,
        "place_of_supply": place,
        "round_off_paise": 0,
        "total_paise": sum(sums.values()),
    }, rows


def _line(number: int, at: int, is_intra: bool, line: dict[str, Any]) -> dict[str, Any]:
    taxable, rate = 100 * (1 + (number * 37 + at) % 9000), RATES[(number + at) % 4]
    tax = taxable * rate // 100_000
    half = tax // 2 if is_intra else 0
    igst = 0 if is_intra else tax
    return line | {
        "invoice_id": 1000 + number,
        "line_no": at,
        "hsn": "998716" if at == 1 else f"85{17 + number % 20}{at}0",
        "description": f"Part {number % 500}",
        "gross_paise": taxable,
        "taxable_paise": taxable,
        "gst_rate_thousandths": rate,
        "cgst_paise": half,
        "sgst_paise": half,
        "igst_paise": igst,
        "total_paise": taxable + 2 * half + igst,
    }


def _measured(engine: str, url: str, home: Path) -> tuple[str, ...]:
    fill(url, DOCUMENTS)
    env = measure.environment(home) | {"INVO_DATABASE_URL": url, "INVO_NOW": "2026-11-10"}
    argv = [*INVO, "-q", "return", "gstr1", "--period", PERIOD, "--out", str(home / "out"), "--force"]
    (home / "out").mkdir()
    ours, bare = [], []
    # From a small process: a child begins with what its parent takes, and this one has read every line.
    peak = measure.output([sys.executable, "-c", STARTER, *argv], env).strip()
    for _ in range(ROUNDS + 1):
        begun = time.perf_counter()
        measure.output(argv, env)
        ours.append(time.perf_counter() - begun)
        bare.append(_bare(url))
    figures = (f"{median(ours[1:]):.2f}", f"{median(bare[1:]):.2f}", f"{measure.ratio(ours[1:], bare[1:]):.2f}")
    return (engine, *figures, f"{TARGET:g}", peak, str(MEMORY))


def _bare(url: str) -> float:
    """Seconds in which the driver alone reads the lines."""
    import psycopg

    begun = time.perf_counter()
    if url.startswith("sqlite"):
        with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
            connection.execute(BARE).fetchall()
    else:
        with psycopg.connect(url.replace("+psycopg", "")) as server:
            server.execute(BARE.encode()).fetchall()
    return time.perf_counter() - begun


if __name__ == "__main__":
    sys.exit("Run it with: python -m benchmarks returns")

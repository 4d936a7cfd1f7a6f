"""Proving the trail of many documents and payments against bare statements that read the same rows and hash them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import books, importing, measure
from benchmarks.books import INVO

DOCUMENTS = 100_000 if measure.IS_FULL else 2_000
ROUNDS = 3
TARGET, MEMORY = 10.0, 120
"""Times the processor time of the bare reading, and MiB at most."""
BARE = (
    "SELECT e.*, p.salt, p.fields FROM audit_events e LEFT JOIN audit_personal p"
    " ON p.business_id = e.business_id AND p.seq = e.seq ORDER BY e.business_id, e.seq",
    "SELECT * FROM invoices ORDER BY document_no",
    "SELECT * FROM invoice_lines ORDER BY invoice_id, line_no",
    "SELECT * FROM payments ORDER BY id",
    "SELECT * FROM allocations ORDER BY id",
)


def run() -> None:
    """Measure on both engines."""
    measure.show(
        f"Proving the trail of {DOCUMENTS:,} documents, half of them paid: CPU, median of {ROUNDS} rounds",
        ("engine", "seconds", "bare", "x bare", "at most", "MiB", "at most"),
        books.on_both(_measured),
    )


def _measured(engine: str, url: str, home: Path) -> tuple[str, ...]:
    _fill(url, home)
    env = measure.environment(home) | {"INVO_DATABASE_URL": url}
    start = [*INVO, "audit", "head"]
    ours, bare, peaks = [], [], []
    for _ in range(ROUNDS):
        whole, peak = _spent([*INVO, "audit", "verify"], env)
        ours.append(whole - _spent(start, env)[0])
        bare.append(_spent([sys.executable, "-m", "benchmarks.auditing", url], env)[0] - _spent(_nothing(url), env)[0])
        peaks.append(peak)
    seconds = (f"{median(ours):.2f}", f"{median(bare):.2f}", f"{measure.ratio(ours, bare):.1f}", f"{TARGET:g}")
    return engine, *seconds, f"{max(peaks):.0f}", str(MEMORY)


def _nothing(url: str) -> list[str]:
    """The bare program, which reads nothing: its start is not the work."""
    return [sys.executable, "-m", "benchmarks.auditing", url, "nothing"]


def _fill(url: str, home: Path) -> None:
    """Import documents of three lines, and a payment for every other one."""
    invoices, payments = importing.documents(home / "invoices.jsonl", DOCUMENTS), home / "payments.jsonl"
    with invoices.open(encoding="utf-8") as source, payments.open("w", encoding="utf-8") as out:
        for number, document in enumerate(map(json.loads, source)):
            if number % 2:
                paid = {"customer": document["customer"]["name"], "date": document["date"], "amount": "100.00"}
                named = {"number": f"R-{number}", "method": "upi", "allocate": document["number"]}
                out.write(json.dumps(paid | named) + "\n")
    env = measure.environment(home) | {"INVO_DATABASE_URL": url}
    for data_set, file in (("invoices", invoices), ("payments", payments)):
        measure.output([*INVO, "import", data_set, str(file), "-q"], env)


def _spent(argv: list[str], env: dict[str, str]) -> tuple[float, float]:
    """CPU seconds and peak MiB of a process that must succeed."""
    child = subprocess.Popen(argv, env=env, stdout=subprocess.DEVNULL, cwd=measure.TOP)
    _, status, usage = os.wait4(child.pid, 0)
    if child_status := os.waitstatus_to_exitcode(status):
        sys.exit(f"{' '.join(argv)} ended with {child_status}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def _rows(url: str, statement: str) -> Iterator[tuple[Any, ...]]:
    if url.startswith("sqlite"):
        import sqlite3

        yield from sqlite3.connect(url.removeprefix("sqlite:///")).execute(statement)
        return
    import psycopg

    plain = url.replace("postgresql+psycopg:", "postgresql:")
    with psycopg.connect(plain) as connection, connection.cursor("bare") as cursor:
        cursor.itersize = 500
        yield from cursor.execute(statement)


def main() -> None:
    """Read everything that is compared, bare, and hash every event; or nothing."""
    url, *nothing = sys.argv[1:]
    for statement in BARE:
        for row in _rows(url, f"{statement} LIMIT 0" if nothing else statement):
            if statement is BARE[0]:
                sha256(repr(row).encode())


if __name__ == "__main__":
    main()

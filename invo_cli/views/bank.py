"""How the lines of a bank statement look beside what they probably pay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from invo_cli.views import remarks
from invo_cli.views.listing import Column, Listing

LISTING = Listing(
    (
        Column("line", "Line", right=True),
        Column("date", "Date"),
        Column("amount", "Amount", money=True),
        Column("confidence", "Confidence"),
        Column("customer", "Customer"),
        Column("pays", "Pays", wraps=True),
        Column("payment", "Payment"),
        Column("why", "Why", wraps=True),
        Column("narration", "Narration", extra=True, wraps=True),
        Column("reference", "Reference", extra=True),
        Column("customer_name", "Name", extra=True),
        Column("tds", "TDS", money=True, extra=True),
        Column("key", "Key", extra=True),
    ),
    name="payment",
    fallback_name="key",
)
MOST_PROBLEMS = 20


def as_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A line as scripts see it; `pays` are the documents in words."""
    return dict(row) | {"pays": " ".join(each["number"] for each in row["invoices"]) or None}


def tell(rows: Sequence[Mapping[str, Any]], *, debits: int, undated: int, batch: str | None) -> None:
    """Say on stderr what the statement came to."""
    counts = Counter(row["confidence"] for row in rows)
    parts = [f"{counts[name]} {name}" for name in ("certain", "likely", "unsure") if counts[name]]
    parts += [f"{counts['booked']} booked before"] if counts["booked"] else []
    remarks.note(f"{len(rows)} lines of money that came in: {', '.join(parts) or 'nothing'}; {debits} debits left out.")
    if undated:
        remarks.note(f"{undated} lines with an amount and no date, such as totals, were left out.")
    if batch:
        booked = sum(row["payment"] is not None and row["confidence"] != "booked" for row in rows)
        remarks.note(f"Booked {booked} payments as import {batch}; take it back with: invo import undo {batch}")


def tell_problems(problems: Sequence[str]) -> None:
    """Name the lines that cannot be read."""
    for problem in problems[:MOST_PROBLEMS]:
        remarks.warn(problem)
    if len(problems) > MOST_PROBLEMS:
        remarks.warn(f"… and {len(problems) - MOST_PROBLEMS} more lines.")

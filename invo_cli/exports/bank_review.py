"""Proposals for bank lines as a file that somebody goes through: customer, documents and TDS may be changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TextIO

from invo_cli import unix_csv
from invo_cli.gst.text import FORMULA_STARTS

COLUMNS = (
    *("key", "line", "date", "amount", "reference", "narration", "confidence", "why"),
    *("customer", "customer_name", "invoices", "tds", "book"),
)
_TEXTS = frozenset(("reference", "narration", "why", "customer", "customer_name", "invoices"))


def write(rows: Iterable[Mapping[str, Any]], out: TextIO) -> None:
    """One line each; `book` says yes where the proposal is certain. Texts begin with no sign of a formula."""
    writer = unix_csv.writer(out)
    writer.writerow(COLUMNS)
    for row in rows:
        values = dict(row) | {
            "invoices": " ".join(
                f"{each['number']}@{each['financial_year']}:{each['amount']}" for each in row["invoices"]
            ),
            "book": "yes" if row["confidence"] == "certain" else "",
        }
        writer.writerow([_cell(name, values[name]) for name in COLUMNS])


def _cell(name: str, value: Any) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if name in _TEXTS and text.startswith((*FORMULA_STARTS, "'")) else text

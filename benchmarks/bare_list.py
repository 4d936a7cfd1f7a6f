"""The yardstick of `invo invoice list`: a script that imports what invo is made of and prints the same rows.

python benchmarks/bare_list.py DATABASE
"""

from __future__ import annotations

import sqlite3
import sys

import pydantic_settings  # noqa: F401 - the yardstick pays for what invo is made of
import sqlalchemy.orm  # noqa: F401
import typer  # noqa: F401
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

HEADINGS = ("Id", "Number", "Date", "Customer", "Status", "Payment", "Total", "Outstanding")
QUERY = """
    SELECT document_no, number, dated_on, buyer_name, status, total_paise, total_paise - paid_paise - credited_paise
    FROM invoices WHERE NOT is_deleted ORDER BY dated_on DESC, document_no DESC
"""


def main() -> None:
    """Print the invoices of a SQLite database as a table; none of them is paid."""
    table = Table(*HEADINGS, box=SIMPLE_HEAD, pad_edge=False)
    for document_no, number, day, buyer, status, total, outstanding in sqlite3.connect(sys.argv[1]).execute(QUERY):
        amounts = (f"{total / 100:,.2f}", f"{outstanding / 100:,.2f}")
        table.add_row(f"D-{document_no}", number, day, buyer, status, "unpaid", *amounts)
    Console().print(table)


if __name__ == "__main__":
    main()

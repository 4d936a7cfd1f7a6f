"""How payments look."""

from __future__ import annotations

from decimal import Decimal

from invo_cli.gst.money import format_indian
from invo_cli.views.listing import Column, Listing, Row
from invo_cli.views.pages import print_fields
from invo_cli.views.tables import print_table

LISTING = Listing(
    (
        Column("number", "Number"),
        Column("date", "Date"),
        Column("customer", "Customer"),
        Column("method", "Method"),
        Column("reference", "Reference", wraps=True),
        Column("status", "Status"),
        Column("amount", "Amount", money=True),
        Column("unallocated", "Unallocated", money=True),
        Column("customer_name", "Name", wraps=True, extra=True),
        *(Column(key, key.capitalize(), money=True, extra=True) for key in ("allocated", "refunded", "tds")),
        *(
            Column(key, key.replace("_", " ").capitalize(), extra=True)
            for key in (
                *("direction", "is_advance", "voucher", "refund_of", "allocations", "tax", "description", "amendments"),
                *("seller", "buyer", "notes", "voided_on", "void_reason", "dry_run"),
            )
        ),
    ),
    name="number",
)


def print_page(row: Row) -> None:
    """One payment for a person."""
    print_fields(f"Payment {row['number']}", row, skip=("number", "allocations"))
    if row["allocations"]:
        print_table(
            [("Set against", False, False), ("On", False, False), ("Amount", True, False)],
            [
                (part["invoice"] or "", part["date"], format_indian(Decimal(part["amount"])))
                for part in row["allocations"]
            ],
        )

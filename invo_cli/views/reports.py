"""How reports look: rows with a key and sums, and a line of totals for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from invo_cli.gst.money import format_rate, from_thousandths
from invo_cli.gst.states import STATES
from invo_cli.views.listing import Column, Listing

_AMOUNTS = (
    Column("documents", "Documents", right=True),
    Column("taxable_value", "Taxable value", money=True),
    Column("cgst", "CGST", money=True),
    Column("sgst", "SGST", money=True),
    Column("igst", "IGST", money=True),
    Column("cess", "Cess", money=True),
    Column("total", "Total", money=True),
)
_CUSTOMER = (Column("customer_code", "Customer"), Column("customer_name", "Name", wraps=True))
SALES: Mapping[str, Listing] = {
    by: Listing((*key, *_AMOUNTS), name=key[0].key)
    for by, key in {
        "month": (Column("month", "Month"),),
        "customer": _CUSTOMER,
        "state": (Column("place_of_supply", "State"), Column("state_name", "Name")),
        "rate": (Column("gst_rate", "Rate %", right=True),),
        "kind": (Column("kind", "Kind"),),
    }.items()
}
"""Sales, one listing for each way to group them."""
RECEIVABLES = Listing(
    (
        *_CUSTOMER,
        Column("documents", "Documents", right=True),
        Column("outstanding", "Outstanding", money=True),
        Column("due", "Due", money=True),
        Column("overdue", "Overdue", money=True),
        Column("oldest_due_date", "Oldest due date"),
    ),
    name="customer_code",
)


def sales_row(row: Mapping[str, Any], by: str) -> dict[str, Any]:
    """A row of the sales report as scripts see it."""
    return _keys(row, by) | {column.key: _plain(row[column.key]) for column in _AMOUNTS}


def receivables_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the receivables as scripts see it."""
    return {column.key: _plain(row[column.key]) for column in RECEIVABLES.columns}


def total_row(listing: Listing, total: Mapping[str, Decimal]) -> dict[str, Any]:
    """The last line of a table for a person; programs never get one."""
    return {listing.columns[0].key: "Total"} | {name: _plain(amount) for name, amount in total.items()}


def amounts(listing: Listing) -> Sequence[str]:
    """The columns that can be added up."""
    return [column.key for column in listing.columns if column.money]


def _keys(row: Mapping[str, Any], by: str) -> dict[str, Any]:
    if by == "month":
        return {"month": f"{int(row['year']):04}-{int(row['month']):02}"}
    if by == "rate":
        return {"gst_rate": format_rate(from_thousandths(row["gst_rate_thousandths"]))}
    if by == "state":
        place = row["place_of_supply"]
        return {"place_of_supply": place, "state_name": STATES[place].name if place in STATES else None}
    return {column.key: row[column.key] for column in SALES[by].columns if column not in _AMOUNTS}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int | str) else str(value)

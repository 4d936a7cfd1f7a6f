"""How reports look: rows with a key and sums, and a line of totals for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from invo_cli.gst.money import format_rate
from invo_cli.views.listing import Column, Listing


def _money(**headings: str) -> tuple[Column, ...]:
    return tuple(Column(key, heading, money=True) for key, heading in headings.items())


_HEADS = _money(taxable_value="Taxable value", cgst="CGST", sgst="SGST", igst="IGST", cess="Cess")
_DOCUMENTS = Column("documents", "Documents", right=True)
_QUANTITY = Column("quantity", "Quantity", right=True)
_RATE = Column("gst_rate", "Rate %", right=True)
_TOTAL = _money(total="Total")
_CUSTOMER = (Column("customer_code", "Customer"), Column("customer_name", "Name", wraps=True))
_STATE = (Column("place_of_supply", "State"), Column("state_name", "Name"))
_MONTH = Column("month", "Month")
_METHOD = Column("method", "Method")
_KIND = Column("kind", "Kind")
_SHARE = Column("share", "Share %", right=True)
_SUPPLY = (Column("supply", "Supply"), Column("reverse_charge", "Reverse charge"))
_ITEM = (Column("item_code", "Item"), Column("description", "Description", wraps=True), Column("unit", "Unit"))

SALES: Mapping[str, Listing] = {
    by: Listing((*key, *_HEADS, *_TOTAL), name=key[0].key)
    for by, key in {
        "month": (_MONTH, _DOCUMENTS),
        "customer": (*_CUSTOMER, _DOCUMENTS),
        "item": (*_ITEM, _DOCUMENTS, _QUANTITY),
        "state": (*_STATE, _DOCUMENTS),
        "rate": (_RATE, _DOCUMENTS),
        "kind": (_KIND, _DOCUMENTS),
    }.items()
}
"""Sales, one listing for each way to group them."""
CUSTOMERS = Listing((*SALES["customer"].columns, _SHARE), name="customer_code")
ITEMS = Listing((*SALES["item"].columns, _SHARE), name="item_code", fallback_name="description")
TAX_SUMMARY: Mapping[str, Listing] = {
    by: Listing((*key, *_HEADS, *_money(tax="Tax")), name=key[0].key)
    for by, key in {
        "month": (_MONTH, *_SUPPLY, _DOCUMENTS),
        "rate": (_RATE, Column("taxability", "Taxability"), *_SUPPLY),
        "state": (*_STATE, *_SUPPLY, _DOCUMENTS),
        "kind": (_KIND, *_SUPPLY, _DOCUMENTS),
    }.items()
}
HSN = Listing(
    (Column("hsn", "HSN"), Column("uqc", "UQC"), _RATE, Column("section", "Section"), _QUANTITY, *_HEADS, *_TOTAL),
    name="hsn",
)
DAYBOOK = Listing(
    (
        *(Column("date", "Date"), _KIND, Column("number", "Number"), *_CUSTOMER),
        *_money(debit="Debit", credit="Credit", total_debit="Total debit", total_credit="Total credit"),
    ),
    name="number",
)
COLLECTIONS: Mapping[str, Listing] = {
    by: Listing(
        (
            *(*key, Column("payments", "Payments", right=True)),
            *_money(received="Received", refunded="Refunded", tds="TDS", net="Net"),
        ),
        name=key[0].key,
    )
    for by, key in {
        "method": (_METHOD,),
        "day": (Column("date", "Date"), _METHOD),
        "month": (_MONTH, _METHOD),
        "customer": _CUSTOMER,
    }.items()
}
RECEIVABLES = Listing(
    (
        *(*_CUSTOMER, _DOCUMENTS),
        *_money(outstanding="Outstanding", due="Due", overdue="Overdue", unallocated="Unallocated", balance="Balance"),
        Column("oldest_due_date", "Oldest due date"),
    ),
    name="customer_code",
)


def compared(listing: Listing, measure: str) -> Listing:
    """A report with the columns that compare a measure with the period before."""
    more = _money(**{f"previous_{measure}": "Before", "change": "Change"})
    return replace(listing, columns=(*listing.columns, *more, Column("change_percent", "Change %", right=True)))


def as_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row, with the rows inside it, as scripts see it."""
    return {key: _plain(key, value) for key, value in row.items()}


def total_row(listing: Listing, total: Mapping[str, Any]) -> dict[str, Any]:
    """The last line of a table for a person; programs never get one."""
    return {listing.columns[0].key: "Total"} | as_row(total)


def amounts(listing: Listing) -> Sequence[str]:
    """The columns that can be added up."""
    return [column.key for column in listing.columns if column.money]


def _plain(key: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return as_row(value)
    if isinstance(value, list):
        return [_plain(key, each) for each in value]
    if isinstance(value, Decimal):
        return format_rate(value) if key == "gst_rate" else str(value)
    return value.isoformat() if isinstance(value, date) else value

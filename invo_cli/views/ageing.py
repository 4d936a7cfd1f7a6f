"""How the ageing looks: a list of buckets for programs that read JSON, a column for each bucket for all others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from invo_cli.views import charts
from invo_cli.views.listing import Column, Listing
from invo_cli.views.report_pages import Page

AGEING = Listing(
    tuple(Column(key, key.capitalize()) for key in ("customer", "name", "buckets", "unallocated", "total")),
    name="customer",
)
"""The shape of JSON."""


def page(title: str, found: Sequence[Mapping[str, Any]], names: Sequence[str]) -> Page:
    """The ageing with its buckets by name, their sums, and a bar for each."""
    amounts = (*names, "unallocated", "total")
    listing = Listing(
        (
            *(Column("customer", "Customer"), Column("name", "Name", wraps=True)),
            *(Column(name, name.capitalize(), money=True) for name in amounts),
        ),
        name="customer",
    )
    rows = [{**row, **dict(zip(names, row["buckets"], strict=True))} for row in found]
    total = {name: sum((Decimal(row[name]) for row in rows), Decimal("0.00")) for name in amounts}
    if not rows:
        return Page(title=title, listing=listing, rows=rows)
    return Page(
        title=title,
        listing=listing,
        rows=rows,
        total={"customer": "Total"} | {name: str(amount) for name, amount in total.items()},
        chart=partial(charts.draw_bars, [(name, total[name]) for name in names]),
    )

"""Reports of sales: by month, customer, item, state, rate or kind, and who and what sells best."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import case
from sqlalchemy.orm import Session

from invo_cli.gst.money import from_thousandths
from invo_cli.gst.states import STATES
from invo_cli.models import Business, Customer, Invoice, InvoiceLine, Item
from invo_cli.services.access import Right, demands
from invo_cli.services.comparing import percent
from invo_cli.services.report_sums import (
    AMOUNTS,
    COUNTED,
    HEADER_AMOUNTS,
    LINE_AMOUNTS,
    Days,
    Grouping,
    added_up,
    total,
)

__all__ = ("AMOUNTS", "GROUPINGS", "Days", "ranked", "sales", "total")

GROUPINGS: Mapping[str, Grouping] = {
    "month": Grouping(
        names=("month",),
        keys={"dated_on": Invoice.dated_on},
        label=lambda row: (f"{row.dated_on:%Y-%m}",),
        amounts=HEADER_AMOUNTS,
    ),
    "customer": Grouping(
        names=("customer_code", "customer_name"),
        keys={"master_id": Invoice.customer_id},
        label=lambda row: (row.code, row.name),
        amounts=HEADER_AMOUNTS,
        master=Customer,
    ),
    "item": Grouping(
        names=("item_code", "description", "unit"),
        keys={
            "master_id": InvoiceLine.item_id,
            "description": case((InvoiceLine.item_id.is_(None), InvoiceLine.description)),
            "unit": InvoiceLine.unit,
        },
        label=lambda row: (row.code, row.name or row.description, row.unit),
        amounts={**COUNTED, **LINE_AMOUNTS},
        of_lines=True,
        master=Item,
    ),
    "state": Grouping(
        names=("place_of_supply", "state_name"),
        keys={"place": Invoice.place_of_supply},
        label=lambda row: (row.place, state_name(row.place)),
        amounts=HEADER_AMOUNTS,
    ),
    "rate": Grouping(
        names=("gst_rate",),
        keys={"rate": InvoiceLine.gst_rate_thousandths},
        label=lambda row: (from_thousandths(row.rate),),
        amounts=LINE_AMOUNTS,
        of_lines=True,
    ),
    "kind": Grouping(names=("kind",), keys={}, label=lambda row: (row.kind,), amounts=HEADER_AMOUNTS),
}


@demands(Right.REPORT_READ)
def sales(session: Session, business: Business, *, by: str, days: Days) -> list[dict[str, Any]]:
    """Issued documents of those days summed by one of GROUPINGS, credit notes negative; in the order of the key."""
    return added_up(session, business, GROUPINGS[by], days)


def ranked(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows with the highest taxable value first, each with its share of all in per cent."""
    found = sorted(rows, key=lambda row: row["taxable_value"], reverse=True)
    whole = sum((row["taxable_value"] for row in found), Decimal(0))
    return [{**row, "share": percent(row["taxable_value"], whole)} for row in found]


def state_name(place: str) -> str | None:
    """The name of a place of supply."""
    return STATES[place].name if place in STATES else None

"""One page about a business: a period beside the one before it, and what waits to be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from invo_cli.gst.money import rupees
from invo_cli.models import Business, Invoice
from invo_cli.services import ageing, collecting, reports
from invo_cli.services.access import Right, demands
from invo_cli.services.comparing import Comparison, changes
from invo_cli.services.report_sums import AMOUNTS, total
from invo_cli.services.tax_reports import HEADS

LISTED = 5
"""How many customers a page names."""
_COLLECTED = ("received", "refunded", "tds", "net")


@demands(Right.REPORT_READ)
def dashboard(session: Session, business: Business, *, first: date, last: date, today: date) -> dict[str, Any]:
    """Sales, tax and money of the days from `first` to `last`, and what was owed at their end or is owed today."""
    compared = Comparison(first, last)
    as_of = min(last, today)
    return {
        "business": business.code,
        "name": business.name,
        "from": first,
        "to": last,
        "as_of": as_of,
        **_sales(session, business, compared),
        "months": reports.sales(session, business, by="month", days=(compared.year_before, last)),
        "collections": _collections(session, business, compared),
        "top_customers": _best(reports.sales(session, business, by="customer", days=(first, last)), "total"),
        **_owed(ageing.ageing(session, business, as_of=as_of)),
        "drafts": _drafts(session, business),
    }


def _sales(session: Session, business: Business, compared: Comparison) -> dict[str, Any]:
    periods = ((compared.first, compared.last), compared.before)
    now, before = (reports.sales(session, business, by="kind", days=days) for days in periods)
    sums, was = total(now, AMOUNTS), total(before, AMOUNTS)
    tax, previous = (sum((found[head] for head in HEADS), Decimal(0)) for found in (sums, was))
    sold = {"documents": sum(row["documents"] for row in now), "taxable_value": sums["taxable_value"]}
    return {
        "sales": {**sold, "total": sums["total"], **changes(sums["total"], was["total"], "total")},
        "tax": {**{head: sums[head] for head in HEADS}, "tax": tax, **changes(tax, previous, "tax")},
    }


def _collections(session: Session, business: Business, compared: Comparison) -> dict[str, Any]:
    periods = ((compared.first, compared.last), compared.before)
    now, before = (collecting.collections(session, business, by="method", days=days) for days in periods)
    sums = total(now, _COLLECTED)
    return {**sums, **changes(sums["net"], total(before, ["net"])["net"], "net")}


def _owed(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The ageing of all customers together, and those who are late."""
    buckets = zip(ageing.names(), *(row["buckets"] for row in rows), strict=True)
    late = [
        {"customer_code": row["customer"], "customer_name": row["name"], "overdue": _sum(row["buckets"][1:])}
        for row in rows
    ]
    return {
        "receivables": {
            "buckets": [{"name": name, "amount": _sum(amounts)} for name, *amounts in buckets],
            "unallocated": _sum([row["unallocated"] for row in rows]),
            "total": _sum([row["total"] for row in rows]),
        },
        "overdue": _best(late, "overdue"),
    }


def _sum(amounts: Sequence[str]) -> Decimal:
    return sum(map(Decimal, amounts), Decimal("0.00"))


def _best(rows: Sequence[Mapping[str, Any]], measure: str) -> list[Mapping[str, Any]]:
    """The rows with the most of it, without those that have none."""
    found = sorted(rows, key=lambda row: row[measure], reverse=True)
    return [row for row in found[:LISTED] if row[measure] > 0]


def _drafts(session: Session, business: Business) -> dict[str, Any]:
    """What waits to be issued, deleted drafts left out."""
    query = select(func.count(), func.coalesce(func.sum(Invoice.total_paise), 0)).where(
        Invoice.business_id == business.id, Invoice.status == "draft", Invoice.is_deleted.is_(False)
    )
    count, paise = session.execute(query).one()
    return {"documents": count, "total": rupees(int(paise))}

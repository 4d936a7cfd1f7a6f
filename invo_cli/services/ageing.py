"""Receivables by age at any date, summed by the database; Σ of the rows is the ledger's balance of that date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from invo_cli.gst.money import rupees
from invo_cli.models import Business, Customer
from invo_cli.services import ledger
from invo_cli.services.access import Right, demands

DEFAULT_BUCKETS = (30, 60, 90)


@demands(Right.REPORT_READ)
def ageing(
    session: Session, business: Business, *, as_of: date, buckets: Sequence[int] = DEFAULT_BUCKETS, by: str = "due"
) -> list[dict[str, Any]]:
    """One row per customer with a balance, by code; `by` is due or invoice, the date the age is counted from."""
    owed = ledger.owed(business.id, as_of)
    since = owed.c.due_on if by == "due" else owed.c.dated_on
    sums = [
        func.sum(case((inside, owed.c.paise), else_=0)).label(f"bucket{number}")
        for number, inside in enumerate(_bounds(since, as_of, buckets))
    ]
    found = {
        row.customer_id: [int(amount) for amount in row[1:]]
        for row in session.execute(select(owed.c.customer_id, *sums).group_by(owed.c.customer_id))
    }
    free = ledger.unallocated(session, business, as_of=as_of)
    customers = _customers(session, business, found.keys() | free.keys())
    empty = [0] * len(sums)
    return [_row(customer, found.get(customer.id, empty), free.get(customer.id, 0)) for customer in customers]


def names(buckets: Sequence[int] = DEFAULT_BUCKETS) -> list[str]:
    """What the buckets are called: not due, 1-30, 31-60, 61-90, over 90."""
    lows = [1, *(bound + 1 for bound in buckets)]
    ranges = [f"{low}-{high}" for low, high in zip(lows, buckets, strict=False)]
    return ["not due", *ranges, f"over {buckets[-1]}"]


def _bounds(since: Any, as_of: date, buckets: Sequence[int]) -> list[ColumnElement[bool]]:
    """The condition of each bucket: so many days late at the end of `as_of`."""
    edges = [as_of, *(as_of - timedelta(days=bound) for bound in buckets)]
    between = [and_(since < later, since >= earlier) for later, earlier in pairwise(edges)]
    return [since >= as_of, *between, since < edges[-1]]


def _customers(session: Session, business: Business, ids: Any) -> list[Any]:
    query = select(Customer.id, Customer.code, Customer.name).where(Customer.business_id == business.id)
    return [row for row in session.execute(query.order_by(Customer.code_key)) if row.id in ids]


def _row(customer: Any, buckets: Sequence[int], free: int) -> dict[str, Any]:
    return {
        "customer": customer.code,
        "name": customer.name,
        "buckets": [str(rupees(paise)) for paise in buckets],
        "unallocated": str(rupees(free)),
        "total": str(rupees(sum(buckets) - free)),
    }

"""The money that came in: by method, day, month or customer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from invo_cli.gst.money import rupees
from invo_cli.models import Business, Customer, Payment
from invo_cli.services.access import Right, demands
from invo_cli.services.report_sums import Days, order, within

NAMES: Mapping[str, tuple[str, ...]] = {
    "method": ("method",),
    "day": ("date", "method"),
    "month": ("month", "method"),
    "customer": ("customer_code", "customer_name"),
}
"""What the rows stand for, by what they are grouped by."""
_LABELS: Mapping[str, Callable[[Any], tuple[Any, ...]]] = {
    "method": lambda row: (row.method,),
    "day": lambda row: (row.dated_on, row.method),
    "month": lambda row: (f"{row.dated_on:%Y-%m}", row.method),
    "customer": lambda row: (row.code, row.name),
}
_IS_REFUND = Payment.direction == "refund"
_SUMS: Mapping[str, Any] = {
    "payments": func.count(),
    "received": func.sum(case((_IS_REFUND, 0), else_=Payment.amount_paise)),
    "refunded": func.sum(case((_IS_REFUND, Payment.amount_paise), else_=0)),
    "tds": func.sum(Payment.tds_paise),
}


@demands(Right.REPORT_READ)
def collections(session: Session, business: Business, *, by: str, days: Days) -> list[dict[str, Any]]:
    """Money received, given back, and deducted by customers as TDS in those days, by one of NAMES.

    Voided payments were never received: they do not count.
    """
    found: dict[tuple[Any, ...], dict[str, int]] = {}
    for row in session.execute(_query(business, by, days)):
        sums = found.setdefault(_LABELS[by](row), dict.fromkeys(_SUMS, 0))
        for name in sums:
            sums[name] += int(row._mapping[name])
    return [_row(dict(zip(NAMES[by], label, strict=True)), found[label]) for label in sorted(found, key=order)]


def _query(business: Business, by: str, days: Days) -> Select[Any]:
    keys = (Payment.customer_id,) if by == "customer" else (Payment.dated_on, Payment.method)
    sums = [amount.label(name) for name, amount in _SUMS.items()]
    ours = (Payment.business_id == business.id, Payment.voided_on.is_(None), *within(Payment.dated_on, days))
    query: Select[Any] = select(*keys, *sums).where(*ours).group_by(*keys)
    if by != "customer":
        return query
    paid = query.subquery()
    by_id = (Customer.business_id == business.id) & (Customer.id == paid.c.customer_id)
    return select(paid, Customer.code, Customer.name).join(Customer, by_id)


def _row(named: dict[str, Any], sums: Mapping[str, int]) -> dict[str, Any]:
    amounts = {name: rupees(sums[name]) for name in ("received", "refunded", "tds")}
    net = amounts["received"] - amounts["refunded"]
    return {**named, "payments": sums["payments"], **amounts, "net": net}

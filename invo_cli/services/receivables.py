"""What customers owe at the end of any day: Σ of the balances is the ledger's, and that of the ageing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from invo_cli.gst.money import rupees
from invo_cli.models import Business, Customer
from invo_cli.services import ledger
from invo_cli.services.access import Right, demands


@demands(Right.REPORT_READ)
def receivables(session: Session, business: Business, *, as_of: date) -> list[dict[str, Any]]:
    """One row for each customer with a balance, by code.

    Outstanding is what is owed on documents: overdue what was due before that day, due the rest. A document without
    a due date is due on its own day. The balance is what is owed less money and credit not set against documents.
    """
    owed = _owed(session, business, as_of)
    free = ledger.unallocated(session, business, as_of=as_of)
    query = select(Customer.id, Customer.code, Customer.name).where(Customer.business_id == business.id)
    return [
        _row(customer, owed.get(customer.id), free.get(customer.id, 0))
        for customer in session.execute(query.order_by(Customer.code_key))
        if customer.id in owed or customer.id in free
    ]


def _owed(session: Session, business: Business, as_of: date) -> Mapping[int, Any]:
    owed = ledger.owed(business.id, as_of)
    query = select(
        owed.c.customer_id,
        func.count().label("documents"),
        func.sum(owed.c.paise).label("outstanding"),
        func.sum(case((owed.c.due_on < as_of, owed.c.paise), else_=0)).label("overdue"),
        func.min(owed.c.due_on).label("oldest_due_date"),
    )
    return {row.customer_id: row for row in session.execute(query.group_by(owed.c.customer_id))}


def _row(customer: Any, owed: Any, free: int) -> dict[str, Any]:
    outstanding = Decimal("0.00") if owed is None else rupees(int(owed.outstanding))
    overdue = Decimal("0.00") if owed is None else rupees(int(owed.overdue))
    return {
        "customer_code": customer.code,
        "customer_name": customer.name,
        "documents": 0 if owed is None else owed.documents,
        "outstanding": outstanding,
        "due": outstanding - overdue,
        "overdue": overdue,
        "unallocated": rupees(free),
        "balance": outstanding - rupees(free),
        "oldest_due_date": None if owed is None else owed.oldest_due_date,
    }

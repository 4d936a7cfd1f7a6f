"""The books day by day: every movement in order, with running totals."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from invo_cli.gst.money import rupees
from invo_cli.models import Business, Customer
from invo_cli.services import ledger
from invo_cli.services.access import Right, demands
from invo_cli.services.report_sums import Days, within

_NOTHING = Decimal("0.00")


@demands(Right.REPORT_READ)
def daybook(session: Session, business: Business, days: Days) -> Iterator[dict[str, Any]]:
    """Documents, notes, payments, refunds and what was taken back, by date, documents first; streamed.

    A debit is what a customer owes more, a credit what he owes less; both are added up from the first row on.
    """
    debits = credits = _NOTHING
    moved = ledger.movements(business.id)
    by_id = (Customer.business_id == business.id) & (Customer.id == moved.c.customer_id)
    query = select(moved, Customer.code, Customer.name).join(Customer, by_id).where(*within(moved.c.on, days))
    # What is taken back on its own day follows what it takes back.
    is_taken_back = case((moved.c.kind.in_(("amendment", "cancellation", "void")), 1), else_=0)
    query = query.order_by(moved.c.on, moved.c.rank, moved.c.no, is_taken_back, moved.c.kind, moved.c.number)
    with session.execute(query.execution_options(yield_per=500)) as found:
        for row in found:
            amount = rupees(int(row.paise))
            debit, credit = max(amount, _NOTHING), max(-amount, _NOTHING)
            debits, credits = debits + debit, credits + credit
            yield {
                "date": row.on,
                "kind": row.kind,
                "number": row.number,
                "customer_code": row.code,
                "customer_name": row.name,
                "debit": debit,
                "credit": credit,
                "total_debit": debits,
                "total_credit": credits,
            }

"""Lists of payments, the newest first, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from invo_cli.models import Business, Customer, Payment
from invo_cli.services import customers, payments
from invo_cli.services.access import Right, demands

_COLUMNS = Payment.__table__.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which payments to list; both days included, None is open."""

    customer: str | None = None
    days: tuple[date | None, date | None] = (None, None)
    is_unallocated: bool = False
    after: str | None = None
    limit: int | None = None


@demands(Right.PAYMENT_READ)
def search(session: Session, business: Business, wanted: Wanted) -> Iterator[dict[str, Any]]:
    """The payments wanted with what they are set against, streamed; those of one day by their numbers."""
    query = (
        select(*_COLUMNS, Customer.code.label("customer_code"), Customer.name.label("customer_name"))
        .select_from(Payment)
        .join(Customer, (Customer.business_id == Payment.business_id) & (Customer.id == Payment.customer_id))
        .where(Payment.business_id == business.id, *_conditions(session, business, wanted))
        .order_by(Payment.dated_on.desc(), Payment.number_key.desc(), Payment.id.desc())
    )
    if wanted.limit is not None:
        query = query.limit(wanted.limit)
    with session.execute(query.execution_options(yield_per=500)) as found:
        for rows in found.partitions():
            parts = payments.parts(session, business.id, payment_ids=[row.id for row in rows])
            for row in rows:
                more = {
                    "allocations": parts.get(row.id, []),
                    "voucher": row.voucher,
                    "customer_name": row.customer_name,
                }
                yield payments.header(row, row.customer_code) | more


def _conditions(session: Session, business: Business, wanted: Wanted) -> Iterator[Any]:
    first, last = wanted.days
    if wanted.customer is not None:
        yield Payment.customer_id == customers.get(session, business.id, wanted.customer).id
    if first is not None:
        yield Payment.dated_on >= first
    if last is not None:
        yield Payment.dated_on <= last
    if wanted.is_unallocated:
        yield Payment.direction == "receipt"
        yield Payment.voided_on.is_(None)
        yield Payment.amount_paise + Payment.tds_paise > Payment.allocated_paise + Payment.refunded_paise
    if wanted.after is not None:
        cursor = payments.get(session, business, wanted.after)
        place = (cursor.dated_on, cursor.number_key, cursor.id)
        yield tuple_(Payment.dated_on, Payment.number_key, Payment.id) < tuple_(*place)

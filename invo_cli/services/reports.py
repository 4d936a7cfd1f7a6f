"""Reports over issued documents: sums made by the database in whole paise, given as rupees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, case, distinct, extract, func, select
from sqlalchemy.orm import Session

from invo_cli.gst.document import Kind
from invo_cli.gst.money import rupees
from invo_cli.models import Business, Customer, Invoice, InvoiceLine

Days = tuple[date | None, date | None]
_SIGN = case((Invoice.kind == Kind.CREDIT_NOTE.value, -1), else_=1)
_CUSTOMER = (Customer.business_id == Invoice.business_id) & (Customer.id == Invoice.customer_id)
_LINE = (InvoiceLine.business_id == Invoice.business_id) & (InvoiceLine.invoice_id == Invoice.id)
_OUTSTANDING = Invoice.total_paise - Invoice.paid_paise - Invoice.credited_paise
_HEADER_AMOUNTS: Mapping[str, Any] = {
    "taxable_value": Invoice.taxable_paise,
    "cgst": Invoice.cgst_paise,
    "sgst": Invoice.sgst_paise,
    "igst": Invoice.igst_paise,
    "cess": Invoice.cess_paise,
    "total": Invoice.total_paise,
}
_LINE_AMOUNTS: Mapping[str, Any] = {
    "taxable_value": InvoiceLine.taxable_paise,
    "cgst": InvoiceLine.cgst_paise,
    "sgst": InvoiceLine.sgst_paise,
    "igst": InvoiceLine.igst_paise,
    "cess": InvoiceLine.cess_ad_valorem_paise + InvoiceLine.cess_specific_paise,
    "total": InvoiceLine.total_paise,
}
AMOUNTS = tuple(_HEADER_AMOUNTS)


class Grouping(NamedTuple):
    """What the rows of a sales report stand for: the names and the SQL of their key."""

    key: Mapping[str, Any]
    amounts: Mapping[str, Any] = _HEADER_AMOUNTS


GROUPINGS: Mapping[str, Grouping] = {
    "month": Grouping({"year": extract("year", Invoice.dated_on), "month": extract("month", Invoice.dated_on)}),
    "customer": Grouping({"customer_code": Customer.code, "customer_name": Customer.name}),
    "state": Grouping({"place_of_supply": Invoice.place_of_supply}),
    "rate": Grouping({"gst_rate_thousandths": InvoiceLine.gst_rate_thousandths}, _LINE_AMOUNTS),
    "kind": Grouping({"kind": Invoice.kind}),
}
"""By rate the total is that of the lines: other charges and round-off belong to no rate."""


def sales(session: Session, business: Business, *, by: str, days: Days) -> list[dict[str, Any]]:
    """Issued documents of those days summed by one of GROUPINGS, credit notes negative; in the order of the key.

    Cancelled documents do not count, nor do amended ones: their amendment stands for them.
    """
    grouping = GROUPINGS[by]
    sums = [func.sum(_SIGN * amount).label(name) for name, amount in grouping.amounts.items()]
    keys = [source.label(name) for name, source in grouping.key.items()]
    query = select(*keys, func.count(distinct(Invoice.id)).label("documents"), *sums).select_from(Invoice)
    query = query.join(Customer, _CUSTOMER)
    if by == "rate":
        query = query.join(InvoiceLine, _LINE)
    query = _issued(query, business, days).group_by(*grouping.key.values()).order_by(*grouping.key.values())
    return [_in_rupees(row, AMOUNTS) for row in session.execute(query)]


def receivables(session: Session, business: Business, *, as_of: date) -> list[dict[str, Any]]:
    """What each customer owes on documents dated until a day, as paid and credited until now, by customer code.

    Overdue is what was due before that day; what has no due date is due, not overdue.
    """
    overdue = case((Invoice.due_on < as_of, _OUTSTANDING), else_=0)
    query = (
        select(
            Customer.code.label("customer_code"),
            Customer.name.label("customer_name"),
            func.count().label("documents"),
            func.sum(_OUTSTANDING).label("outstanding"),
            func.sum(_OUTSTANDING - overdue).label("due"),
            func.sum(overdue).label("overdue"),
            func.min(Invoice.due_on).label("oldest_due_date"),
        )
        .select_from(Invoice)
        .join(Customer, _CUSTOMER)
        .where(Invoice.kind != Kind.CREDIT_NOTE.value, _OUTSTANDING > 0)
        .group_by(Customer.code, Customer.name)
        .order_by(Customer.code)
    )
    rows = session.execute(_issued(query, business, (None, as_of)))
    return [_in_rupees(row, ("outstanding", "due", "overdue")) for row in rows]


def total(rows: Sequence[Mapping[str, Any]], amounts: Sequence[str]) -> dict[str, Decimal]:
    """The sum of each amount."""
    return {name: sum((row[name] for row in rows), Decimal("0.00")) for name in amounts}


def _issued(query: Select[*tuple[Any, ...]], business: Business, days: Days) -> Select[*tuple[Any, ...]]:
    first, last = days
    query = query.where(Invoice.business_id == business.id, Invoice.status == "issued")
    if first is not None:
        query = query.where(Invoice.dated_on >= first)
    return query if last is None else query.where(Invoice.dated_on <= last)


def _in_rupees(row: Row[*tuple[Any, ...]], amounts: Sequence[str]) -> dict[str, Any]:
    values = dict(row._mapping)
    # PostgreSQL sums bigint into numeric, without a fraction.
    return values | {name: rupees(int(values[name])) for name in amounts}

"""How reports add documents up: one aggregate of the database in whole paise, folded into the rows asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, distinct, func, select
from sqlalchemy.orm import Session

from invo_cli.gst.document import Kind
from invo_cli.gst.money import from_thousandths, rupees
from invo_cli.models import Business, Invoice, InvoiceLine

Days = tuple[date | None, date | None]
"""First and last day, both included; None is open."""
HEADER_AMOUNTS: Mapping[str, Any] = {
    "taxable_value": Invoice.taxable_paise,
    "cgst": Invoice.cgst_paise,
    "sgst": Invoice.sgst_paise,
    "igst": Invoice.igst_paise,
    "cess": Invoice.cess_paise,
    "total": Invoice.total_paise,
}
LINE_AMOUNTS: Mapping[str, Any] = {
    "taxable_value": InvoiceLine.taxable_paise,
    "cgst": InvoiceLine.cgst_paise,
    "sgst": InvoiceLine.sgst_paise,
    "igst": InvoiceLine.igst_paise,
    "cess": InvoiceLine.cess_ad_valorem_paise + InvoiceLine.cess_specific_paise,
    "total": InvoiceLine.total_paise,
}
"""The total is that of the lines: other charges and round-off belong to no line."""
AMOUNTS = tuple(HEADER_AMOUNTS)
COUNTED: Mapping[str, Any] = {"quantity": InvoiceLine.quantity_thousandths}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """What the rows of a report stand for.

    The database groups by `keys`, expressions without parameters; `label` turns such a group into the values of
    `names`, and groups of one label are added up. `master` is the table whose row `master_id` names a group.
    """

    names: tuple[str, ...]
    keys: Mapping[str, Any]
    label: Callable[[Any], tuple[Any, ...]]
    amounts: Mapping[str, Any]
    of_lines: bool = False
    """Lines are added up, not headers."""
    is_counting: bool = True
    master: Any = None


def added_up(session: Session, business: Business, grouping: Grouping, days: Days) -> list[dict[str, Any]]:
    """Issued documents of those days, credit notes negative, in the order of the names; amounts are Decimal.

    Cancelled documents do not count, nor do amended ones: their amendment stands for them.
    """
    return list(_folded(session.execute(_query(business, grouping, days)), grouping))


def is_issued(business: Business, days: Days) -> Iterator[ColumnElement[bool]]:
    """The documents that count: issued, of these days."""
    yield Invoice.business_id == business.id
    yield Invoice.status == "issued"
    yield from within(Invoice.dated_on, days)


def within(column: Any, days: Days) -> Iterator[ColumnElement[bool]]:
    """The condition that a date lies in these days."""
    first, last = days
    if first is not None:
        yield column >= first
    if last is not None:
        yield column <= last


def total(rows: Sequence[Mapping[str, Any]], amounts: Sequence[str]) -> dict[str, Decimal]:
    """The sum of each amount."""
    return {name: sum((row[name] for row in rows), Decimal("0.00")) for name in amounts}


def _query(business: Business, grouping: Grouping, days: Days) -> Select[Any]:
    keys = {"kind": Invoice.kind} | dict(grouping.keys)
    sums = [func.sum(amount).label(name) for name, amount in grouping.amounts.items()]
    labelled = [key.label(name) for name, key in keys.items()]
    query = select(*labelled, *_counts(grouping), *sums).select_from(Invoice)
    if grouping.of_lines:
        ours = (InvoiceLine.business_id == Invoice.business_id) & (InvoiceLine.invoice_id == Invoice.id)
        query = query.join(InvoiceLine, ours)
    query = query.where(*is_issued(business, days)).group_by(*keys.values())
    if grouping.master is None:
        return query
    # Joined after adding up: thousands of names instead of millions of documents.
    found, master = query.subquery(), grouping.master
    by_id = (master.business_id == business.id) & (master.id == found.c.master_id)
    return select(found, master.code.label("code"), master.name.label("name")).outerjoin(master, by_id)


def _counts(grouping: Grouping) -> Iterator[Any]:
    if grouping.is_counting:
        count = func.count(distinct(InvoiceLine.invoice_id)) if grouping.of_lines else func.count()
        yield count.label("documents")


def _folded(rows: Iterable[Row[Any]], grouping: Grouping) -> Iterator[dict[str, Any]]:
    counted = ("documents",) if grouping.is_counting else ()
    found: dict[tuple[Any, ...], dict[str, int]] = {}
    for row in rows:
        sums = found.setdefault(grouping.label(row), dict.fromkeys((*counted, *grouping.amounts), 0))
        sign = -1 if row.kind == Kind.CREDIT_NOTE.value else 1
        for name in counted:
            sums[name] += row.documents
        for name in grouping.amounts:
            # PostgreSQL sums bigint into numeric, without a fraction.
            sums[name] += sign * int(row._mapping[name])
    for label in sorted(found, key=order):
        named = dict(zip(grouping.names, label, strict=True))
        yield named | {name: _value(name, units) for name, units in found[label].items()}


def order(label: tuple[Any, ...]) -> tuple[Any, ...]:
    """How labels are sorted: None before everything."""
    return tuple((value is not None, value) for value in label)


def _value(name: str, units: int) -> Any:
    if name == "documents":
        return units
    return from_thousandths(units) if name in COUNTED else rupees(units)

"""Lists of documents: filtered, in a stable order, page by page without counting rows off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session

from invo_cli.gst.document import Kind
from invo_cli.models import Business, Invoice
from invo_cli.services import customers, invoice_lookup, text_search
from invo_cli.services.access import Right, demands
from invo_cli.services.documents import as_header

SORTS: dict[str, ColumnElement[Any]] = {
    "date": Invoice.__table__.c.dated_on,
    "number": func.coalesce(Invoice.number_key, ""),
    "total": Invoice.__table__.c.total_paise,
    "due": func.coalesce(Invoice.due_on, Invoice.dated_on),
    "customer": Invoice.__table__.c.buyer_name,
}
STATUSES = ("draft", "issued", "cancelled", "amended", "unpaid", "partial", "paid", "overdue")
_OUTSTANDING = Invoice.total_paise - Invoice.paid_paise - Invoice.credited_paise
_NOTES = [kind.value for kind in Kind if kind.is_note]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to list; amounts in paise, both dates inclusive, `sort` one of SORTS with - for descending."""

    statuses: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    customer: str | None = None
    first: date | None = None
    last: date | None = None
    least: int | None = None
    most: int | None = None
    text: str | None = None
    deleted: bool = False
    sort: str = "-date"
    after: str | None = None
    limit: int | None = None


@demands(Right.INVOICE_READ)
def search(session: Session, business: Business, wanted: Wanted, *, today: date) -> Iterator[dict[str, Any]]:
    """The headers wanted, streamed; equal values are ordered by document id, so the order is total."""
    query = invoice_lookup.headers(business).where(*_conditions(session, business, wanted, today))
    query = _ordered(session, business, query, wanted)
    if wanted.limit is not None:
        query = query.limit(wanted.limit)
    # Closed when the reader stops early: on PostgreSQL a cursor of the server is behind it.
    with session.execute(query.execution_options(yield_per=500)) as found:
        for row in found:
            yield as_header(
                dict(row._mapping),
                business=business.code,
                customer=row.customer_code,
                today=today,
                against=row.against_number,
                amends=row.amends_number,
            )


def _ordered(session: Session, business: Business, query: Select[Any], wanted: Wanted) -> Select[Any]:
    descending = wanted.sort.startswith("-")
    column = SORTS[wanted.sort.removeprefix("-")]
    keys = (column, Invoice.document_no)
    if wanted.after is not None:
        cursor = invoice_lookup.get(session, business, wanted.after)
        # The value of the cursor's row, computed by the database itself, so that both sides compare alike.
        value = select(column).where(Invoice.business_id == business.id, Invoice.id == cursor.id).scalar_subquery()
        place = tuple_(value, cursor.document_no)
        query = query.where(tuple_(*keys) < place if descending else tuple_(*keys) > place)
    return query.order_by(*(key.desc() if descending else key.asc() for key in keys))


def _conditions(session: Session, business: Business, wanted: Wanted, today: date) -> Iterator[ColumnElement[bool]]:
    yield from _visible(wanted.deleted)
    if wanted.statuses:
        yield or_(*(_status(word, today) for word in wanted.statuses))
    if wanted.kinds:
        yield Invoice.kind.in_(wanted.kinds)
    if wanted.customer is not None:
        yield Invoice.customer_id == customers.get(session, business.id, wanted.customer).id
    bounds = (
        (wanted.first, Invoice.dated_on.__ge__),
        (wanted.last, Invoice.dated_on.__le__),
        (wanted.least, Invoice.total_paise.__ge__),
        (wanted.most, Invoice.total_paise.__le__),
    )
    for value, compare in bounds:
        if value is not None:
            yield compare(value)
    if wanted.text is not None:
        yield text_search.found(session, business, wanted.text)


def _visible(deleted: bool) -> Iterator[ColumnElement[bool]]:
    """The one place that decides which documents a list shows."""
    if not deleted:
        yield Invoice.is_deleted.is_(False)


def _status(word: str, today: date) -> ColumnElement[bool]:
    """A status, or how far an issued document is paid."""
    if word in ("draft", "issued", "cancelled", "amended"):
        return Invoice.status == word
    payable = and_(Invoice.status == "issued", Invoice.kind.not_in(_NOTES))
    is_late = and_(Invoice.due_on.is_not(None), Invoice.due_on < today)
    touched = Invoice.paid_paise + Invoice.credited_paise > 0
    paid_up = {
        "paid": _OUTSTANDING <= 0,
        "overdue": and_(_OUTSTANDING > 0, is_late),
        "partial": and_(_OUTSTANDING > 0, ~is_late, touched),
        "unpaid": and_(_OUTSTANDING > 0, ~is_late, ~touched),
    }
    return and_(payable, paid_up[word])

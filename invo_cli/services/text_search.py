"""Documents found by a text: by whom they are for, by how their number or their reference begins, or by their serial.

A rare text is answered by indexes alone. A common one (the name of half of all customers) is answered by walking along
the list that was asked for, which ends as soon as the page is full.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from invo_cli.errors import InvalidError
from invo_cli.gst.numbering import NumberPattern, number_key
from invo_cli.gst.periods import FinancialYear
from invo_cli.models import Business, Customer, Invoice, NumberCounter
from invo_cli.services import customers

FEW = 1000
"""So many customers, and so many documents, are fetched one by one; more of them are found by walking."""
_SERIAL = re.compile("0*([1-9][0-9]{0,5})")
_AFTER_ALL = "\U0010ffff"


def found(session: Session, business: Business, text: str) -> ColumnElement[bool]:
    """The documents a text finds, as a condition on a list of documents."""
    named = _customers(business, text)
    theirs = list(session.scalars(named.limit(FEW + 1)))
    numbers = [number_key(number) for number in _numbered(session, business, text)]
    others = (
        _begins(Invoice.number_key, number_key(text)),
        _begins(Invoice.reference, text),
        Invoice.number_key.in_(numbers),
    )
    if len(theirs) <= FEW:
        ways = (Invoice.customer_id.in_(theirs), *others)
        ids = list(session.scalars(union_all(*(_ids(business, way) for way in ways)).limit(FEW + 1)))
        if len(ids) <= FEW:
            return Invoice.id.in_(ids)
    # The sum hides the column: the index of customers is no way to the newest of so many documents.
    return or_((Invoice.customer_id + 0).in_(named), *others)


def _ids(business: Business, way: ColumnElement[bool]) -> Select[int]:
    # Each part is limited by itself, or SQLite would collect all of them before the first is counted.
    ids = select(Invoice.id).where(Invoice.business_id == business.id, way).limit(FEW + 1)
    return select(ids.subquery().c.id)


def _customers(business: Business, text: str) -> Select[int]:
    key = customers.name_key(text)
    return select(Customer.id).where(
        Customer.business_id == business.id, Customer.search_key.contains(key, autoescape=True)
    )


def _begins(column: InstrumentedAttribute[Any], text: str) -> ColumnElement[bool]:
    """Whether a text begins so, as a range that an index can answer."""
    return (column >= text) & (column <= text + _AFTER_ALL)


def _numbered(session: Session, business: Business, text: str) -> Iterator[str]:
    """The numbers that a serial alone, such as 0042, has in each series and year of the business."""
    serial = _SERIAL.fullmatch(text.strip())
    if serial is None:
        return
    counters = select(NumberCounter.series, NumberCounter.financial_year).distinct()
    for series, year in session.execute(counters.where(NumberCounter.business_id == business.id)):
        with suppress(InvalidError):  # a serial that its numbers have no room for
            yield NumberPattern(series).render(FinancialYear(int(year[:4])), int(serial[1]))

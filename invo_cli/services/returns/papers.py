"""The documents of a return, read in batches by their keys: memory grows with the number of documents, not of lines."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Executable, bindparam, case, select
from sqlalchemy.orm import Session

from invo_cli.gst.document import Kind, Supply, Taxability
from invo_cli.gst.returns.books import Document, Line, Original
from invo_cli.gst.returns.ordering import NumberOrder, document_order, number_order
from invo_cli.models import Base

Row = tuple[Any, ...]
AT_ONCE = 500
"""Documents read by one pair of statements."""
_KINDS = {kind.value: kind for kind in Kind}
_SUPPLIES = {supply.value: supply for supply in Supply}
_TAXABILITIES = {taxability.value: taxability for taxability in Taxability}
# Made of all their fields, without the call in Python that gives missing ones their defaults.
_as_line: Callable[[Row], Line] = partial(tuple.__new__, Line)
_as_document: Callable[[Row], Document] = partial(tuple.__new__, Document)
_DAY_OF_HEADER, _DAY_OF_LINE = itemgetter(3), itemgetter(12)
# Tables and not classes, and integers written into the statement: at this size every indirection counts.
_INVOICES, _ROWS = Base.metadata.tables["invoices"], Base.metadata.tables["invoice_lines"].c
_I, _AGAINST = _INVOICES.c, _INVOICES.alias("against")
_IDS: Any = bindparam("ids", expanding=True, literal_execute=True)
_IS_COMPOSITION = case((_I.buyer_gstin.is_not(None), _I.buyer.contains('"is_composition":true')))
_HEADERS = select(
    *(_I.id, _I.kind, _I.number, _I.dated_on, _I.return_period, _I.place_of_supply, _I.total_paise, _I.buyer_gstin),
    *(_I.supply, _I.reverse_charge, _I.differential_thousandths, _I.ecommerce_gstin, _I.ecommerce_section),
    *(_I.shipping_port, _I.shipping_number, _I.shipping_on, _IS_COMPOSITION.label("is_composition")),
    *(_AGAINST.c.number, _AGAINST.c.dated_on, _AGAINST.c.total_paise, _AGAINST.c.return_period),
).outerjoin(_AGAINST, (_AGAINST.c.business_id == _I.business_id) & (_AGAINST.c.id == _I.against_id))
_LINES = select(
    *(_ROWS.invoice_id, _ROWS.taxability, _ROWS.gst_rate_thousandths, _ROWS.taxable_paise, _ROWS.igst_paise),
    *(_ROWS.cgst_paise, _ROWS.sgst_paise, _ROWS.cess_ad_valorem_paise + _ROWS.cess_specific_paise),
    *(_ROWS.hsn, _ROWS.description, _ROWS.unit, _ROWS.quantity_thousandths),
)
_IN = (_I.return_period.in_(bindparam("periods", expanding=True)), _I.status.in_(("issued", "amended")))
_OF_PERIODS = (_I.business_id == bindparam("business"), *_IN)
_HEADERS_BY_DAY = _HEADERS.where(*_OF_PERIODS).order_by(_I.dated_on)
_LINES_BY_DAY = (
    _LINES.add_columns(_I.dated_on)
    .join(_INVOICES, (_I.business_id == _ROWS.business_id) & (_I.id == _ROWS.invoice_id))
    .where(*_OF_PERIODS)
    .order_by(_I.dated_on, _ROWS.invoice_id, _ROWS.line_no)
)
_HEADERS_BY_ID = _HEADERS.where(_I.business_id == bindparam("business"), _I.id.in_(_IDS))
_LINES_BY_ID = _LINES.where(_ROWS.business_id == bindparam("business"), _ROWS.invoice_id.in_(_IDS)).order_by(
    _ROWS.invoice_id, _ROWS.line_no
)
Found = Iterator[tuple[int, Document]]


def of_periods(session: Session, business_id: int, periods: Sequence[str]) -> Found:
    """The documents reported in those months (MMYYYY) with their ids, by date and number; digits count as numbers.

    Two sorted streams are read side by side, a day at a time.
    """
    wanted = {"business": business_id, "periods": periods}
    headers, rows = (streamed(session, query, wanted) for query in (_HEADERS_BY_DAY, _LINES_BY_DAY))
    days = groupby(rows, key=_DAY_OF_LINE)
    for _, group in groupby(headers, key=_DAY_OF_HEADER):
        lines = _grouped(next(days)[1])
        for row in sorted(group, key=_by_number):
            yield row[0], _document(row, lines[row[0]])


def read(session: Session, business_id: int, ids: Sequence[int]) -> Found:
    """The documents of those ids with their lines, in that order."""
    for start in range(0, len(ids), AT_ONCE):
        wanted = {"business": business_id, "ids": ids[start : start + AT_ONCE]}
        lines = _grouped(streamed(session, _LINES_BY_ID, wanted))
        found = {row[0]: row for row in streamed(session, _HEADERS_BY_ID, wanted)}
        for each in ids[start : start + AT_ONCE]:
            yield each, _document(found[each], lines[each])


def in_order(rows: Iterable[Any]) -> list[int]:
    """The ids of documents, given as date, number and id, by date and number; digits count as numbers."""
    return [id for *_, id in sorted((*document_order(date, number), id) for date, number, id in rows)]


def streamed(session: Session, query: Executable, wanted: Mapping[str, Any] | None = None) -> Iterator[Row]:
    """The rows as the driver has them: making rows of SQLAlchemy of them would take as long as reading them.

    So what SQLite stores is not converted: days are texts, flags are 0 and 1.
    """
    options = {"yield_per": AT_ONCE}
    with session.connection().execute(query, wanted, execution_options=options) as result:
        # Not from the cursor itself: the first row of a cursor on the server has been fetched already.
        while rows := result.cursor_strategy.fetchmany(result, result.cursor, AT_ONCE):
            yield from rows


def _by_number(row: Row) -> tuple[NumberOrder, str]:
    return number_order(row[2]), row[2]


def _grouped(rows: Iterable[Row]) -> Mapping[int, list[Line]]:
    """Lines by the document they belong to."""
    lines: dict[int, list[Line]] = defaultdict(list)
    for row in rows:
        lines[row[0]].append(_as_line((_TAXABILITIES[row[1]], *row[2:12])))
    return lines


def _document(row: Row, lines: list[Line]) -> Document:
    _, kind, number, date, period, pos, value, gstin, supply, reverse, *terms, shipped, is_composition = row[:17]
    against, its_date, its_value, its_period = row[17:]
    original = None if against is None else Original(against, _day(its_date), its_value, its_period)
    begin = (_KINDS[kind], number, _day(date), period, pos, value, tuple(lines), gstin, _SUPPLIES[supply])
    end = (shipped and _day(shipped), bool(is_composition), original, None, False, False)
    return _as_document((*begin, bool(reverse), *terms, *end))


@lru_cache(maxsize=4096)
def _day(stored: dt.date | str) -> dt.date:
    """PostgreSQL's driver gives days, SQLite's the texts that it stores."""
    return dt.date.fromisoformat(stored) if isinstance(stored, str) else stored

"""The rows of a batch: what changed in the books of a job since its cursors, as upserts and deletes.

Applied in order by the key fields, all batches of a job make exactly the full export of the same settings: a row that
belongs to it is an upsert, one that no longer does (hidden, or of a status or day that is not wanted) a delete, and
so is the key of a row that is gone altogether (see `vanishing`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    Select,
    Text,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from invo_cli.db.types import UtcDateTime
from invo_cli.errors import InvalidError, UnavailableError
from invo_cli.models import AuditEvent, Business
from invo_cli.services import books
from invo_cli.services.access import Right, demands
from invo_cli.services.export_jobs import vanishing
from invo_cli.services.export_jobs.settings import Settings
from invo_cli.services.exporting import events, measuring, scopes, selecting, streaming
from invo_cli.services.exporting.declaring import DataSet, Field
from invo_cli.services.exporting.selecting import Wanted
from invo_cli.services.exporting.spelling import Style
from invo_cli.services.exporting.streaming import Tally

UPSERT, DELETE = "upsert", "delete"
_OP = "upsert, or delete when the row is to be removed"
_CHUNK = 200
_TYPES: Mapping[str, Any] = {
    **dict.fromkeys(("money", "quantity", "rate", "count"), BigInteger()),
    "date": Date(),
    "instant": UtcDateTime(),
    "flag": Boolean(),
}
Piece = tuple[Select[Any], Sequence[Field]]
"""A SELECT and the fields whose values it has."""


@dataclass(frozen=True, slots=True)
class Window:
    """What is read of one book: the events after one number (0: everything there is) and until another."""

    book: int
    code: str | None
    """Of the business; the system has none."""
    after: int
    until: int


@demands(Right.EXPORT_RUN)
def windows(session: Session, data_set: DataSet, book: int, cursors: Mapping[int, int]) -> list[Window]:
    """What there is to read for a job of a book, as this transaction sees it: that book, or every one for the system.

    A writer holds its book until it commits: whoever sees a book at event n sees every event up to n, whatever the
    order in which transactions began.
    """
    found = [
        Window(scope.book, scope.code, cursors.get(scope.book, 0), measuring.watermark(session, scope.book))
        for scope in _scopes(session, data_set, book)
    ]
    return [replace(each, until=each.after) if _is_its_own_echo(session, each) else each for each in found]


def _is_its_own_echo(session: Session, window: Window) -> bool:
    """Whether nothing but exports was noted in the book of the system: each run would make work for the next one."""
    if window.book != books.SYSTEM or not window.after:
        return False
    found = select(AuditEvent.seq).where(AuditEvent.business_id == window.book, AuditEvent.seq > window.after)
    return session.scalar(found.where(AuditEvent.action != "export.run").limit(1)) is None


def _scopes(session: Session, data_set: DataSet, book: int) -> list[scopes.Scope]:
    is_every = book == books.SYSTEM
    code = scopes.ALL if is_every else _business(session, book).code
    chosen = [] if data_set.book is None else scopes.chosen(session, code)
    return scopes.of(session, data_set, chosen, everything=is_every)


def _business(session: Session, book: int) -> Business:
    found = session.get(Business, book)
    if found is None:  # the job knows it, so it has not reached the replica yet
        raise UnavailableError("The replica does not have this business yet.", hint="Run it again in a moment.")
    return found


def fields(data_set: DataSet, book: int, settings: Settings) -> tuple[Field, ...]:
    """The fields of the rows, without `op`; InvalidError when one is missing that tells the rows apart."""
    found = data_set.chosen(settings.fields)
    keys = [field for field in data_set.fields if field.is_key and (book == books.SYSTEM or field.name != "business")]
    missing = [field.name for field in keys if field not in found]
    if missing:
        raise InvalidError(
            f"Changes of {data_set.name} cannot be told apart without {' and '.join(missing)}.",
            hint=f"Write: --fields {','.join([field.name for field in found] + missing)}",
        )
    return found


def _pieces(
    session: Session, data_set: DataSet, fields: Sequence[Field], window: Window, settings: Settings
) -> Iterator[Piece]:
    """The rows of one book that a batch has, then the keys of those that are gone; `op` is the last field."""
    wanted = _wanted(settings)
    if window.after and not data_set.is_log:
        kept = selecting.condition(data_set, window.book, wanted)
        found = (*fields, _op(case((kept, UPSERT), else_=DELETE)))
        only = and_(_changed(data_set, window), or_(kept, _is_known(data_set, window)))
        yield selecting.rows(data_set, found, window.book, only=only), found
        yield from _gone(session, data_set, found, window)
    else:
        found = (*fields, _op(literal(UPSERT)))
        yield selecting.rows(data_set, found, window.book, wanted, only=_changed(data_set, window)), found


@demands(Right.EXPORT_RUN)
def text(
    session: Session,
    data_set: DataSet,
    fields: Sequence[Field],
    windows: Sequence[Window],
    settings: Settings,
    tally: Tally,
) -> Iterator[bytes]:
    """The text of a batch in pieces, under one heading."""
    first = title = heading(fields, settings)
    for window in windows:
        for rows, found in _pieces(session, data_set, fields, window, settings):
            blocks = streaming.blocks(session, rows, found, _style(settings), guard=not settings.raw, tally=tally)
            yield first + next(blocks).removeprefix(title)
            yield from blocks
            first = b""


def heading(fields: Sequence[Field], settings: Settings) -> bytes:
    """The first line of CSV and TSV."""
    return streaming.heading((*fields, _op(literal(UPSERT))), _style(settings))


@demands(Right.EXPORT_RUN)
def measured(
    session: Session, data_set: DataSet, fields: Sequence[Field], windows: Sequence[Window], settings: Settings
) -> tuple[int, dict[str, Decimal]]:
    """How many rows of a batch are upserts, and what each money field of those comes to in rupees."""
    money = [field for field in fields if field.kind == "money"]
    needed = [*money, *(field for field in data_set.fields if field.is_key)]
    count, sums = 0, {field.name: Decimal("0.00") for field in money}
    for window in windows:
        rows = selecting.rows(data_set, needed, window.book, _wanted(settings), only=_changed(data_set, window))
        count += session.scalar(select(func.count()).select_from(rows.order_by(None).subquery())) or 0
        for name, amount in measuring.totals(session, rows, money).items():
            sums[name] += amount
    return count, sums


def _style(settings: Settings) -> Style:
    return settings.format  # type: ignore[return-value] # checked when the job was made


def _wanted(settings: Settings) -> Wanted:
    return Wanted(statuses=settings.statuses, first=settings.first, last=settings.last, deleted=settings.deleted)


def _gone(session: Session, data_set: DataSet, fields: Sequence[Field], window: Window) -> Iterator[Piece]:
    keys = vanishing.keys(session, data_set, window.book, window.after, window.until)
    while chunk := list(islice(keys, _CHUNK)):
        table = union_all(*(select(*(literal(value).label(name) for name, value in key.items())) for key in chunk))
        values: dict[str, Any] = dict(table.subquery().c) | {"business": literal(window.code), "op": literal(DELETE)}
        found = [replace(field, source=values.get(field.name, _nothing(field))) for field in fields]
        yield select(*(field.source.label(field.name) for field in found)), found


def _nothing(field: Field) -> ColumnElement[Any]:
    return cast(null(), _TYPES.get(field.kind, Text()))


def _op(source: Any) -> Field:
    return Field("op", "word", source, _OP)


def _changed(data_set: DataSet, window: Window) -> Any:
    """What has changed since the last batch; None for a job that has exported nothing yet: that is everything."""
    if not window.after:
        return None
    return selecting.changed(data_set, window.book, after=window.after, until=window.until)


def _is_known(data_set: DataSet, window: Window) -> ColumnElement[bool]:
    """Whether the record was there when the last batch was made; what came and went since needs no delete."""
    before = (AuditEvent.business_id == window.book, AuditEvent.seq <= window.after)
    about = AuditEvent.subject == data_set.subject
    return exists().where(*before, about, AuditEvent.action.not_in(events.NO_CHANGES)).correlate_except(AuditEvent)

"""The SELECT of a data set: the wanted fields of the wanted rows of one book, in the stable order."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from sqlalchemy import Select, and_, select

from invo_cli.db.types import UtcDateTime
from invo_cli.models import AuditEvent
from invo_cli.services.exporting import events
from invo_cli.services.exporting.declaring import DataSet, Field

INDIA = timezone(timedelta(hours=5, minutes=30))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which rows; none of `statuses` stands for every status, both days are included."""

    statuses: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    deleted: bool = False


EVERYTHING = Wanted(deleted=True)


def rows(
    data_set: DataSet, fields: Sequence[Field], book: int, wanted: Wanted = EVERYTHING, *, only: Any = None
) -> Select[Any]:
    """The fields, by their names, of the wanted rows of a book; `only` is a further condition: `changed`, `about`.

    The values are as they are stored: `streaming` gives them their form.
    """
    columns = (field.source.label(field.name) for field in fields)
    query = select(*columns).select_from(data_set.rows).where(condition(data_set, book, wanted))
    return (query if only is None else query.where(only)).order_by(*data_set.order)


def changed(data_set: DataSet, book: int, *, after: int, until: int) -> Any:
    """The condition that a row belongs to a record that an event after one number and until another has changed."""
    if data_set.is_log:
        return and_(AuditEvent.seq > after, AuditEvent.seq <= until)
    return data_set.about(events.changes(book, after, until))


def about(data_set: DataSet, subjects: Collection[str]) -> Any:
    """The condition that a row belongs to one of these audit subjects, such as invoice:D-17."""
    return data_set.about(subjects)


def condition(data_set: DataSet, book: int, wanted: Wanted) -> Any:
    """What holds of every wanted row."""
    own = () if data_set.book is None else (data_set.book == book,)
    return and_(True, *own, *_conditions(data_set, wanted))


def _conditions(data_set: DataSet, wanted: Wanted) -> Iterator[Any]:
    if data_set.hidden is not None and not wanted.deleted:
        yield data_set.hidden.is_(False)
    if wanted.statuses:
        yield data_set.field("status").source.in_(wanted.statuses)
    if data_set.day is not None:
        yield from _within(data_set.day, wanted)


def _within(day: Any, wanted: Wanted) -> Iterator[Any]:
    """The days, compared as days, or as the instants at which they begin in India."""
    if isinstance(day.type, UtcDateTime):
        if wanted.first is not None:
            yield day >= datetime.combine(wanted.first, time(), INDIA)
        if wanted.last is not None:
            yield day < datetime.combine(wanted.last + timedelta(days=1), time(), INDIA)
        return
    if wanted.first is not None:
        yield day >= wanted.first
    if wanted.last is not None:
        yield day <= wanted.last

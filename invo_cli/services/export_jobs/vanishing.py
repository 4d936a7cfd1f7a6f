"""Rows that are in the database no more: lines of a draft that was rewritten, and what an undone import had brought.

Their keys stand in the trail: in the state before an edit, or before an event after which there is nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from invo_cli.gst.periods import FinancialYear
from invo_cli.models import AuditEvent
from invo_cli.services.exporting import events, selecting
from invo_cli.services.exporting.declaring import DataSet

Key = tuple[Any, ...]
_CHUNK = 500
_NOUNS = {
    "invoices": ("invoice",),
    "lines": ("invoice",),
    "customers": ("customer",),
    "items": ("item",),
    "payments": ("payment",),
    "allocations": ("payment", "invoice"),
    "users": ("user",),
}


def keys(session: Session, data_set: DataSet, book: int, after: int, until: int) -> Iterator[Mapping[str, Any]]:
    """The keys, by the names of the fields and without the business, of rows that events of a window took away."""
    found = iter(session.execute(_events(data_set, book, after, until)).all())
    names = [field.name for field in _key_fields(data_set)]
    while chunk := list(islice(found, _CHUNK)):
        known = _known(session, book, after, {subject for subject, _ in chunk})
        there = _there(session, data_set, book, known)
        for subject, before in chunk:
            for key in _READ[data_set.name](subject.partition(":")[2], json.loads(before or "{}")):
                if subject in known and key not in there:
                    there.add(key)  # once, however many events say so
                    yield dict(zip(names, key, strict=True))


def _events(data_set: DataSet, book: int, after: int, until: int) -> Select[str, str | None]:
    """The subjects and former states of the events after which rows may be missing."""
    ends = AuditEvent.after.is_(None)
    takes = or_(ends, AuditEvent.action == "invoice.edit") if data_set.name == "lines" else ends
    nouns = or_(*(AuditEvent.subject.like(f"{noun}:%") for noun in _NOUNS[data_set.name]))
    return (
        events.changes(book, after, until)
        .with_only_columns(AuditEvent.subject, AuditEvent.before)
        .where(AuditEvent.before.is_not(None), takes, nouns)
        .order_by(AuditEvent.seq)
    )


def _known(session: Session, book: int, after: int, subjects: set[str]) -> set[str]:
    """Those that had been there before: what came and went within one window was never exported."""
    query = select(AuditEvent.subject).where(AuditEvent.business_id == book, AuditEvent.subject.in_(subjects))
    return set(session.scalars(query.where(AuditEvent.seq <= after).distinct()))


def _there(session: Session, data_set: DataSet, book: int, subjects: set[str]) -> set[Key]:
    """The keys of the rows that these records have now."""
    only = selecting.about(data_set, sorted(subjects))
    return {tuple(row) for row in session.execute(selecting.rows(data_set, _key_fields(data_set), book, only=only))}


def _key_fields(data_set: DataSet) -> Sequence[Any]:
    return [field for field in data_set.fields if field.is_key and field.name != "business"]


def _named(name: str, before: Mapping[str, Any]) -> list[Key]:
    return [(name,)]


def _lines(name: str, before: Mapping[str, Any]) -> list[Key]:
    return [(line["line"], name) for line in before.get("lines", ())]


def _payment(name: str, before: Mapping[str, Any]) -> list[Key]:
    return [(name, FinancialYear.of(date.fromisoformat(before["date"])).label)]


def _allocations(name: str, before: Mapping[str, Any]) -> list[Key]:
    return [(str(each),) for each in before.get("allocation_ids", ())]


_READ: Mapping[str, Callable[[str, Mapping[str, Any]], list[Key]]] = {
    "invoices": _named,
    "lines": _lines,
    "customers": _named,
    "items": _named,
    "payments": _payment,
    "allocations": _allocations,
    "users": _named,
}
"""How the keys of the rows of a record, in the order of their fields, are read from the state it had."""

"""Rows that are in the database no more: lines of a draft that was rewritten, and what an undone import had brought.

Their keys stand in the trail: in the state before an edit, or in that of a record that was removed. So does what else
names a document, for receivers that know it by its number.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import func, select
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
_NAMING = ("number", "kind", "financial_year", "date")
"""What names a document or payment besides its key, as far as the data set has it."""


def keys(session: Session, data_set: DataSet, book: int, after: int, until: int) -> Iterator[Mapping[str, Any]]:
    """What the trail says of rows that events of a window took away, by the names of the fields: keys, names, change.

    The business is left out: all rows are of one.
    """
    found = _events(session, data_set, book, after, until)
    names = [field.name for field in _key_fields(data_set)]
    naming = [field.name for field in data_set.fields if field.name in _NAMING]
    while chunk := list(islice(found, _CHUNK)):
        subjects = {subject for subject, _ in chunk}
        known = _known(session, book, after, subjects)
        there = _there(session, data_set, book, known)
        change = _last_changes(session, book, after, until, subjects)
        for subject, text in chunk:
            state = json.loads(text or "{}")
            for key in _READ[data_set.name](subject.partition(":")[2], state):
                if subject in known and key not in there:
                    there.add(key)  # once, however many events say so
                    told = {name: state.get(name) for name in naming}
                    yield told | dict(zip(names, key, strict=True)) | {"change": change[subject]}


def _events(session: Session, data_set: DataSet, book: int, after: int, until: int) -> Iterator[tuple[str, str | None]]:
    """The subjects of records that rows may be missing of, each with a state that tells which rows it had."""
    changes = events.changes(book, after, until).with_only_columns(AuditEvent.subject, AuditEvent.before)
    removals = [f"{noun}.remove" for noun in _NOUNS[data_set.name]]
    removed = changes.where(AuditEvent.action.in_(removals)).order_by(AuditEvent.seq)
    if data_set.name != "lines":
        yield from _streamed(session, removed)
        return
    yield from _streamed(session, changes.where(AuditEvent.action == "invoice.edit").order_by(AuditEvent.seq))
    # What is said of a document that is removed has no lines; what was said when it came has them.
    issued = select(AuditEvent.subject, AuditEvent.after).where(AuditEvent.business_id == book)
    gone = removed.with_only_columns(AuditEvent.subject).order_by(None)
    came = issued.where(AuditEvent.action == "invoice.issue", AuditEvent.subject.in_(gone))
    yield from _streamed(session, came.order_by(AuditEvent.seq))


def _streamed(session: Session, query: Any) -> Iterator[tuple[str, str | None]]:
    with session.execute(query, execution_options={"yield_per": _CHUNK}) as rows:
        yield from rows


def _known(session: Session, book: int, after: int, subjects: set[str]) -> set[str]:
    """Those that had been there before: what came and went within one window was never exported."""
    query = select(AuditEvent.subject).where(AuditEvent.business_id == book, AuditEvent.subject.in_(subjects))
    return set(session.scalars(query.where(AuditEvent.seq <= after).distinct()))


def _last_changes(session: Session, book: int, after: int, until: int, subjects: set[str]) -> Mapping[str, int]:
    """The number of the last change of each subject in the window."""
    query = events.changes(book, after, until).where(AuditEvent.subject.in_(subjects))
    last = query.add_columns(func.max(AuditEvent.seq)).group_by(AuditEvent.subject)
    return {subject: seq for subject, seq in session.execute(last)}


def _there(session: Session, data_set: DataSet, book: int, subjects: set[str]) -> set[Key]:
    """The keys of the rows that these records have now."""
    only = selecting.about(data_set, sorted(subjects))
    return {tuple(row) for row in session.execute(selecting.rows(data_set, _key_fields(data_set), book, only=only))}


def _key_fields(data_set: DataSet) -> Sequence[Any]:
    return [field for field in data_set.fields if field.is_key and field.name != "business"]


def _named(name: str, state: Mapping[str, Any]) -> list[Key]:
    return [(name,)]


def _lines(name: str, state: Mapping[str, Any]) -> list[Key]:
    return [(line["line"], name) for line in state.get("lines", ())]


def _payment(name: str, state: Mapping[str, Any]) -> list[Key]:
    return [(name, FinancialYear.of(date.fromisoformat(state["date"])).label)]


def _allocations(name: str, state: Mapping[str, Any]) -> list[Key]:
    return [(str(each),) for each in state.get("allocation_ids", ())]


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

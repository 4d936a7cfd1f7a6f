"""Comparing what documents and payments lean on with the events about it: a business, its customers and items, its
number series and locked months."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from sqlalchemy import Boolean, Date, Row, Text, except_, func, literal, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from invo_cli.db.types import UtcDateTime
from invo_cli.errors import InvalidError
from invo_cli.models import AuditEvent, AuditPersonal, Business, Customer, Item, NumberSeries, PeriodLock
from invo_cli.services import audit, erasing, period_locks
from invo_cli.services.audit_chain import Finding, as_instant, shown

BATCH = 500
Event = Row[*tuple[Any, ...]]
Problem = tuple[int | None, str, str]
"""Sequence number, subject, sentence."""
_SETTINGS = ("series.set", "period.lock", "period.unlock")
_LOCK = ("reason", "locked_by", "arn", "filed_on")
_UNTOLD = "It is there, but the trail does not tell of it."
_GONE = "The trail tells of it, and it is gone."


@dataclass(frozen=True, slots=True)
class _Noun:
    """Records whose events `NOUN.verb` tell them whole."""

    name: str
    table: Any
    owner: str = "business_id"


_NOUNS = (_Noun("business", Business, owner="id"), _Noun("customer", Customer), _Noun("item", Item))


def verify(session: Session, business: Business) -> Iterator[Finding]:
    """Compare the records of a business with the trail, in bounded memory."""
    for noun in _NOUNS:
        with session.connection().execute(_rows(noun, business.id), execution_options={"yield_per": BATCH}) as rows:
            for batch in rows.mappings().partitions():
                for problem in _problems(session, business.id, noun, batch):
                    yield Finding(*problem, business.code)
        for problem in _vanished(session, business.id, noun):
            yield Finding(*problem, business.code)
    for problem in _settings(session, business.id):
        yield Finding(*problem, business.code)


def _problems(session: Session, business_id: int, noun: _Noun, batch: Sequence[Any]) -> Iterator[Problem]:
    events = _events_of(session, business_id, noun, batch)
    for row in batch:
        subject = f"{noun.name}:{row['code']}"
        try:
            is_now, (seq, said) = _as_now(noun, row), _as_told(events[subject])
            other = [name for name in is_now.keys() & said.keys() if not _is_same(is_now[name], said[name])]
        except (AttributeError, LookupError, RecursionError, TypeError, ValueError):
            yield None, subject, "It, or an event about it, cannot be read."
            continue
        if seq is None:
            yield None, subject, _UNTOLD
        for name in sorted(other):
            yield seq, subject, f"{name} is {shown(is_now[name])}, but the trail says {shown(said[name])}."


def _as_now(noun: _Noun, row: Mapping[str, Any]) -> dict[str, Any]:
    """The columns as events tell them; SQLite's driver gives texts and numbers for days, times and truths."""
    return {column.key: _plain(row[column.key], column.type) for column in noun.table.__table__.columns}


def _plain(value: Any, kind: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, Boolean):
        return bool(value)
    if isinstance(kind, UtcDateTime):
        return str(as_instant(value).astimezone(UTC))
    return str(value) if isinstance(kind, Date) else value


def _as_told(events: Sequence[Event]) -> tuple[int | None, dict[str, Any]]:
    """The last event, and what all of them say of the columns together; None after a removal."""
    seq, said = None, dict[str, Any]()
    for event in events:
        told = audit.revealed(event.after, "after", json.loads(event.fields or "{}")) or {}
        verb = event.action.partition(".")[2]
        if verb == "remove":
            seq, said = None, {}
            continue
        if verb == "move":  # told by code: the one it was merged into was merged, too
            told = {"merged_into_id": "sha256:"}
        if verb == "erase":
            told = dict.fromkeys(erasing.FIELDS) | {"name": erasing.ERASED, "is_deleted": True}
        seq, said = event.seq, said | told
    return seq, said


def _is_same(value: Any, said: Any) -> bool:
    return bool(value == said) or str(said).startswith("sha256:")


def _rows(noun: _Noun, business_id: int) -> Any:
    columns = [type_coerce(column, NullType()).label(column.key) for column in noun.table.__table__.columns]
    return select(*columns).where(getattr(noun.table, noun.owner) == business_id).order_by(noun.table.id)


def _events_of(session: Session, business_id: int, noun: _Noun, batch: Sequence[Any]) -> Mapping[str, list[Event]]:
    same_event = (AuditPersonal.business_id == AuditEvent.business_id) & (AuditPersonal.seq == AuditEvent.seq)
    query = (
        select(AuditEvent.seq, AuditEvent.action, AuditEvent.subject, AuditEvent.after, AuditPersonal.fields)
        .outerjoin(AuditPersonal, same_event)
        .where(AuditEvent.business_id == business_id)
        .where(AuditEvent.subject.in_([f"{noun.name}:{row['code']}" for row in batch]))
        .where(AuditEvent.action.startswith(f"{noun.name}.", autoescape=True))
        .order_by(AuditEvent.subject, AuditEvent.seq)
    )
    found: dict[str, list[Event]] = defaultdict(list)
    for event in session.connection().execute(query).all():
        found[event.subject].append(event)
    return found


def _vanished(session: Session, business_id: int, noun: _Noun) -> Iterator[Problem]:
    """Records that the trail tells of and that are gone."""
    ours = AuditEvent.business_id == business_id
    made = ours & (AuditEvent.action == f"{noun.name}.create")
    names = select(literal(f"{noun.name}:", Text) + noun.table.code).where(
        getattr(noun.table, noun.owner) == business_id
    )
    undone = select(AuditEvent.subject).where(ours, AuditEvent.action == f"{noun.name}.remove")
    gone = except_(select(AuditEvent.subject).where(made), names, undone).subquery()
    first = func.min(AuditEvent.seq)
    query = select(first, AuditEvent.subject).where(made, AuditEvent.subject.in_(select(gone)))
    for seq, subject in session.execute(query.group_by(AuditEvent.subject).order_by(first)):
        yield seq, subject, _GONE


def _settings(session: Session, business_id: int) -> Iterator[Problem]:
    """Number series and locked months against the last event about each."""
    ours = AuditEvent.business_id == business_id
    wanted = select(AuditEvent.seq).where(ours, AuditEvent.action.in_(_SETTINGS))
    query = select(AuditEvent.seq, AuditEvent.action, AuditEvent.subject, AuditEvent.after)
    said: dict[tuple[str, str], tuple[int, dict[str, Any] | None]] = {}
    for event in session.execute(query.where(ours, AuditEvent.seq.in_(wanted)).order_by(AuditEvent.seq)):
        try:
            told = json.loads(event.after or "null")
            year = (told["financial_year"] or "") if event.action == "series.set" else ""
        except (LookupError, RecursionError, TypeError, ValueError):
            yield event.seq, event.subject, "The event about it cannot be read."
            continue
        said[event.subject, year] = event.seq, told
    for key, is_now in _settings_now(session, business_id):
        seq, told = said.pop(key, (None, None))
        if told is None:
            yield seq, key[0], _UNTOLD
        elif any(told.get(name) != value for name, value in is_now.items()):
            yield seq, key[0], f"It is {shown(is_now)}, but the trail says otherwise."
    yield from ((seq, subject, _GONE) for (subject, _), (seq, told) in said.items() if told is not None)


def _settings_now(session: Session, business_id: int) -> Iterator[tuple[tuple[str, str], dict[str, Any]]]:
    mine = NumberSeries.business_id == business_id
    for kind, year, pattern in session.execute(
        select(NumberSeries.kind, NumberSeries.financial_year, NumberSeries.pattern).where(mine)
    ):
        yield (f"series:{kind}", year), {"pattern": pattern}
    columns = [type_coerce(getattr(PeriodLock, name), NullType()) for name in _LOCK]
    for period, *values in session.execute(
        select(PeriodLock.period, *columns).where(PeriodLock.business_id == business_id)
    ):
        row = dict(zip(_LOCK, values, strict=True))
        row["filed_on"] = row["filed_on"] and str(row["filed_on"])
        with suppress(InvalidError, TypeError):
            period = period_locks.in_words(period)
        yield (f"period:{period}", ""), row

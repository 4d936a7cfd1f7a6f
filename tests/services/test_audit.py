"""The chain of audit events, written."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from invo_cli.models import AuditEvent, AuditPersonal, Book
from invo_cli.services import audit, books
from tests.factories import ACT, make_business

pytestmark = pytest.mark.integration


def append(session: Session, *events: audit.Event) -> None:
    audit.append(session, books.SYSTEM, ACT, events)


def stored(session: Session) -> list[AuditEvent]:
    session.expire_all()
    query = select(AuditEvent).where(AuditEvent.business_id == books.SYSTEM).order_by(AuditEvent.seq)
    return list(session.scalars(query))


def test_events_are_numbered_without_a_gap_and_chained(db_session: Session) -> None:
    already = len(stored(db_session))
    append(db_session, audit.Event(action="user.create", subject="user:a"))
    append(db_session, *(audit.Event(action="user.edit", subject=f"user:{name}") for name in "bc"))
    events = stored(db_session)
    assert [event.seq for event in events] == list(range(1, already + 4))
    book = db_session.get_one(Book, books.SYSTEM)
    assert (book.last_audit_seq, book.last_audit_hash) == (already + 3, events[-1].hash)
    assert len({event.hash for event in events}) == len(events)


def test_each_business_has_a_chain_of_its_own(db_session: Session) -> None:
    already = len(stored(db_session))
    business = make_business(db_session)
    append(db_session, audit.Event(action="user.create", subject="user:a"))
    assert len(stored(db_session)) == already + 1
    assert db_session.get_one(Book, business.id).last_audit_seq == 1


def test_the_canonical_form_does_not_depend_on_the_order_of_keys() -> None:
    assert audit.canonical({"b": 1, "a": ["ರೂ"]}) == audit.canonical({"a": ["ರೂ"], "b": 1}) == '{"a":["ರೂ"],"b":1}'


def test_personal_values_lie_beside_the_event_at_any_depth(db_session: Session) -> None:
    state = {"code": "C-1", "name": "Asha", "address": None, "lines": [{"name": "Ravi"}]}
    append(db_session, audit.Event(action="x.y", subject="x:1", after=state, personal=frozenset({"name", "address"})))
    event = stored(db_session)[-1]
    kept = json.loads(event.after or "")
    assert kept["name"].startswith("sha256:")
    assert (kept["code"], kept["address"]) == ("C-1", None)
    assert "Asha" not in (event.after or "")
    assert "Ravi" not in (event.after or "")
    beside = db_session.get_one(AuditPersonal, (books.SYSTEM, event.seq))
    values = json.loads(beside.fields)
    assert values == {"after.name": "Asha", "after.lines.0.name": "Ravi"}
    assert audit.digest(beside.salt, "after.name", "Asha") == kept["name"]
    assert audit.revealed(event.after, "after", values) == state
    assert audit.revealed(event.after, "after", {}) == kept
    assert audit.revealed(None, "after", values) is None


def test_the_same_value_has_another_digest_each_time(db_session: Session) -> None:
    event = audit.Event(action="x.y", subject="x:1", after={"name": "Asha"}, personal=frozenset({"name"}))
    append(db_session, event, event)
    first, second = stored(db_session)[-2:]
    assert first.after != second.after


@pytest.mark.parametrize("attack", ["update", "delete", "replace"])
def test_the_database_refuses_to_change_an_event(db_session: Session, attack: str) -> None:
    append(db_session, audit.Event(action="x.y", subject="x:1"))
    event = stored(db_session)[-1]
    columns = {column.key: getattr(event, column.key) for column in AuditEvent.__table__.columns}
    statements = {
        "update": update(AuditEvent).values(actor="nobody"),
        "delete": delete(AuditEvent),
        "replace": insert(AuditEvent).prefix_with("OR REPLACE", dialect="sqlite").values(columns | {"actor": "nobody"}),
    }
    with pytest.raises(DBAPIError), db_session.begin_nested():
        db_session.execute(statements[attack])
    assert stored(db_session)[-1].actor == ACT.actor

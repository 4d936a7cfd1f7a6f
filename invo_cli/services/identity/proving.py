"""Comparing users, tokens and sign-ins with the trail: a role raised in the database itself is found."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from invo_cli.models import ApiToken, AuditEvent, Business, SignIn, TokenBusiness, User, UserBusiness
from invo_cli.services import books
from invo_cli.services.audit_chain import BATCH, Finding, as_instant
from invo_cli.services.identity.passwords import mark

_GONE = "The trail tells of it, and it is gone."
_UNREADABLE = "It, or an event about it, cannot be read."
_LOGIN = "auth.login"
_ENDING = ("auth.logout", "auth.logout_everywhere", "user.password", "user.recover", "user.disable", "user.delete")
"""What ends sign-ins: the first the one with which it was done, the others all of a user."""

_FALLING = ("user.disable", "user.delete", "user.role", "user.limit")


class _Told(NamedTuple):
    """The last event that tells of somebody, and what it says they became."""

    seq: int
    after: dict[str, Any]


def verify(session: Session) -> Iterator[Finding]:
    """What users, tokens and sign-ins are now against what the trail says of them; of secrets it keeps marks only."""
    told, limits = _told(session, "user."), _limits(session, UserBusiness, UserBusiness.user_id)
    _remark(session, told)
    for user in _rows(session, User):
        yield from _compared(f"user:{user['name']}", told, partial(_user, user, limits))
    yield from (Finding(event.seq, subject, _GONE, None) for subject, event in told.items())
    made, revoked = _told(session, "token.create"), _told(session, "token.revoke")
    limits, outlived = _limits(session, TokenBusiness, TokenBusiness.token_id), _outlived(session, made)
    for token in _rows(session, ApiToken):
        subject = f"token:{token['name']}"
        yield from _compared(subject, made, partial(_token, token, limits))
        if token["revoked_at"] is None and (subject in revoked or subject in outlived):
            yield Finding((revoked.get(subject) or outlived[subject]).seq, subject, "It was revoked, and is not.", None)
    yield from (Finding(event.seq, subject, _GONE, None) for subject, event in made.items())
    yield from _invented(session)


def _outlived(session: Session, made: Mapping[str, _Told]) -> dict[str, _Told]:
    """Tokens whose maker was disabled, deleted, limited or admin no more after they were made, with that event."""
    makers = {user["id"]: f"user:{user['name']}" for user in _rows(session, User)}
    fallen: dict[str, _Told] = {}
    columns = (AuditEvent.subject, AuditEvent.seq, AuditEvent.action, AuditEvent.after)
    ours = (AuditEvent.business_id == books.SYSTEM, AuditEvent.action.in_(_FALLING))
    for subject, seq, action, after in session.execute(select(*columns).where(*ours).order_by(AuditEvent.seq)):
        values = _values(after)
        is_harmless = {"user.role": values.get("role") == "admin", "user.limit": not values.get("businesses")}
        if not is_harmless.get(action, False):
            fallen[subject] = _Told(seq, values)
    found: dict[str, _Told] = {}
    for token in _rows(session, ApiToken):
        subject, fall = f"token:{token['name']}", fallen.get(makers.get(token["created_by_id"], ""))
        if fall is not None and subject in made and fall.seq > made[subject].seq:
            found[subject] = fall
    return found


def _user(row: Mapping[str, Any], limits: Mapping[int, list[str]]) -> dict[str, Any]:
    flags = {name: bool(row[name]) for name in ("is_disabled", "is_deleted")}
    mine = {"role": row["role"], "password_mark": mark(row["password_hash"]), "businesses": limits.get(row["id"], [])}
    return mine | flags


def _token(row: Mapping[str, Any], limits: Mapping[int, list[str]]) -> dict[str, Any]:
    times = {"expires_at": str(as_instant(row["expires_at"]))}
    mine = {"role": row["role"], "secret_mark": mark(row["secret_hash"]), "businesses": limits.get(row["id"], [])}
    return mine | times


def _compared(subject: str, told: dict[str, _Told], now: Callable[[], dict[str, Any]]) -> Iterator[Finding]:
    event = told.pop(subject, None)
    if event is None:
        yield Finding(None, subject, "The trail does not tell who made it.", None)
        return
    try:
        is_now = now()
        other = [name for name in is_now if event.after[name] != is_now[name]]
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError):
        yield Finding(event.seq, subject, _UNREADABLE, None)
        return
    if other:
        yield Finding(event.seq, subject, f"It was changed past the trail: {', '.join(other)}.", None)


def _invented(session: Session) -> Iterator[Finding]:
    """Sign-ins that are not over and of which nobody signed in, or somebody else, or that were ended."""
    names = {user["id"]: f"user:{user['name']}" for user in _rows(session, User)}
    live = {f"session:{row['id']}": row for row in _rows(session, SignIn, SignIn.ended_at.is_(None))}
    columns = (AuditEvent.via, AuditEvent.seq, AuditEvent.subject, AuditEvent.action, AuditEvent.after)
    ours = (AuditEvent.business_id == books.SYSTEM, AuditEvent.action.in_((_LOGIN, *_ENDING)))
    told: dict[str, Any] = {}
    ended: dict[str, int] = {}
    query = select(*columns).where(*ours).order_by(AuditEvent.seq).execution_options(yield_per=BATCH)
    for event in session.connection().execute(query):
        if event.action in (_LOGIN, "auth.logout"):
            if event.via in live and event.action == _LOGIN:
                told[event.via] = event
            elif event.via in live:
                ended[event.via] = event.seq
        else:
            ended[event.subject] = event.seq
    for key, row in live.items():
        subject, login = names.get(row["user_id"], "user"), told.get(key)
        if login is None or login.subject != subject or not _is_sign_in(row, _values(login.after)):
            yield Finding(login and login.seq, subject, f"The trail tells of no such sign-in: {key}.", None)
        elif max(ended.get(key, 0), ended.get(subject, 0)) > login.seq:
            yield Finding(login.seq, subject, f"Its sign-in was ended, and is not: {key}.", None)


def _is_sign_in(row: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    try:
        is_now = {"expires_at": str(as_instant(row["expires_at"])), "secret_mark": mark(row["secret_hash"])}
    except (AttributeError, RecursionError, TypeError, ValueError):
        return False
    return is_now.items() <= said.items()


def _rows(session: Session, table: Any, *conditions: Any) -> list[Any]:
    """The rows as the driver gives them: a time that was made unreadable must not end the run."""
    columns = [type_coerce(column, NullType()).label(column.key) for column in table.__table__.columns]
    return list(session.connection().execute(select(*columns).where(*conditions).order_by(table.id)).mappings())


def _limits(session: Session, table: Any, owner: Any) -> dict[int, list[str]]:
    """The codes of the businesses that each user or token is limited to."""
    query = select(owner, Business.code).join(Business, Business.id == table.business_id)
    found: dict[int, list[str]] = {}
    for number, code in session.execute(query.order_by(owner, Business.code)):
        found.setdefault(number, []).append(code)
    return found


def _told(session: Session, actions: str) -> dict[str, _Told]:
    """The last event of some actions about each subject."""
    query = select(AuditEvent.subject, AuditEvent.seq, AuditEvent.after).where(
        AuditEvent.business_id == books.SYSTEM, AuditEvent.action.startswith(actions, autoescape=True)
    )
    found: dict[str, _Told] = {}
    for subject, seq, after in session.execute(query.order_by(AuditEvent.seq)):
        found[subject] = _Told(seq, _values(after))
    return found


def _remark(session: Session, told: dict[str, _Told]) -> None:
    """Take the marks of hashes that were made anew at another cost, when somebody signed in."""
    logins = (AuditEvent.business_id == books.SYSTEM, AuditEvent.action == _LOGIN)
    query = select(AuditEvent.subject, AuditEvent.seq, AuditEvent.after).where(*logins)
    for subject, seq, after in session.execute(query.where(AuditEvent.after.contains("password_mark"))):
        event = told.get(subject)
        if event is not None and event.seq < seq:
            event.after["password_mark"] = _values(after).get("password_mark")


def _values(after: str | None) -> dict[str, Any]:
    try:
        values = json.loads(after or "")
    except (RecursionError, TypeError, ValueError):
        return {}
    return values if isinstance(values, dict) else {}

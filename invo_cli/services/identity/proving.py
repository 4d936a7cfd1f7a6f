"""Comparing users and tokens with the trail: a role raised in the database itself is found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from invo_cli.models import ApiToken, AuditEvent, Business, TokenBusiness, User, UserBusiness
from invo_cli.services import books
from invo_cli.services.audit_chain import Finding

_KEPT = ("role", "is_disabled", "is_deleted")


class _Told(NamedTuple):
    """The last event that tells of somebody, and what it says they became."""

    seq: int
    action: str
    after: dict[str, Any]


def verify(session: Session) -> Iterator[Finding]:
    """What users and tokens are now against what the trail says of them; passwords are not in the trail."""
    told, limits = _told(session, "user."), _limits(session, UserBusiness, UserBusiness.user_id)
    for user in session.scalars(select(User).order_by(User.id)):
        subject = f"user:{user.name}"
        is_now = {name: getattr(user, name) for name in _KEPT} | {"businesses": limits.get(user.id, [])}
        yield from _compared(subject, told.pop(subject, None), is_now)
    yield from (Finding(event.seq, subject, _GONE, None) for subject, event in told.items())
    made, revoked = _told(session, "token.create"), _told(session, "token.revoke")
    limits = _limits(session, TokenBusiness, TokenBusiness.token_id)
    for token in session.scalars(select(ApiToken).order_by(ApiToken.id)):
        subject = f"token:{token.name}"
        is_now = {"role": token.role, "expires_at": token.expires_at, "businesses": limits.get(token.id, [])}
        yield from _compared(subject, made.pop(subject, None), is_now)
        if subject in revoked and token.revoked_at is None:
            yield Finding(revoked[subject].seq, subject, "It was revoked, and is not.", None)
    yield from (Finding(event.seq, subject, _GONE, None) for subject, event in made.items())


_GONE = "The trail tells of it, and it is gone."


def _compared(subject: str, event: _Told | None, is_now: dict[str, Any]) -> Iterator[Finding]:
    if event is None:
        yield Finding(None, subject, "The trail does not tell who made it.", None)
        return
    try:
        was = {name: event.after[name] for name in is_now}
        if "expires_at" in was:
            was["expires_at"] = datetime.fromisoformat(was["expires_at"])
    except (LookupError, TypeError, ValueError):
        yield Finding(event.seq, subject, "The event about it cannot be read.", None)
        return
    other = [name for name in is_now if was[name] != is_now[name]]
    if other:
        yield Finding(event.seq, subject, f"It was changed past the trail: {', '.join(other)}.", None)


def _limits(session: Session, table: Any, owner: Any) -> dict[int, list[str]]:
    """The codes of the businesses that each user or token is limited to."""
    query = select(owner, Business.code).join(Business, Business.id == table.business_id)
    found: dict[int, list[str]] = {}
    for number, code in session.execute(query.order_by(owner, Business.code)):
        found.setdefault(number, []).append(code)
    return found


def _told(session: Session, actions: str) -> dict[str, _Told]:
    """The last event of some actions about each subject."""
    query = select(AuditEvent.subject, AuditEvent.seq, AuditEvent.action, AuditEvent.after).where(
        AuditEvent.business_id == books.SYSTEM, AuditEvent.action.startswith(actions, autoescape=True)
    )
    found: dict[str, _Told] = {}
    for subject, seq, action, after in session.execute(query.order_by(AuditEvent.seq)):
        try:
            values = json.loads(after or "")
        except (TypeError, ValueError):
            values = {}
        found[subject] = _Told(seq, action, values if isinstance(values, dict) else {})
    return found

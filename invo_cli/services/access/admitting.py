"""Letting somebody in: from the secret they show to the principal they are, in one query."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, select, update
from sqlalchemy.orm import Session

from invo_cli.errors import DeniedError
from invo_cli.models import ApiToken, SignIn, TokenBusiness, User, UserBusiness
from invo_cli.services.access.principals import OWNER, Principal
from invo_cli.services.identity.secrets import Sort, hashed, sort_of

IDLE = timedelta(hours=12)
"""A sign-in that was not used for so long is over."""
FRESH = timedelta(minutes=5)
"""How old the note of the last use may grow before it is written again: not every command should write."""
_LOGIN = "Sign in with: invo auth login NAME"
_Found = Row[*tuple[Any, ...]]


class ExpiredError(DeniedError):
    """A sign-in or token whose time is over; the door ends it for good, so that no clock set back revives it."""

    def __init__(self, message: str, table: type[SignIn] | type[ApiToken], number: int) -> None:
        super().__init__(message, hint=_LOGIN)
        self.table, self.number = table, number


def admit(session: Session, secret: str | None, *, now: datetime) -> Principal:
    """Who shows this secret; without users everybody is the owner. DeniedError for everybody else."""
    if secret is None:
        if session.scalar(select(User.id).where(~User.is_deleted).limit(1)) is not None:
            raise DeniedError("Nobody is signed in.", hint=f"{_LOGIN}, or set INVO_TOKEN.")
        return OWNER
    sort = sort_of(secret)
    rows = [] if sort is None else session.execute(_QUERIES[sort](hashed(secret))).all()
    if sort is None or not rows:
        raise DeniedError("The sign-in or token is not known here.", hint=_LOGIN)
    limits = frozenset(row.business_id for row in rows if row.business_id is not None) or None
    return _PRINCIPALS[sort](rows[0], limits, now)


def is_stale(principal: Principal, now: datetime) -> bool:
    """Whether the last use of the sign-in or token was noted too long ago."""
    last = principal.last_used_at
    return principal.key is not None and (last is None or last < now - FRESH)


def note_use(session: Session, principal: Principal, *, now: datetime) -> None:
    """Note that a sign-in or token is used now."""
    table: type[SignIn] | type[ApiToken] = SignIn if principal.via == "session" else ApiToken
    session.execute(update(table).where(table.id == principal.id).values(last_used_at=now))


def end_expired(session: Session, error: ExpiredError, *, now: datetime) -> None:
    """End what has expired."""
    over = {"ended_at": now} if error.table is SignIn else {"revoked_at": now}
    session.execute(update(error.table).where(error.table.id == error.number).values(**over))


def _by_session(secret_hash: str) -> Select[*tuple[Any, ...]]:
    return (
        select(
            *(SignIn.id, SignIn.last_used_at, SignIn.expires_at, SignIn.ended_at.label("over")),
            *(User.id.label("user_id"), User.name, User.role, User.is_disabled, User.is_deleted),
            UserBusiness.business_id,
        )
        .join(User, User.id == SignIn.user_id)
        .outerjoin(UserBusiness, UserBusiness.user_id == User.id)
        .where(SignIn.secret_hash == secret_hash)
    )


def _by_token(secret_hash: str) -> Select[*tuple[Any, ...]]:
    return (
        select(
            *(ApiToken.id, ApiToken.last_used_at, ApiToken.expires_at, ApiToken.revoked_at.label("over")),
            *(ApiToken.name, ApiToken.role, ApiToken.created_by_id, User.is_disabled, User.is_deleted),
            TokenBusiness.business_id,
        )
        .outerjoin(User, User.id == ApiToken.created_by_id)
        .outerjoin(TokenBusiness, TokenBusiness.token_id == ApiToken.id)
        .where(ApiToken.secret_hash == secret_hash)
    )


def _signed_in(found: _Found, limits: frozenset[int] | None, now: datetime) -> Principal:
    if found.over is not None or found.is_disabled or found.is_deleted:
        raise DeniedError("This sign-in was ended.", hint=_LOGIN)
    if min(found.expires_at, found.last_used_at + IDLE) <= now:
        raise ExpiredError("The sign-in has expired.", SignIn, found.id)
    return Principal(
        name=found.name,
        role=found.role,
        via="session",
        id=found.id,
        key=f"session:{found.id}",
        user_id=found.user_id,
        last_used_at=found.last_used_at,
        businesses=limits,
    )


def _with_token(found: _Found, limits: frozenset[int] | None, now: datetime) -> Principal:
    if found.over is not None or found.is_disabled or found.is_deleted:
        raise DeniedError("This token was revoked.", hint=f"{_LOGIN}, or ask an admin for another token.")
    if found.expires_at <= now:
        raise ExpiredError("The token has expired.", ApiToken, found.id)
    return Principal(
        name=found.name,
        role=found.role,
        via="token",
        id=found.id,
        key=f"token:{found.name}",
        user_id=found.created_by_id,
        last_used_at=found.last_used_at,
        businesses=limits,
    )


_QUERIES: Mapping[Sort, Callable[[str], Select[*tuple[Any, ...]]]] = {"session": _by_session, "token": _by_token}
_PRINCIPALS: Mapping[Sort, Callable[[_Found, frozenset[int] | None, datetime], Principal]] = {
    "session": _signed_in,
    "token": _with_token,
}

"""Signing in and out; wrong passwords make the next try wait longer and longer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from invo_cli.db.types import new_id
from invo_cli.errors import DeniedError
from invo_cli.models import ApiToken, SignIn, User
from invo_cli.services import audit, books
from invo_cli.services.access.principals import Principal
from invo_cli.services.acting import Act
from invo_cli.services.identity import passwords
from invo_cli.services.identity.secrets import hashed, new_secret

LIFETIME = timedelta(days=7)
"""A sign-in ends then, however much it is used."""
FREE_TRIES = 5
"""So many wrong passwords in a row cost nothing; each further one doubles the wait."""
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try that is counted already, so that its password can be looked at outside of a transaction."""

    name: str
    user_id: int | None
    password_hash: str | None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new sign-in; the secret is shown here and nowhere else."""

    name: str
    role: str
    secret: str
    expires_at: datetime


def begin(session: Session, name: str, *, act: Act) -> Attempt:
    """Count a try as wrong until it proves right: many at once try no more passwords than one after another.

    Raises DeniedError while the user must wait: the password is not even looked at.
    """
    books.take(session, books.SYSTEM)
    user = session.scalars(select(User).where(User.name_key == name.strip().casefold(), ~User.is_deleted)).first()
    if user is None:
        return Attempt(name, None, None)
    if user.locked_until is not None and user.locked_until > act.at:
        seconds = int((user.locked_until - act.at).total_seconds()) + 1
        raise DeniedError(
            f"There were too many wrong passwords for {user.name}: wait {seconds} seconds.",
            hint=f"Or ask an admin: invo user unlock {user.name}",
        )
    user.failures += 1
    wait = _wait(user.failures)
    user.locked_until = None if wait is None else act.at + wait
    return Attempt(user.name, user.id, None if user.is_disabled else user.password_hash)


def fail(session: Session, attempt: Attempt, *, act: Act) -> None:
    """Tell the audit trail of a wrong password; a name that is nobody's is not told: it may be a password."""
    subject = f"user:{attempt.name}" if attempt.user_id is not None else "user"
    audit.append(session, books.SYSTEM, act, [audit.Event(action="auth.refuse", subject=subject)])


def succeed(session: Session, attempt: Attempt, *, act: Act, rehash: str | None) -> SignedIn:
    """Make a sign-in after the right password; `rehash` replaces a hash of another cost.

    Raises DeniedError when the user was disabled, removed or given another password meanwhile.
    """
    books.take(session, books.SYSTEM)
    user = session.get(User, attempt.user_id, populate_existing=True)
    if user is None or user.is_deleted or user.is_disabled or user.password_hash != attempt.password_hash:
        raise wrong()
    user.failures, user.locked_until = 0, None
    user.password_hash = rehash or user.password_hash
    made, number = SignedIn(user.name, user.role, new_secret("session"), act.at + LIFETIME), new_id()
    session.add(
        SignIn(
            id=number,
            user_id=user.id,
            secret_hash=hashed(made.secret),
            created_at=act.at,
            last_used_at=act.at,
            expires_at=made.expires_at,
            os_user=act.os_user,
            host=act.host,
        )
    )
    session.flush()
    after: dict[str, Any] = {"expires_at": made.expires_at, "secret_mark": passwords.mark(hashed(made.secret))}
    if rehash:
        after["password_mark"] = passwords.mark(rehash)
    event = audit.Event(action="auth.login", subject=f"user:{user.name}", after=after)
    audit.append(session, books.SYSTEM, replace(act, actor=user.name, via=f"session:{number}"), [event])
    return made


def end(session: Session, principal: Principal, *, act: Act, everywhere: bool) -> None:
    """End the sign-in of a principal, or all of that user."""
    ours = SignIn.user_id == principal.user_id if everywhere else SignIn.id == principal.id
    session.execute(update(SignIn).where(ours, SignIn.ended_at.is_(None)).values(ended_at=act.at))
    action = "auth.logout_everywhere" if everywhere else "auth.logout"
    audit.append(session, books.SYSTEM, act, [audit.Event(action=action, subject=f"user:{principal.name}")])


def end_all(session: Session, user: User, *, act: Act) -> None:
    """End every sign-in of a user."""
    session.execute(update(SignIn).where(SignIn.user_id == user.id, SignIn.ended_at.is_(None)).values(ended_at=act.at))


def end_tokens(session: Session, user: User, *, act: Act) -> None:
    """End every token that a user made, or that such a token made."""
    live = (ApiToken.created_by_id == user.id) & ApiToken.revoked_at.is_(None)
    session.execute(update(ApiToken).where(live).values(revoked_at=act.at))


def check(attempt: Attempt, password: str, *, rounds: int) -> bool:
    """Whether the password is right; takes as long for a user who does not exist."""
    return passwords.matches(password, attempt.password_hash, rounds=rounds)


def wrong() -> DeniedError:
    """The one answer to a wrong name and a wrong password."""
    return DeniedError("Wrong name or password.", hint="Check both; after several wrong passwords you have to wait.")


def _wait(failures: int) -> timedelta | None:
    if failures < FREE_TRIES:
        return None
    doublings = min(failures - FREE_TRIES, 10)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)

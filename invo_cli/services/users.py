"""People who work with invo: names, roles and bcrypt hashes of their passwords."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from invo_cli.db.types import as_dict, new_id
from invo_cli.errors import ConflictError, InvalidError, NotFoundError
from invo_cli.gst.text import nearest, quoted
from invo_cli.models import ROLES, User
from invo_cli.services import audit, books
from invo_cli.services.acting import Act

ADMIN, OPERATOR = "admin", "operator"
MIN_PASSWORD_BYTES = 8
MAX_PASSWORD_BYTES = 72
"""bcrypt takes no more."""
_NAME = re.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,49}")


def checked_name(text: str) -> str:
    """A user name: up to 50 letters, digits and . _ @ -, so that no two look alike."""
    name = text.strip()
    if not _NAME.fullmatch(name):
        raise InvalidError(
            f"{quoted(name)} is not a user name.",
            hint="A user name has up to 50 letters A-Z, digits and . _ @ - and begins with a letter or digit.",
        )
    return name


def checked_role(text: str) -> str:
    """One of the roles."""
    if text not in ROLES:
        raise InvalidError(f"There is no role {text}.", hint=f"Roles: {', '.join(ROLES)}.")
    return text


def hash_password(password: str, *, rounds: int) -> str:
    """The bcrypt hash of a password, which has 8 to 72 bytes as UTF-8 after NFC; takes time on purpose."""
    import bcrypt

    data = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    if not MIN_PASSWORD_BYTES <= len(data) <= MAX_PASSWORD_BYTES:
        raise InvalidError(
            f"The password has {len(data)} bytes; {MIN_PASSWORD_BYTES} to {MAX_PASSWORD_BYTES} are allowed.",
            hint="A letter outside of A-Z counts two to four bytes.",
        )
    return bcrypt.hashpw(data, bcrypt.gensalt(rounds)).decode("ascii")


def get(session: Session, name: str) -> User:
    """The user of this name, whatever the case; NotFoundError names the nearest one."""
    user = session.scalars(_visible().where(User.name_key == name.strip().casefold())).first()
    if user is None:
        near = nearest(name, session.scalars(select(User.name).where(~User.is_deleted)))
        raise NotFoundError(f"No user {name}.", hint=f"Did you mean {near}?" if near else "See: invo user list")
    return user


def search(session: Session) -> Sequence[User]:
    """Every user, by name."""
    return session.scalars(_visible().order_by(User.name_key)).all()


def count(session: Session) -> int:
    """How many users there are."""
    return session.scalar(select(func.count()).select_from(_visible().subquery())) or 0


def create(session: Session, *, act: Act, name: str, role: str, password_hash: str) -> User:
    """Add a user; the first one must be an admin, and no name is ever given twice."""
    books.take(session, books.SYSTEM)
    if role != ADMIN and not count(session):
        raise InvalidError("The first user must be an admin.", hint="Add --role admin.")
    key = name.casefold()
    twin = session.scalars(select(User).where(User.name_key == key)).first()
    if twin is not None:
        hint = "The audit trail knows it: choose another." if twin.is_deleted else f"See: invo user show {twin.name}"
        raise ConflictError(f"There {'was' if twin.is_deleted else 'is'} a user {twin.name} already.", hint=hint)
    user = User(
        id=new_id(),
        name=name,
        name_key=key,
        role=role,
        password_hash=password_hash,
        is_disabled=False,
        is_deleted=False,
        created_at=act.at,
        password_changed_at=act.at,
    )
    session.add(user)
    _record(session, user, act, "user.create", None)
    return user


def set_password(session: Session, user: User, *, act: Act, password_hash: str) -> User:
    """Replace the password."""
    before = state(user)
    user.password_hash = password_hash
    user.password_changed_at = act.at
    _record(session, user, act, "user.password", before)
    return user


def set_disabled(session: Session, user: User, disabled: bool, *, act: Act) -> User:
    """Let a user in no more, or again; the last admin stays."""
    if disabled != user.is_disabled:
        before = state(user)
        if disabled:
            _refuse_last_admin(session, user)
        user.is_disabled = disabled
        _record(session, user, act, "user.disable" if disabled else "user.enable", before)
    return user


def delete(session: Session, user: User, *, act: Act) -> User:
    """Remove a user for good; the name stays taken because the audit trail tells it."""
    before = state(user)
    _refuse_last_admin(session, user)
    user.is_deleted = True
    _record(session, user, act, "user.delete", before)
    return user


def state(user: User) -> dict[str, Any]:
    """What an audit event keeps of a user: never the hash of the password."""
    return {name: value for name, value in as_dict(user).items() if name not in ("id", "name_key", "password_hash")}


def _visible() -> Select[User]:
    return select(User).where(~User.is_deleted)


def _refuse_last_admin(session: Session, user: User) -> None:
    # Locks first: two admins may be taken away at the same moment.
    books.take(session, books.SYSTEM)
    others = _visible().where(User.role == ADMIN, ~User.is_disabled, User.id != user.id)
    if user.role == ADMIN and not user.is_disabled and session.scalars(others.limit(1)).first() is None:
        raise ConflictError(
            f"{user.name} is the last admin.", hint="Make another first: invo user create NAME --role admin"
        )


def _record(session: Session, user: User, act: Act, action: str, before: dict[str, Any] | None) -> None:
    session.flush()
    event = audit.Event(action=action, subject=f"user:{user.name}", before=before, after=state(user))
    audit.append(session, books.SYSTEM, act, [event])

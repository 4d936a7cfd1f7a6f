"""People who work with invo: names, roles, the businesses they are limited to, hashes of their passwords."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy import delete as delete_rows
from sqlalchemy.orm import Session

from invo_cli.db.types import as_dict, new_id
from invo_cli.errors import ConflictError, InvalidError, NotFoundError
from invo_cli.gst.text import nearest, quoted
from invo_cli.models import ROLES, ApiToken, Business, User, UserBusiness
from invo_cli.services import audit, books
from invo_cli.services.access import Right, demands
from invo_cli.services.acting import Act
from invo_cli.services.identity import passwords, sign_ins

ADMIN, OPERATOR = "admin", "operator"
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


@demands(Right.USER_MANAGE)
def get(session: Session, name: str) -> User:
    """The user of this name, whatever the case; NotFoundError names the nearest one."""
    user = session.scalars(_visible().where(User.name_key == name.strip().casefold())).first()
    if user is None:
        near = nearest(name, session.scalars(select(User.name).where(~User.is_deleted)))
        raise NotFoundError(f"No user {name}.", hint=f"Did you mean {near}?" if near else "See: invo user list")
    return user


@demands(Right.USER_MANAGE)
def search(session: Session) -> Sequence[User]:
    """Every user, by name."""
    return session.scalars(_visible().order_by(User.name_key)).all()


def count(session: Session) -> int:
    """How many users there are."""
    return session.scalar(select(func.count()).select_from(_visible().subquery())) or 0


@demands(Right.USER_MANAGE)
def create(
    session: Session, *, act: Act, name: str, role: str, password_hash: str, businesses: Sequence[Business] = ()
) -> User:
    """Add a user, limited to some businesses if any are given; the first one must be an admin of all.

    No name is ever given twice.
    """
    books.take(session, books.SYSTEM)
    if (role != ADMIN or businesses) and not count(session):
        raise InvalidError("The first user must be an admin of every business.", hint="Add --role admin.")
    key = name.casefold()
    twin = session.scalars(select(User).where(User.name_key == key)).first()
    if twin is not None:
        hint = "The audit trail knows it: choose another." if twin.is_deleted else f"See: invo user show {twin.name}"
        raise ConflictError(f"There {'was' if twin.is_deleted else 'is'} a user {twin.name} already.", hint=hint)
    if session.scalar(select(ApiToken.id).where(ApiToken.name_key == key)) is not None:
        raise ConflictError(f"There is a token {name}.", hint="The audit trail tells both by name: choose another.")
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
        failures=0,
        locked_until=None,
    )
    session.add(user)
    session.flush()
    session.add_all(UserBusiness(business_id=business.id, user_id=user.id) for business in businesses)
    _record(session, user, act, "user.create", None)
    return user


@demands(Right.USER_MANAGE)
def set_password(session: Session, user: User, *, act: Act, password_hash: str) -> User:
    """Replace the password and end every sign-in made with the old one."""
    return _replace_password(session, user, act, password_hash, "user.password")


@demands(Right.USER_MANAGE)
def recover(session: Session, user: User, *, act: Act, password_hash: str) -> User:
    """Replace a lost password on behalf of whoever owns the database; an action of its own in the audit trail."""
    return _replace_password(session, user, act, password_hash, "user.recover")


@demands(Right.USER_MANAGE)
def set_role(session: Session, user: User, role: str, *, act: Act) -> User:
    """Give another role, at once; the last admin stays one, and of who is admin no more the tokens end."""
    if role != user.role:
        before = state(session, user)
        if role != ADMIN:
            _refuse_last_admin(session, user)
            sign_ins.end_tokens(session, user, act=act)
        user.role = role
        _record(session, user, act, "user.role", before)
    return user


@demands(Right.USER_MANAGE)
def limit(session: Session, user: User, businesses: Sequence[Business], *, act: Act) -> User:
    """Limit a user to some businesses, to none of them is all; the last admin of all stays one.

    A limit ends the tokens that the user made: they may reach further.
    """
    before = state(session, user)
    if businesses:
        _refuse_last_admin(session, user)
        sign_ins.end_tokens(session, user, act=act)
    session.execute(delete_rows(UserBusiness).where(UserBusiness.user_id == user.id))
    session.add_all(UserBusiness(business_id=business.id, user_id=user.id) for business in businesses)
    _record(session, user, act, "user.limit", before)
    return user


@demands(Right.USER_MANAGE)
def unlock(session: Session, user: User, *, act: Act) -> User:
    """Let a user try passwords again at once."""
    if user.failures:
        before = state(session, user)
        user.failures, user.locked_until = 0, None
        _record(session, user, act, "user.unlock", before)
    return user


@demands(Right.USER_MANAGE)
def set_disabled(session: Session, user: User, disabled: bool, *, act: Act) -> User:
    """Let a user in no more, which ends their sign-ins and tokens, or again; the last admin stays."""
    if disabled != user.is_disabled:
        before = state(session, user)
        if disabled:
            _refuse_last_admin(session, user)
            sign_ins.end_all(session, user, act=act)
            sign_ins.end_tokens(session, user, act=act)
        user.is_disabled = disabled
        _record(session, user, act, "user.disable" if disabled else "user.enable", before)
    return user


@demands(Right.USER_MANAGE)
def delete(session: Session, user: User, *, act: Act) -> User:
    """Remove a user for good; the name stays taken because the audit trail tells it."""
    before = state(session, user)
    _refuse_last_admin(session, user)
    sign_ins.end_all(session, user, act=act)
    sign_ins.end_tokens(session, user, act=act)
    user.is_deleted = True
    _record(session, user, act, "user.delete", before)
    return user


@demands(Right.USER_MANAGE)
def codes_of(session: Session, user: User) -> list[str]:
    """The codes of the businesses a user is limited to; none is all."""
    query = select(Business.code).join(UserBusiness, UserBusiness.business_id == Business.id)
    return list(session.scalars(query.where(UserBusiness.user_id == user.id).order_by(Business.code)))


def state(session: Session, user: User) -> dict[str, Any]:
    """What an audit event keeps of a user: never the hash of the password, only a mark of it."""
    kept = {name: value for name, value in as_dict(user).items() if name not in ("id", "name_key", "password_hash")}
    return kept | {"password_mark": passwords.mark(user.password_hash), "businesses": codes_of(session, user)}


def _replace_password(session: Session, user: User, act: Act, password_hash: str, action: str) -> User:
    before = state(session, user)
    user.password_hash = password_hash
    user.password_changed_at = act.at
    user.failures, user.locked_until = 0, None
    sign_ins.end_all(session, user, act=act)
    _record(session, user, act, action, before)
    return user


def _visible() -> Select[User]:
    return select(User).where(~User.is_deleted)


def _refuse_last_admin(session: Session, user: User) -> None:
    # Locks first: two admins may be taken away at the same moment.
    books.take(session, books.SYSTEM)
    is_limited = exists().where(UserBusiness.user_id == User.id)
    admins = _visible().where(User.role == ADMIN, ~User.is_disabled, ~is_limited).with_only_columns(User.id)
    if set(session.scalars(admins.limit(2))) == {user.id}:
        raise ConflictError(
            f"{user.name} is the last admin.", hint="Make another first: invo user create NAME --role admin"
        )


def _record(session: Session, user: User, act: Act, action: str, before: dict[str, Any] | None) -> None:
    session.flush()
    event = audit.Event(action=action, subject=f"user:{user.name}", before=before, after=state(session, user))
    audit.append(session, books.SYSTEM, act, [event])

"""Tokens of programs: made, listed, revoked by an admin; the secret is shown once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from invo_cli.db.types import new_id
from invo_cli.errors import ConflictError, InvalidError, NotFoundError
from invo_cli.gst.text import nearest
from invo_cli.models import ApiToken, Business, TokenBusiness, User
from invo_cli.services import audit, books
from invo_cli.services.access import Right, demands, principal_of
from invo_cli.services.acting import Act
from invo_cli.services.identity.passwords import mark
from invo_cli.services.identity.secrets import hashed, new_secret

LONGEST = timedelta(days=3660)


@demands(Right.USER_MANAGE)
def create(
    session: Session, *, act: Act, name: str, role: str, expires_at: datetime, businesses: Sequence[Business]
) -> tuple[ApiToken, str]:
    """Make a token; the second value is its secret, which nobody can see again.

    Raises ConflictError for a name that was given before, InvalidError for an end in the past or too far away.
    """
    books.take(session, books.SYSTEM)
    if not act.at < expires_at <= act.at + LONGEST:
        raise InvalidError("A token ends after now and within ten years.", hint="For example: --expires 90d")
    twin = session.scalars(select(ApiToken).where(ApiToken.name_key == name.casefold())).first()
    if twin is not None:
        raise ConflictError(
            f"There is a token {twin.name} already.", hint="The audit trail knows it by that name: choose another."
        )
    if session.scalar(select(User.id).where(User.name_key == name.casefold())) is not None:
        raise ConflictError(f"There is a user {name}.", hint="The audit trail tells both by name: choose another.")
    secret, maker = new_secret("token"), principal_of(session)
    token = ApiToken(
        id=new_id(),
        name=name,
        name_key=name.casefold(),
        role=role,
        secret_hash=hashed(secret),
        created_at=act.at,
        created_by_id=maker.user_id,
        expires_at=expires_at,
        last_used_at=None,
        revoked_at=None,
    )
    session.add(token)
    session.flush()
    session.add_all(TokenBusiness(business_id=business.id, token_id=token.id) for business in businesses)
    session.flush()
    after = {"role": role, "expires_at": expires_at, "businesses": [business.code for business in businesses]}
    after["secret_mark"] = mark(token.secret_hash)
    audit.append(session, books.SYSTEM, act, [audit.Event(action="token.create", subject=f"token:{name}", after=after)])
    return token, secret


@demands(Right.USER_MANAGE)
def search(session: Session) -> Sequence[ApiToken]:
    """Every token, revoked and expired ones too, by name."""
    return session.scalars(select(ApiToken).order_by(ApiToken.name_key)).all()


@demands(Right.USER_MANAGE)
def businesses_of(session: Session) -> dict[int, list[str]]:
    """The codes of the businesses each token is limited to, by the token's id."""
    query = select(TokenBusiness.token_id, Business.code).join(Business, Business.id == TokenBusiness.business_id)
    found: dict[int, list[str]] = {}
    for token_id, code in session.execute(query.order_by(TokenBusiness.token_id, Business.code)):
        found.setdefault(token_id, []).append(code)
    return found


@demands(Right.USER_MANAGE)
def revoke(session: Session, name: str, *, act: Act) -> ApiToken:
    """End a token now; again: nothing to do. NotFoundError names the nearest one."""
    books.take(session, books.SYSTEM)
    token = session.scalars(select(ApiToken).where(ApiToken.name_key == name.strip().casefold())).first()
    if token is None:
        near = nearest(name, session.scalars(select(ApiToken.name)))
        raise NotFoundError(f"No token {name}.", hint=f"Did you mean {near}?" if near else "See: invo token list")
    if token.revoked_at is None:
        token.revoked_at = act.at
        session.flush()
        event = audit.Event(action="token.revoke", subject=f"token:{token.name}", after={"revoked_at": act.at})
        audit.append(session, books.SYSTEM, act, [event])
    return token

"""The principal: on whose behalf a session reads and writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from invo_cli.services.access.rights import MATRIX, OF_EVERY_BUSINESS, Right

_KEY = "invo_principal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Somebody who was let in: the name the audit trail tells, the role, and how they were known."""

    name: str | None
    """None while there are no users: then the name is that of the operating system's user."""
    role: str
    via: Literal["session", "token", "none"]
    key: str | None = None
    """What the audit trail keeps of the session or the token: `session:ID` or `token:NAME`."""
    user_id: int | None = None
    """The user; of a token the one who made it, so that what a token makes ends with that user, too."""
    id: int | None = None
    """Of the sign-in or token."""
    last_used_at: datetime | None = None
    """When the sign-in or token was last used, as far as was noted."""
    businesses: frozenset[int] | None = None
    """The businesses they are limited to; None is all of them."""

    def has(self, right: Right) -> bool:
        """Whether the role has a right, and whether the limit to some businesses leaves it."""
        return right in MATRIX[self.role] and (self.businesses is None or right not in OF_EVERY_BUSINESS)

    def reaches(self, business_id: int) -> bool:
        """Whether they may see a business at all."""
        return self.businesses is None or business_id in self.businesses


OWNER = Principal(name=None, role="admin", via="none")
"""Whoever can open a database that has no users; also the program itself, as in migrations and the demo."""


def attach(session: Session, principal: Principal) -> None:
    """Let a principal into a session; every guarded service asks for it."""
    session.info[_KEY] = principal


def principal_of(session: Session) -> Principal:
    """Who was let into a session; RuntimeError when nobody was, since no door was passed."""
    found = session.info.get(_KEY)
    if not isinstance(found, Principal):
        raise RuntimeError("nobody was let into this session")
    return found

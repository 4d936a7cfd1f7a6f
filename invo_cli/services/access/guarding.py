"""The guard: a service that demands a right refuses before it does anything."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from sqlalchemy.orm import Session

from invo_cli.errors import DeniedError, NotFoundError
from invo_cli.models import Business
from invo_cli.services.access.principals import Principal, principal_of
from invo_cli.services.access.rights import MATRIX, Right

Service = TypeVar("Service", bound=Callable[..., Any])
_TELLING = ("business", "business_id", "businesses", "book", "book_id", "key", "job", "payment", "customer")
"""Parameters that say whose data a service is about: a number, a record of one business, or several of them."""


def demands(right: Right) -> Callable[[Service], Service]:
    """Let a service be called only by who has a right, and only for a business they reach.

    The service takes the session first; what is about a business is told by the parameters in _TELLING.
    Raises DeniedError (exit 6), or NotFoundError for a business that exists only for others.
    """

    def guarded(service: Service) -> Service:
        places = [
            (place, name) for place, name in enumerate(inspect.signature(service).parameters, -1) if name in _TELLING
        ]

        @wraps(service)
        def guard(session: Session, *args: Any, **kwargs: Any) -> Any:
            principal = principal_of(session)
            require(principal, right)
            if principal.businesses is not None:
                for place, name in places:
                    _require_reach(principal, args[place] if place < len(args) else kwargs.get(name))
            return service(session, *args, **kwargs)

        guard.__demands__ = right  # type: ignore[attr-defined]
        return cast(Service, guard)

    return guarded


def require(principal: Principal, right: Right) -> None:
    """Raise DeniedError unless the principal has the right."""
    if principal.has(right):
        return
    roles = ", ".join(role for role, rights in MATRIX.items() if right in rights)
    limit = "" if right not in MATRIX[principal.role] else " beyond the businesses they are limited to"
    raise DeniedError(
        f"{principal.name or 'This role'} ({principal.role}) lacks the right {right.value}{limit}.",
        hint=f"Roles with it: {roles}. An admin changes a role with: invo user role NAME ROLE",
        right=right.value,
    )


def _require_reach(principal: Principal, told: Any) -> None:
    for one in told if isinstance(told, list | tuple) else [told]:
        if one is not None and not principal.reaches(_number(one)):
            # The same words as for one that does not exist: its existence is nobody else's business.
            raise NotFoundError("There is no such business.", hint="See: invo business list")


def _number(told: Any) -> int:
    """The number of the business that an argument tells of."""
    if isinstance(told, int):
        return told
    for name in ("business_id", "book") if not isinstance(told, Business) else ("id",):
        if hasattr(told, name):
            return int(getattr(told, name))
    raise TypeError(f"{type(told).__name__} belongs to no business")

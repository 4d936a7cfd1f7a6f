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


def demands(right: Right) -> Callable[[Service], Service]:
    """Let a service be called only by who has a right, and only for a business they reach.

    The service takes the session first; the business is its parameter `business` or `business_id`.
    Raises DeniedError (exit 6), or NotFoundError for a business that exists only for others.
    """

    def guarded(service: Service) -> Service:
        signature = inspect.signature(service)
        names = [name for name in ("business", "business_id") if name in signature.parameters]
        place = list(signature.parameters).index(names[0]) - 1 if names else None

        @wraps(service)
        def guard(session: Session, *args: Any, **kwargs: Any) -> Any:
            principal = principal_of(session)
            require(principal, right)
            if place is not None:
                _require_reach(principal, args[place] if place < len(args) else kwargs.get(names[0]))
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


def _require_reach(principal: Principal, business: Any) -> None:
    if principal.businesses is None or business is None:
        return
    number = business.id if isinstance(business, Business) else business
    if not principal.reaches(number):
        # The same words as for one that does not exist: its existence is nobody else's business.
        raise NotFoundError("There is no such business.", hint="See: invo business list")

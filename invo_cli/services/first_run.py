"""What the first run finds: setting up the same business twice changes nothing, another one is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from invo_cli.errors import ConflictError, NotFoundError
from invo_cli.models import Business
from invo_cli.services import businesses, users


def same_business(session: Session, values: Mapping[str, Any]) -> Business | None:
    """The business that these values describe, None when there is none at all.

    It is the same one by its GSTIN, or without a GSTIN by its state and name. Raises ConflictError for another.
    """
    found = businesses.search(session)
    wanted = businesses.checked(values)
    for business in found:
        if _is_same(business, wanted):
            return business
    if found:
        raise ConflictError(
            f"The database is set up already, for {found[0].code}.", hint="Add another with: invo business create"
        )
    return None


def needs_admin(session: Session, name: str) -> bool:
    """Whether the first user is still to be made; ConflictError when it was another one."""
    if not users.count(session):
        return True
    try:
        users.get(session, name)
    except NotFoundError as error:
        raise ConflictError("There are users already.", hint="Add another with: invo user create") from error
    return False


def _is_same(business: Business, wanted: Mapping[str, Any]) -> bool:
    if wanted.get("gstin"):
        return bool(business.gstin == wanted["gstin"])
    return bool(business.state == wanted["state"] and business.name.casefold() == wanted["name"].casefold())

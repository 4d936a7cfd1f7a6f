"""What the first run finds: setting up the same business twice changes nothing, another one is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from invo_cli.errors import ConflictError
from invo_cli.models import Business, User
from invo_cli.services import businesses
from invo_cli.services.access import Right, demands


@demands(Right.BUSINESS_READ)
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


def code_of(session: Session, values: Mapping[str, Any]) -> str | None:
    """The code of the business with the GSTIN of these values; None when there is none, or no GSTIN is given."""
    gstin = businesses.checked(values).get("gstin")
    return gstin and session.scalar(select(Business.code).where(Business.gstin == gstin))


def needs_admin(session: Session, name: str) -> bool:
    """Whether the first user is still to be made; ConflictError when it was another one."""
    names = set(session.scalars(select(User.name_key).where(~User.is_deleted)))
    if names and name.casefold() not in names:
        raise ConflictError("There are users already.", hint="Add another with: invo user create")
    return not names


def _is_same(business: Business, wanted: Mapping[str, Any]) -> bool:
    if wanted.get("gstin"):
        return bool(business.gstin == wanted["gstin"])
    return bool(business.state == wanted["state"] and business.name.casefold() == wanted["name"].casefold())

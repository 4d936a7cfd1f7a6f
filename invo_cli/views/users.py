"""How a user looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from invo_cli.views.listing import Column, Listing
from invo_cli.views.pages import print_fields

if TYPE_CHECKING:
    from invo_cli.models import User

LISTING = Listing(
    (
        Column("name", "Name"),
        Column("role", "Role"),
        Column("businesses", "Businesses"),
        Column("is_disabled", "Disabled"),
        Column("locked_until", "Locked until", extra=True),
        Column("created_at", "Created", extra=True),
        Column("password_changed_at", "Password changed", extra=True),
    ),
    name="name",
)


def as_row(user: User, businesses: list[str]) -> dict[str, Any]:
    """A user as scripts see it; no business is no limit."""
    return {
        "name": user.name,
        "role": user.role,
        "businesses": businesses,
        "is_disabled": user.is_disabled,
        "locked_until": user.locked_until and user.locked_until.isoformat(timespec="seconds"),
        "created_at": user.created_at.isoformat(timespec="seconds"),
        "password_changed_at": user.password_changed_at.isoformat(timespec="seconds"),
    }


def print_page(row: Any) -> None:
    """One user for a person."""
    print_fields(row["name"], row, skip=("name",))

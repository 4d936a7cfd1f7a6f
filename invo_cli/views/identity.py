"""How sign-ins, tokens and whoever is signed in look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from invo_cli.views.listing import Column, Listing
from invo_cli.views.pages import print_fields

if TYPE_CHECKING:
    from invo_cli.models import ApiToken

SIGN_IN = Listing((Column("user", "User"), Column("role", "Role"), Column("expires", "Expires")), name="user")
WHO = Listing(
    (Column("user", "User"), Column("role", "Role"), Column("businesses", "Businesses"), Column("via", "Via")),
    name="user",
)
TOKENS = Listing(
    (
        Column("name", "Name"),
        Column("role", "Role"),
        Column("businesses", "Businesses"),
        Column("expires", "Expires"),
        Column("last_used", "Last used"),
        Column("revoked", "Revoked"),
    ),
    name="name",
)
NEW_TOKEN = Listing(
    (
        *(Column("name", "Name"), Column("role", "Role"), Column("expires", "Expires"), Column("token", "Token")),
        Column("businesses", "Businesses", extra=True),
    ),
    name="token",
)


def as_token(token: ApiToken, businesses: Sequence[str]) -> dict[str, Any]:
    """A token as scripts see it; its secret is nowhere."""
    return {
        "name": token.name,
        "role": token.role,
        "businesses": list(businesses),
        "expires": token.expires_at.isoformat(timespec="seconds"),
        "last_used": token.last_used_at and token.last_used_at.isoformat(timespec="seconds"),
        "revoked": token.revoked_at and token.revoked_at.isoformat(timespec="seconds"),
    }


def print_sign_in(row: Any) -> None:
    """A new sign-in for a person."""
    print_fields(row["user"], row, skip=("user",))


def print_who(row: Any) -> None:
    """Who is signed in, for a person."""
    print_fields(row["user"], row, skip=("user",))


def print_token(row: Any) -> None:
    """A token for a person; a new one with its secret, which nobody can see again."""
    print_fields(row["name"], row, skip=("name",))

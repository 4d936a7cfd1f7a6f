"""How a code of the official HSN and SAC list looks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from invo_cli.views.listing import Column, Listing
from invo_cli.views.pages import print_fields

LISTING = Listing((Column("code", "Code"), Column("description", "Description", wraps=True)), name="code")
COUNTS = Listing(
    tuple(
        Column(key, key.capitalize(), right=True)
        for key in ("read", "new", "changed", "unchanged", "repaired", "refused")
    ),
    name="new",
)


def as_row(found: Mapping[str, Any]) -> dict[str, Any]:
    """A code as scripts see it; line breaks inside an official description are blanks here."""
    row = dict(found) | {"description": _on_one_line(found["description"])}
    if "parents" in row:
        row["parents"] = [each | {"description": _on_one_line(each["description"])} for each in row["parents"]]
    return row


def print_page(row: Mapping[str, Any]) -> None:
    """One code for a person, with what lies above it."""
    above = {each["code"]: each["description"] for each in row["parents"]}
    print_fields(row["code"], above | {row["code"]: row["description"]})


def print_counts(row: Mapping[str, Any]) -> None:
    """What an import came to."""
    print_fields("HSN and SAC list", row)


def _on_one_line(text: str) -> str:
    return " ".join(text.split())

"""How data sets and their fields look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from invo_cli.views.listing import Column, Listing

LISTING = Listing(
    (Column("name", "Name"), Column("meaning", "What it is", wraps=True), Column("keys", "Key", extra=True)),
    name="name",
)
FIELDS = Listing(
    (
        Column("name", "Field"),
        Column("kind", "Kind"),
        Column("meaning", "What it means", wraps=True),
        Column("key", "Key", extra=True),
        Column("form", "Form", extra=True),
    ),
    name="name",
)
KINDS = {
    "text": "text as it was entered",
    "word": "a word or code of a fixed form",
    "money": "rupees with two decimals",
    "quantity": "a number with three decimals",
    "rate": "per cent, without needless zeros",
    "date": "a day in India, YYYY-MM-DD",
    "instant": "ISO 8601 with microseconds, in UTC",
    "flag": "true or false",
    "count": "a whole number",
}
"""What the values of a field look like."""


class Field(Protocol):
    """One field of a data set."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def kind(self) -> str:
        """What its values are."""

    @property
    def meaning(self) -> str:
        """What they mean."""

    @property
    def is_key(self) -> bool:
        """Whether it belongs to what identifies a row."""


def summary(name: str, meaning: str, keys: Sequence[str]) -> dict[str, Any]:
    """A data set as scripts see it."""
    return {"name": name, "meaning": meaning, "keys": list(keys)}


def as_row(field: Field) -> dict[str, Any]:
    """A field as scripts see it."""
    return {
        "name": field.name,
        "kind": field.kind,
        "meaning": field.meaning,
        "key": field.is_key,
        "form": KINDS[field.kind],
    }

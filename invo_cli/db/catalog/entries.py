"""One object of a schema a line: how it is written down, and what differs between two schemas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Key(NamedTuple):
    """What an object is: the table it belongs to (a function to none), its kind, and its name."""

    table: str
    kind: str
    name: str


Catalog = dict[Key, str]
"""Every object of a schema with its definition, in one spelling."""


class Change(NamedTuple):
    """An object that is not as it is recorded; None where there is none."""

    key: Key
    recorded: str | None
    found: str | None


def dumped(catalog: Catalog) -> str:
    """The schema as text: a line for each object, in the order of their names."""
    return "".join("\t".join((*key, catalog[key])) + "\n" for key in sorted(catalog))


def parsed(text: str) -> Catalog:
    """The schema that was written down."""
    lines = (line.split("\t", 3) for line in text.splitlines())
    return {Key(table, kind, name): definition for table, kind, name, definition in lines}


def changes(recorded: Catalog, found: Catalog) -> Iterator[Change]:
    """What differs; of a table that is missing or not expected the table alone."""
    whole = {key.table for key in recorded.keys() ^ found.keys() if key.kind == "table"}
    for key in sorted(recorded.keys() | found.keys()):
        is_part = key.table in whole and key.kind != "table"
        if recorded.get(key) != found.get(key) and not is_part:
            yield Change(key, recorded.get(key), found.get(key))


def collapsed(words: Iterable[str]) -> str:
    """Words with one space between them."""
    return " ".join(" ".join(words).split())

"""The schema of an SQLite file, read off the statements that it keeps."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlalchemy import Connection

from invo_cli.db.catalog.entries import Catalog, Key

_TOKEN = re.compile(
    r"""(?P<text>'(?:[^']|'')*') | "(?P<quoted>(?:[^"]|"")*)" | `(?P<ticked>[^`]*)` | \[(?P<bracketed>[^]]*)\]
    | --[^\n]* | /\*.*?\*/ | (?P<word>[\w.$]+) | (?P<sign><>|<=|>=|!=|==|\|\||[^\w\s])""",
    re.VERBOSE | re.DOTALL,
)
_CONSTRAINTS = {"CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"}
_OBJECTS = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"


def read(connection: Connection) -> Catalog:
    """Every table, column, constraint, index, trigger and view."""
    catalog: Catalog = {}
    for kind, name, table, sql in connection.exec_driver_sql(_OBJECTS):
        if kind == "table":
            catalog.update(_table(name, sql))
        else:
            catalog[Key(table, kind, name)] = spelled(tokens(sql))
    return {key: text for key, text in catalog.items() if key.table != "alembic_version"}


def tokens(sql: str) -> list[str]:
    """The words and signs of a statement, without comments; names without their quotes."""
    found = []
    for match in _TOKEN.finditer(sql):
        name = match["quoted"] or match["ticked"] or match["bracketed"]
        part = name if name is not None else match["text"] or match["word"] or match["sign"]
        if part:
            found.append(part)
    return found


def spelled(parts: list[str]) -> str:
    """A statement in one spelling, however it was typed."""
    text = ""
    for part in parts:
        is_close = not text or text.endswith("(") or part in (")", ",", ";")
        text += part if is_close else f" {part}"
    return text


def _table(name: str, sql: str) -> Iterator[tuple[Key, str]]:
    parts = tokens(sql)
    start, end = parts.index("("), len(parts) - parts[::-1].index(")") - 1
    yield Key(name, "table", name), spelled(parts[end + 1 :])
    for item in _items(parts[start + 1 : end]):
        if item[0].upper() in _CONSTRAINTS:
            yield _constraint(name, item)
        else:
            yield from _column(name, item)


def _items(parts: list[str]) -> Iterator[list[str]]:
    """The definitions between the outer parentheses."""
    depth, item = 0, list[str]()
    for part in parts:
        depth += (part == "(") - (part == ")")
        if part == "," and not depth:
            yield item
            item = []
        else:
            item.append(part)
    yield item


def _constraint(table: str, item: list[str]) -> tuple[Key, str]:
    if item[0].upper() == "CONSTRAINT":
        return Key(table, "constraint", item[1]), spelled(item[2:])
    return Key(table, "constraint", f"({spelled(item)})"), spelled(item)


def _column(table: str, item: list[str]) -> Iterator[tuple[Key, str]]:
    """The column, and apart from it a named check that stands with it."""
    rest = item[1:]
    upper = [part.upper() for part in rest]
    while "CONSTRAINT" in upper:
        start = upper.index("CONSTRAINT")
        end = _end(rest, start + 2)
        yield Key(table, "constraint", rest[start + 1]), spelled(rest[start + 2 : end])
        del rest[start:end], upper[start:end]
    yield Key(table, "column", item[0]), spelled(rest)


def _end(parts: list[str], start: int) -> int:
    """Where the constraint that begins at `start` ends: after its last parenthesis, or its word."""
    depth = 0
    for position in range(start, len(parts)):
        depth += (parts[position] == "(") - (parts[position] == ")")
        if parts[position] == ")" and not depth:
            return position + 1
    return len(parts)

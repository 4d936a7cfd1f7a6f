"""The rows of a data set, and their text, by the engine and value by value."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from invo_cli.models import Business
from invo_cli.services.exporting import selecting, streaming
from invo_cli.services.exporting.declaring import DataSet, Field
from invo_cli.services.exporting.selecting import Wanted
from invo_cli.services.exporting.spelling import Style
from invo_cli.services.exporting.streaming import Tally

STYLES: tuple[Style, ...] = ("csv", "tsv", "jsonl")


def cells(
    session: Session,
    data_set: DataSet,
    business: Business,
    names: str | None = None,
    wanted: Wanted = selecting.EVERYTHING,
    only: Any = None,
) -> list[tuple[Any, ...]]:
    fields = data_set.chosen(names)
    query = selecting.rows(data_set, fields, business.id, wanted, only=only)
    return [tuple(row) for row in streaming.cells(session, query, fields, tally=Tally())]


def text_of(
    session: Session,
    data_set: DataSet,
    business: Business,
    style: Style,
    names: str | None = None,
    *,
    guard: bool = False,
) -> bytes:
    fields = data_set.chosen(names)
    query = selecting.rows(data_set, fields, business.id)
    return b"".join(streaming.blocks(session, query, fields, style, tally=Tally(), guard=guard))


def reference(fields: Sequence[Field], found: Sequence[Sequence[Any]], style: Style) -> bytes:
    """The same text, written value by value."""
    if style == "jsonl":
        lines = [dict(zip((field.name for field in fields), map(typed, fields, row), strict=True)) for row in found]
        return "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines).encode()
    comma = "," if style == "csv" else "\t"
    table = [[field.name for field in fields], *found]
    return "".join(comma.join(quoted(value, comma) for value in row) + "\n" for row in table).encode()


def typed(field: Field, value: str | None) -> Any:
    if value is None or field.kind not in ("flag", "count"):
        return value
    return value == "true" if field.kind == "flag" else int(value)


def quoted(value: str | None, comma: str) -> str:
    if value is None:
        return ""
    awkward = value == "" or any(character in value for character in (comma, '"', "\n", "\r"))
    return '"' + value.replace('"', '""') + '"' if awkward else value

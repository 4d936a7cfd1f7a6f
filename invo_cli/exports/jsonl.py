"""JSON Lines: one object for each row; money as strings with two decimals, dates ISO 8601, null for what is absent."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TextIO

from invo_cli.exports.fields import Field, Kind, converted, money_text

_AS_JSON: Mapping[Kind, Callable[[Any], Any]] = {"money": money_text, "date": str, "flag": bool}


def write_jsonl(rows: Iterable[Sequence[Any]], fields: Sequence[Field], out: TextIO) -> int:
    """Write every row with the names of the fields as keys; return how many there were."""
    names = [field.name for field in fields]
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    count = 0
    for cells in converted(rows, fields, _AS_JSON):
        count += 1
        out.write(encode(dict(zip(names, cells, strict=True))) + "\n")
    return count

"""CSV: a heading, then one line for each row; text as it is stored, empty for null."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TextIO

from invo_cli import unix_csv
from invo_cli.exports.fields import Field, Kind, converted, money_text

_AS_TEXT: Mapping[Kind, Callable[[Any], str]] = {
    "money": money_text,
    "flag": lambda value: "true" if value else "false",
}


def write_csv(rows: Iterable[Sequence[Any]], fields: Sequence[Field], out: TextIO) -> int:
    """Write every row under the names of the fields; return how many there were."""
    writer = unix_csv.writer(out)
    writer.writerow(field.name for field in fields)
    count = 0
    for cells in converted(rows, fields, _AS_TEXT):
        count += 1
        writer.writerow(cells)
    return count

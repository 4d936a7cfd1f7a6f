"""CSV: a heading, then one line for each row; text as it is stored, empty for null."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TextIO

from invo_cli.exports.fields import Field, Kind, converted, money_text

_AS_TEXT: Mapping[Kind, Callable[[Any], str]] = {
    "money": money_text,
    "flag": lambda value: "true" if value else "false",
}


class _UnixLines:
    """Ends lines with a newline alone.

    csv only quotes the characters of its own line end, and a carriage return within a text must be quoted, so the
    writer is told to end lines with both.
    """

    def __init__(self, out: TextIO) -> None:
        self._write = out.write

    def write(self, line: str) -> int:
        return self._write(line[:-2] + "\n")


def write_csv(rows: Iterable[Sequence[Any]], fields: Sequence[Field], out: TextIO) -> int:
    """Write every row under the names of the fields; return how many there were."""
    writer = csv.writer(_UnixLines(out), lineterminator="\r\n")
    writer.writerow(field.name for field in fields)
    count = 0
    for cells in converted(rows, fields, _AS_TEXT):
        count += 1
        writer.writerow(cells)
    return count

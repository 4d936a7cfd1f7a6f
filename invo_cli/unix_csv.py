"""CSV with lines that end in a newline alone, and yet every carriage return within a text quoted."""

from __future__ import annotations

import csv
from typing import Any, TextIO


class _UnixLines:
    """Ends lines with a newline alone.

    csv only quotes the characters of its own line end, and a carriage return within a text must be quoted, so the
    writer is told to end lines with both.
    """

    def __init__(self, out: TextIO) -> None:
        self._write = out.write

    def write(self, line: str) -> int:
        return self._write(line[:-2] + "\n")


def writer(out: TextIO, delimiter: str = ",") -> Any:
    """A csv writer on `out`."""
    return csv.writer(_UnixLines(out), delimiter=delimiter, lineterminator="\r\n")

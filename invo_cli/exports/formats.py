"""The formats of files: which one is meant, and who writes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain, islice
from pathlib import PurePath
from typing import Any, TextIO

from invo_cli.errors import InvalidError
from invo_cli.exports.delimited import write_csv
from invo_cli.exports.fields import Field
from invo_cli.exports.jsonl import write_jsonl
from invo_cli.gst.text import nearest

Writer = Callable[[Iterable[Sequence[Any]], Sequence[Field], TextIO], int]
WRITERS: Mapping[str, Writer] = {"csv": write_csv, "jsonl": write_jsonl}


def chosen(wanted: str | None, target: str, usual: str | None = None) -> str:
    """The format asked for, else the ending of the file's name, else the usual one if it is among these, else csv."""
    ending = PurePath(target).suffix.removeprefix(".").lower()
    name = wanted or ending or (usual if usual in WRITERS else None) or "csv"
    if name in WRITERS:
        return name
    near = nearest(name, WRITERS)
    hint = f"Did you mean {near}?" if near else f"Say which with --format: {', '.join(WRITERS)}."
    raise InvalidError(f"There is no export format {name}.", hint=hint)


def write(name: str, rows: Iterable[Sequence[Any]], fields: Sequence[Field], out: TextIO) -> int:
    """Write the rows in a format; return how many there were.

    The first row is fetched before a byte is written: a database that refuses leaves the output empty.
    """
    waiting = iter(rows)
    first = list(islice(waiting, 1))
    return WRITERS[name](chain(first, waiting), fields, out)

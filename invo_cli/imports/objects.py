"""JSON Lines: one object a line, read exactly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from invo_cli.errors import InvalidError
from invo_cli.gst.records import RowProblem, Unreadable
from invo_cli.gst.strict_json import load_json
from invo_cli.imports import lines
from invo_cli.imports.sources import Source

_PLACE = re.compile(r" at line 1, column ([0-9]+)")


def objects(source: Source) -> Iterator[tuple[int, dict[str, Any] | Unreadable]]:
    """Every object with its line; a line that is none is given as unreadable. Blank lines are passed over."""
    for number, line in raw(source):
        try:
            yield number, load_json(line.rstrip("\r\n"))
        except InvalidError as error:
            message = _PLACE.sub(r" at column \1", error.message).replace("The document", "The line")
            problem = RowProblem(line=number, code="json", message=message, hint=error.hint)
            yield number, Unreadable(number, (problem,))


def raw(source: Source) -> Iterator[tuple[int, str]]:
    """Every line that is not blank, with its number."""
    with lines.opened(source.path, source.name) as text:
        for number, line in enumerate(lines.numbered(text, source.name), 1):
            if line.strip():
                yield number, line

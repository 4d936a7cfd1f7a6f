"""Comparing a record of a file with the one that is stored under its key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from invo_cli.errors import ConflictError
from invo_cli.gst.text import quoted


def require_same(what: str, given: Mapping[str, Any], stored: Any) -> None:
    """Raise ConflictError when something given differs from the stored record; what is not given is no difference."""
    for column, value in given.items():
        there = getattr(stored, column)
        if value is not None and value != there:
            shown = "nothing" if there is None else quoted(str(there))
            raise ConflictError(
                f"{what} differs from the stored one in {column}: {shown} there, {quoted(str(value))} here.",
                hint="An import changes nothing that is there: edit the record, or take the row out.",
                code="differs",
                column=column,
            )

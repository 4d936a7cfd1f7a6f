"""The options that customers and items share: codes, and how their lists are narrowed and paged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from invo_cli.errors import InvalidError
from invo_cli.gst.reading_values import LIMITS, check_code
from invo_cli.gst.text import clean_text, quoted


def text(what: str, limit: str) -> Callable[[str], str]:
    """A parser for a text of at most `LIMITS[limit]` characters, as document files have it."""

    def parse(value: str) -> str:
        return clean_text(value, what=what, limit=LIMITS[limit])

    return parse


def deleted(word: str) -> str:
    """The word `deleted`, the only one that may be included."""
    if word != "deleted":
        raise InvalidError(f"{quoted(word)} cannot be included.", hint="Use --include deleted.")
    return word


Code = Annotated[str | None, typer.Option(parser=check_code, metavar="CODE", help="Left out: the next one.")]


Search = Annotated[
    str | None, typer.Option(parser=text("Search text", "name"), metavar="TEXT", help="Any part, in any case.")
]
Include = Annotated[str | None, typer.Option(parser=deleted, metavar="deleted", help="List deleted ones too.")]
Limit = Annotated[int | None, typer.Option(min=1, metavar="N", help="At most this many.")]
After = Annotated[str | None, typer.Option(parser=text("Code", "code"), metavar="CODE", help="Go on behind this code.")]
Everything = Annotated[bool, typer.Option("--all", help="No limit on a terminal.")]


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is wanted; `rows` to print, None for all."""

    search: str | None
    include: str | None
    after: str | None
    rows: int | None

    def wanted(self) -> dict[str, Any]:
        """The keyword arguments of a search; one row more than is printed tells whether there are more."""
        limit = None if self.rows is None else self.rows + 1
        return {"text": self.search, "deleted": bool(self.include), "after": self.after, "limit": limit}

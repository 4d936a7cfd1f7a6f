"""The options that every import shares."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

import typer

from invo_cli.commands import selection
from invo_cli.errors import InvalidError
from invo_cli.gst.text import clean_text, quoted

_BATCH = re.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,59}")


def _batch(text: str) -> str:
    """The name of a batch."""
    if not _BATCH.fullmatch(text):
        raise InvalidError(
            f"Batch {quoted(text)} may hold only letters, digits and . _ - and is at most 60 long.",
            hint="For example: books-2024-25",
        )
    return text


def _on_error(word: str) -> str:
    return selection.one_of(word, ("abort", "skip"), "way to go on")


def reason(text: str) -> str:
    """Why something unusual is right."""
    return clean_text(text, what="Reason", limit=500)


File = Annotated[str, typer.Argument(metavar="FILE|-", help="CSV, JSON Lines or .xlsx; - is standard input.")]
Batch = Annotated[str, typer.Argument(metavar="BATCH", help="Its name, as `invo import list` shows it.")]
AllowRate = Annotated[
    str | None,
    typer.Option("--allow-rate", parser=reason, metavar="REASON", help="Take rates outside the list of their date."),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFlags:
    """How a file is read, and what becomes of records that are wrong."""

    format: Annotated[
        str | None, typer.Option("--format", metavar="FORMAT", help="csv, jsonl or xlsx; left out: as the file is.")
    ] = None
    map: Annotated[
        str | None, typer.Option("--map", metavar="FILE", help="TOML or JSON: what other headings mean here.")
    ] = None
    rejects: Annotated[
        str | None, typer.Option("--rejects", metavar="FILE", help="Write what is refused there, with the reason.")
    ] = None
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file of rejects.")] = False
    on_error: Annotated[
        str,
        typer.Option("--on-error", parser=_on_error, metavar="abort|skip", help="Import all or nothing, or the rest."),
    ] = "abort"
    batch: Annotated[
        str | None, typer.Option("--batch", parser=_batch, metavar="NAME", help="What `import undo` calls it.")
    ] = None
    max_errors: Annotated[
        int | None, typer.Option("--max-errors", parser=selection.count, metavar="N", help="Give up after so many.")
    ] = None

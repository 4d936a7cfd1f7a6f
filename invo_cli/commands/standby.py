"""Which commands read on a standby, and `--max-lag`: by how many seconds it may be behind for one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Annotated

import typer

from invo_cli.options import current

if TYPE_CHECKING:
    from typer._click.core import Command, Parameter

_FILES = {"config", "db"}
"""Nouns whose lists are not of the books."""


def is_report_or_list(words: Sequence[str]) -> bool:
    """Whether a command, such as `invoice list`, decides nothing that is stored."""
    return words[:1] == ["report"] or (words[-1:] == ["list"] and words[0] not in _FILES)


def offer(noun: Command) -> None:
    """Give every command of a noun that reads on a standby the option --max-lag."""
    _offer(noun, [str(noun.name)])


def _offer(command: Command, words: list[str]) -> None:
    nested: dict[str, Command] = getattr(command, "commands", {})
    for word, each in nested.items():
        _offer(each, [*words, word])
    if not nested and (is_report_or_list(words) or _is_export(words)):
        command.params.append(_option())


def _is_export(words: list[str]) -> bool:
    """One that writes rows: of a data set, or of a job."""
    return words[0] == "export" and (len(words) == 2 or words[1:] == ["job", "run"])


@cache
def _option() -> Parameter:
    pattern = typer.Typer(add_completion=False)
    pattern.command()(_pattern)
    return typer.main.get_command(pattern).params[0]


def _keep(seconds: int | None) -> None:
    if seconds is not None:
        current.set(replace(current.get(), max_lag=seconds))


def _pattern(
    max_lag: Annotated[
        int | None,
        typer.Option(
            metavar="SECONDS",
            min=0,
            callback=_keep,
            expose_value=False,
            help="By how much a standby may be behind; default INVO_MAX_LAG.",
        ),
    ] = None,
) -> None: ...

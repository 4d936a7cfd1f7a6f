"""The command tree with the examples at the foot of each command's help."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from typer._click.core import Context

from invo_cli.cli import NOUNS, load

WIDTH = 80


class Entry(NamedTuple):
    """One command of the tree: the words that call it, and Click's command."""

    path: str
    command: Any

    @property
    def summary(self) -> str:
        """The first paragraph of its help, on one line."""
        return " ".join((self.command.help or "").split("\n\n")[0].split())

    @property
    def examples(self) -> list[str]:
        """The lines of the epilog under `Examples:`."""
        heading, *lines = (self.command.epilog or "").split("\n\n")
        assert heading == "Examples:", f"{self.path} has no examples"
        return lines

    def context(self) -> Context:
        """What its help is written in: 80 columns, and the help options of the root."""
        return Context(
            self.command,
            info_name=self.path,
            terminal_width=WIDTH,
            max_content_width=WIDTH,
            help_option_names=["-h", "--help"],
        )


def groups() -> Iterator[Entry]:
    """Every noun, in the order of the help."""
    for noun in NOUNS:
        yield Entry(f"invo {noun}", load(noun))


def commands() -> Iterator[Entry]:
    """Every command that does something, in the order of the help."""
    for group in groups():
        yield from _below(group)


def _below(entry: Entry) -> Iterator[Entry]:
    """A command itself, or those of a group and of the groups in it."""
    members = getattr(entry.command, "commands", None)
    if members is None or entry.command.invoke_without_command:
        yield entry
    for name, command in (members or {}).items():
        yield from _below(Entry(f"{entry.path} {name}", command))

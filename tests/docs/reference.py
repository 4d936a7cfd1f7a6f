"""docs/commands.md, generated from the command tree: `python -m tests.docs.reference` writes it anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.docs.tree import Entry, commands, groups

TOP = Path(__file__).parents[2]
TARGET = TOP / "docs" / "commands.md"
INTRODUCTION = """# Commands

Every command, as `invo COMMAND --help` describes it. This page is generated (`make docs`); a test compares it with the
program. How to work with invo is told in the [manual](manual.md), what programs may rely on in
[scripting](scripting.md).

The global options work before and after every command: `-o/--output FORMAT`, `--fields A,B`, `--business CODE`,
`--profile NAME`, `--no-input`, `--yes`, `-q`, `-v`, `--debug`, `--no-color`.
"""


def rendered() -> str:
    """The whole page."""
    nouns = {group.path: group.summary for group in groups()}
    sections = [INTRODUCTION]
    heading = ""
    for entry in commands():
        noun = " ".join(entry.path.split()[:2])
        if noun != heading:
            heading = noun
            sections.append(f"## {noun}\n\n{nouns[noun]}\n" if noun != entry.path else f"## {noun}\n")
        sections.append(_section(entry, with_title=noun != entry.path))
    return "\n".join(sections)


def _section(entry: Entry, *, with_title: bool) -> str:
    title = f"### {entry.path}\n\n" if with_title else ""
    examples = "\n".join(f"$ {example}" for example in entry.examples)
    return f"{title}```text\n{_help(entry)}\n```\n\n```console\n{examples}\n```\n"


def _help(entry: Entry) -> str:
    """The plain help of a command, without its examples, which must not be wrapped."""
    command: Any = entry.command
    command.rich_markup_mode, epilog, command.epilog = None, command.epilog, None
    try:
        return "\n".join(line.rstrip() for line in command.get_help(entry.context()).strip().splitlines())
    finally:
        command.epilog = epilog


if __name__ == "__main__":
    TARGET.write_text(rendered(), encoding="utf-8")

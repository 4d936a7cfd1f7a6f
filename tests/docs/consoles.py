"""Console blocks of a Markdown page: the commands after `$ `, and the output shown below them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

TOP = Path(__file__).parents[2]
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_STATUS = re.compile(r"  # exit ([0-9]+)$")
ELSEWHERE = ("make", "pip", "docker", "export", "sqlite3", "pg_dump", "createdb")
"""First words of commands that the tests of the pages leave out: they need another machine, server or checkout."""


class Step(NamedTuple):
    """One command of a page, the exit status it promises and the output it shows."""

    command: str
    status: int
    shown: tuple[str, ...]


def steps(page: str) -> Iterator[Step]:
    """The steps of a page of the project, from top to bottom; comments are taken off, all but `# exit N`."""
    for block in _BLOCK.findall((TOP / page).read_text(encoding="utf-8")):
        command: str | None = None
        shown: list[str] = []
        for line in [*block.splitlines(), "$ "]:
            if not line.startswith("$ "):
                shown.append(line)
                continue
            if command is not None:
                yield _step(command, shown)
            command, shown = line.removeprefix("$ "), []


def runs_here(step: Step) -> bool:
    """Whether the tests run this step."""
    return shlex.split(step.command)[0] not in ELSEWHERE


def is_shown(shown: tuple[str, ...], output: str) -> bool:
    """Whether the output has the lines shown, in their order; `…` stands for any lines."""
    waiting = iter(line.rstrip() for line in output.splitlines())
    return all(any(line.rstrip() == found for found in waiting) for line in shown if line != "…")


def _step(line: str, shown: list[str]) -> Step:
    status = _STATUS.search(line)
    command = re.sub(r"  +# .*$", "", line)
    return Step(command, int(status[1]) if status else 0, tuple(shown))

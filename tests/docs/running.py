"""Runs a command line of the documentation: in this process where it is a plain one, else in a shell."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from typer.testing import CliRunner

from invo_cli.cli import app

TOP = Path(__file__).parents[2]
OPERATORS = set("();<>|&")


class Done(NamedTuple):
    """How a command line ended."""

    status: int
    stdout: str
    stderr: str


def run(line: str) -> Done:
    """Run one line in the present folder and environment; nobody is there to be asked."""
    words = _plain_words(line)
    if words is None:
        return _run_in_shell(line)
    result = CliRunner().invoke(app, words)
    return Done(result.exit_code, result.stdout, result.stderr)


def install(folder: Path) -> None:
    """Put an `invo` for the shell into a folder of programs."""
    program = folder / "invo"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m invo_cli "$@"\n', encoding="utf-8")
    program.chmod(0o755)


def _plain_words(line: str) -> list[str] | None:
    """The arguments of an `invo` that needs no shell; None when it does."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    lexer.commenters = ""
    words = list(lexer)
    needs_shell = any(set(word) <= OPERATORS for word in words if word) or "$" in line or words[0] != "invo"
    return None if needs_shell else words[1:]


def _run_in_shell(line: str) -> Done:
    done = subprocess.run(
        ["bash", "-c", line],
        env={**os.environ, "PYTHONPATH": str(TOP)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return Done(done.returncode, done.stdout, done.stderr)

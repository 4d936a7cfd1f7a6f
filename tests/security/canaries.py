"""Secrets planted for tests, and every place in which one of them would be a leak."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from invo_cli.cli import app

PASSWORD = "c4nary-password-of-owner"
NEW_PASSWORD = "c4nary-next-password"
WRONG_PASSWORD = "c4nary-wrong-password"
MAIL_PASSWORD = "c4nary-mail-password"
URL_PASSWORD = "c4naryurlpassword"
AGE_KEY = "AGE-SECRET-KEY-1C4NARY"
PLANTED = "c4nary"
"""All of them have it in them, in some case; so has nothing else."""

_programs: list[str] = []
_is_hooked = False


class Session:
    """Runs commands one after the other and keeps everything that was said."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []
        self.secrets = [PLANTED]

    def run(self, *arguments: str, given: str | None = None, status: int | None = None) -> str:
        """Run one command with `given` as its standard input; its stdout."""
        done = CliRunner().invoke(app, [*arguments, "--no-input"], input=given)
        raised = "" if isinstance(done.exception, SystemExit | None) else repr(done.exception)
        self.said.append((" ".join(arguments), done.stdout + done.stderr + raised))
        if status is not None:
            assert done.exit_code == status, (arguments, done.stderr)
        return done.stdout

    def run_secretly(self, *arguments: str) -> Any:
        """Run the one command whose result is a secret; the record it printed."""
        found = json.loads(self.run(*arguments, "-o", "json", status=0))
        self.said.pop()
        return found

    def leaks(self) -> Iterator[str]:
        """What was run, where a secret then was to be seen."""
        for command, text in self.said:
            for secret in self.secrets:
                at = text.lower().find(secret.lower())
                if at >= 0:
                    yield f"{command}: …{text[max(0, at - 200) : at + 60]}…"


def leaks_of_files(folder: Path, secrets: list[str], but: set[Path]) -> Iterator[str]:
    """Every file below a folder in which a secret stands, apart from those that are there to hold one."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path not in but:
            content = path.read_bytes().lower()
            yield from (f"{path}: {secret}" for secret in secrets if secret.lower().encode() in content)


@contextmanager
def watched_programs() -> Iterator[list[str]]:
    """The arguments of every program that is started meanwhile."""
    global _is_hooked
    if not _is_hooked:
        sys.addaudithook(_note_program)
        _is_hooked = True
    _programs.clear()
    yield _programs


def _note_program(event: str, arguments: tuple[Any, ...]) -> None:
    if event in ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.system"):
        _programs.append(repr(arguments[:2]))


def private_file(folder: Path, name: str, text: str) -> Path:
    """A file that only its owner reads."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return path


def temporary_files() -> Path:
    """Where this run leaves what it does not need for long."""
    return Path(tempfile.gettempdir())

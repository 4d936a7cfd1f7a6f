"""Backups as the tests make and look at them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.conftest import Invo


def back_up(invo: Invo, *arguments: str) -> Path:
    """A backup made by the command."""
    done = invo("db", "backup", *arguments, "-o", "json")
    assert done.exit_code == 0, done.stderr
    return Path(json.loads(done.stdout)["file"])


def proof(invo: Invo, backup: Path, *arguments: str) -> dict[str, Any]:
    """What verifying a backup says; its exit status must fit."""
    done = invo("db", "backup", "verify", str(backup), *arguments, "-o", "json")
    row: dict[str, Any] = json.loads(done.stdout)
    assert done.exit_code == (0 if row["ok"] else 10), done.stderr
    return row


def manifest_of(backup: Path) -> Path:
    """The manifest beside a backup."""
    return backup.with_name(f"{backup.name}.json")


def ask(invo: Invo, *arguments: str, text: str | None = None) -> Any:
    """Run a command that must succeed and return its record."""
    done = invo(*arguments, "-o", "json", input=text)
    assert done.exit_code == 0, (arguments, done.stderr)
    return json.loads(done.stdout) if done.stdout else None

"""Whether the migration scripts are those that were recorded: one that has run somewhere is never changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from invo_cli.db import scripts

_FILE = "checksums"


def path() -> Path:
    """The recorded checksums, a line for each script, as sha256sum writes them."""
    return scripts.location() / _FILE


def recorded() -> dict[str, str]:
    """The recorded checksum of each script, by the name of its file."""
    lines = (line.split("  ", 1) for line in path().read_text(encoding="utf-8").splitlines())
    return {name: checksum for checksum, name in lines}


def computed() -> dict[str, str]:
    """The checksum of each script that is there; how a checkout ends its lines does not count."""
    found = sorted((scripts.location() / "versions").glob("*.py"))
    return {one.name: hashlib.sha256(one.read_bytes().replace(b"\r\n", b"\n")).hexdigest() for one in found}


def dumped(checksums: dict[str, str]) -> str:
    """Checksums as the file holds them."""
    return "".join(f"{checksums[name]}  {name}\n" for name in sorted(checksums))


def differences() -> list[tuple[str, str]]:
    """The revisions whose script is not the recorded one, each with what is wrong."""
    before, now = recorded(), computed()
    return [
        (_revision(name), _problem(before.get(name), now.get(name)))
        for name in sorted(before.keys() | now.keys())
        if before.get(name) != now.get(name)
    ]


def _problem(before: str | None, now: str | None) -> str:
    if now is None:
        return "its script is missing"
    return "its script is not recorded" if before is None else "its script was edited after it was recorded"


def _revision(name: str) -> str:
    return "_".join(name.split("_")[:2])

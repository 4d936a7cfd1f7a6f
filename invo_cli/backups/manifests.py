"""What lies beside every backup: which database, when, what it holds and the hash of the file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from invo_cli.errors import FindingsError

ENDING = ".json"
KINDS = {"sqlite": ".sqlite.zst", "pg_dump": ".dump.zst", "portable": ".zip"}
"""The kinds of backups and how the names of their files end, before .age."""
WHOLE = "ok"
"""The status of a backup whose file is there and as long as its manifest says."""
_NEEDED = {"file", "kind", "database", "revision", "tables", "audit", "bytes", "sha256", "encrypted", "made_at"}


def beside(backup: Path) -> Path:
    """Where the manifest of a backup lies."""
    return backup.with_name(backup.name + ENDING)


def as_bytes(manifest: dict[str, Any]) -> bytes:
    """The manifest as it is written."""
    return (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode()


def read(backup: Path) -> dict[str, Any] | None:
    """The manifest of a backup; None when there is none, FindingsError when it cannot be read."""
    path = beside(backup)
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(found, dict) or not found.keys() >= _NEEDED:
            raise ValueError("something is missing in it")
        datetime.fromisoformat(found["made_at"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        raise FindingsError(
            f"The manifest {path.name} cannot be read.", hint="Restore it from where the backup was copied to."
        ) from error
    return found


def kind_of(name: str) -> str | None:
    """The kind of backup that a file name says; None for other files."""
    plain = name.removesuffix(".age")
    return next((kind for kind, ending in KINDS.items() if plain.endswith(ending)), None)


def every(folder: Path) -> Iterator[dict[str, Any]]:
    """One row for each backup of a folder, the oldest first by name, with what can be seen without reading it."""
    names = {path.name for path in folder.glob("*") if kind_of(path.name)}
    names |= {path.name.removesuffix(ENDING) for path in folder.glob("*" + ENDING)}
    for name in sorted(name for name in names if kind_of(name)):
        yield _row(folder / name)


def _row(backup: Path) -> dict[str, Any]:
    size = backup.stat().st_size if backup.is_file() else None
    row: dict[str, Any] = {"file": str(backup), "kind": kind_of(backup.name), "bytes": size}
    try:
        manifest = read(backup)
    except FindingsError:
        return row | _unknown("manifest unreadable")
    if manifest is None:
        return row | _unknown("no manifest")
    known = {key: manifest[key] for key in ("made_at", "revision", "encrypted", "database")}
    return row | known | {"reason": manifest.get("reason"), "status": _status(size, manifest)}


def _unknown(status: str) -> dict[str, Any]:
    nothing = dict.fromkeys(("made_at", "revision", "encrypted", "database", "reason"))
    return nothing | {"status": status}


def _status(size: int | None, manifest: dict[str, Any]) -> str:
    if size is None:
        return "missing"
    return WHOLE if size == manifest["bytes"] else "other size"

"""Where the batches of an export job go: one file that each replaces, a folder that collects them, or stdout."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from invo_cli.errors import ConflictError, InvoError
from invo_cli.exports import files

_BLOCK = 1 << 20


def target(out: str, job: str, batch_no: int, ending: str) -> str:
    """The file of a batch: the one named, or JOB-000017.ENDING in a folder; - is stdout."""
    if not is_folder(out):
        return out
    return str(Path(out) / f"{job}-{batch_no:06}.{ending}")


def is_folder(out: str | None) -> bool:
    """Whether batches are collected there, each in a file of its own."""
    return out not in (None, "-") and Path(str(out)).is_dir()


def require_own(path: str, hashes: Collection[str], *, force: bool) -> None:
    """Raise ConflictError for a file that is not empty and has other bytes than the job has written there last."""
    found = Path(path)
    if force or path == "-" or not found.is_file() or found.stat().st_size == 0 or _digest(found) in hashes:
        return
    raise ConflictError(
        f"{path} is there already and is not what the job wrote last.",
        hint="Overwrite it with --force, or name another file.",
    )


def require_own_manifest(path: str, job: str, *, force: bool) -> None:
    """Raise ConflictError for a file that is not a manifest of the job."""
    found = Path(path)
    if force or path == "-" or not found.is_file() or found.stat().st_size == 0:
        return
    try:
        is_own = json.loads(found.read_text(encoding="utf-8"))["job"] == job
    except (ValueError, LookupError, TypeError):
        is_own = False
    if not is_own:
        raise ConflictError(
            f"{path} is there already and is not a manifest of {job}.",
            hint="Overwrite it with --force, or name another file.",
        )


def write(path: str, blocks: Iterable[bytes], *, force: bool) -> None:
    """Write a file that is complete or absent; stdout for -."""
    with files.binary(path, force=force) as out:
        for block in blocks:
            out.write(block)


def write_manifest(path: str, manifest: dict[str, Any]) -> None:
    """Write what describes a batch beside it, as JSON; to stdout for -."""
    text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
    if path == "-":
        write(path, [text.encode()], force=True)
    else:
        files.store(Path(path), text.encode(), force=True)


def proven(blocks: Iterable[bytes], expected: str, what: str) -> Iterator[bytes]:
    """The same blocks; InvoError at their end when they are not what was hashed."""
    found = sha256()
    for block in blocks:
        found.update(block)
        yield block
    if found.hexdigest() != expected:
        raise InvoError(
            f"The stored bytes of {what} do not have their SHA-256: they were altered.",
            hint="Restore a backup; or delete the job, and make it anew to export everything again.",
        )


def _digest(path: Path) -> str:
    found = sha256()
    with path.open("rb") as source:
        while block := source.read(_BLOCK):
            found.update(block)
    return found.hexdigest()

"""Making a backup: the data and what the manifest says of it come from one snapshot."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from invo_cli import __version__
from invo_cli.backups import archives, encrypting, folders, manifests, packing, programs
from invo_cli.db import engines, faults
from invo_cli.db.copying import measuring, reading
from invo_cli.db.copying.making import of_file
from invo_cli.db.head import require_known
from invo_cli.db.urls import is_postgresql, normalise, redacted
from invo_cli.errors import SchemaError
from invo_cli.exports import files

if TYPE_CHECKING:
    from sqlalchemy import Connection

Say = Callable[[str], None]


class Made(NamedTuple):
    """A backup that is complete."""

    path: Path
    manifest: dict[str, Any]


def make(
    url: str, folder: Path, *, at: datetime, recipients: list[Any] | None = None, reason: str | None = None, say: Say
) -> Made:
    """Back a database up into a folder and return the file and its manifest.

    Nothing is ever overwritten, and nothing stands under a final name before it is complete. With `recipients` (public
    keys) nothing unencrypted comes into the folder. `reason` marks backups that were not asked for by themselves.
    Raises UnavailableError while another run works in the folder, when the disk is full or the database away.
    """
    with ExitStack() as stack:
        work = stack.enter_context(folders.workplace(folder))
        if recipients:
            private = folders.usual()
            work = work if private == folder else stack.enter_context(folders.workplace(private))
        facts, kind = _prepare(url, work, say)
        return _store(work / "payload", folder, kind, facts, url=url, at=at, recipients=recipients, reason=reason)


def _prepare(url: str, work: Path, say: Say) -> tuple[dict[str, Any], str]:
    """Write the compressed content into the workplace; what it holds, and its kind."""
    if not is_postgresql(normalise(url)):
        return _sqlite(engines.sqlite_path(normalise(url)), work), "sqlite"
    with reading.snapshot(url) as connection:
        facts = _measured(connection)
        program = _dumper(connection, say)
        with (work / "payload").open("wb") as out:
            if program is None:
                archives.write(connection, out)
                return facts, "portable"
            with packing.compressing(out) as sink:
                programs.dump(program, connection, sink)
            return facts, "pg_dump"


def _dumper(connection: Connection, say: Say) -> str | None:
    if connection.exec_driver_sql("SELECT current_schema()").scalar() != "public":
        return None  # pg_dump would save, and pg_restore would meet, what else is in the database
    program = programs.find("pg_dump", connection)
    if program is None:
        say("There is no pg_dump of the server's version: writing a portable archive.")
    return program


def _sqlite(path: Path, work: Path) -> dict[str, Any]:
    copy = work / "copy.sqlite"
    with faults.translated(), closing(engines.connect_file(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target, pages=-1)  # all at once: in steps it would begin again whenever somebody writes
        target.execute("PRAGMA journal_mode=DELETE")
        _require_whole(target)
    with reading.snapshot(of_file(copy)) as connection:
        facts = _measured(connection)
    with (work / "payload").open("wb") as out, packing.compressing(out) as sink:
        packing.pour(copy, sink)
    copy.unlink()
    return facts


def _require_whole(copy: sqlite3.Connection) -> None:
    found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise SchemaError("The database file is damaged.", hint="Restore a backup: invo db restore FILE --to URL")


def _measured(connection: Connection) -> dict[str, Any]:
    facts = measuring.measure(connection)
    require_known(facts["revision"])
    return facts


def _store(
    payload: Path,
    folder: Path,
    kind: str,
    facts: dict[str, Any],
    *,
    url: str,
    at: datetime,
    recipients: list[Any] | None,
    reason: str | None,
) -> Made:
    """Put the content and its manifest in their places, at nearly one moment."""
    path = _free_name(folder, f"invo-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}", kind, bool(recipients))
    with files.binary(str(manifests.beside(path)), force=False) as described:
        with files.binary(str(path), force=False) as out:
            sink = packing.Hashing(out)
            if recipients:
                encrypting.encrypt(payload, sink, recipients)
            else:
                packing.pour(payload, sink)
        manifest = {
            "file": path.name,
            "kind": kind,
            "database": redacted(normalise(url)),
            "invo": __version__,
            **facts,
            "bytes": sink.bytes,
            "sha256": sink.sha256,
            "encrypted": bool(recipients),
            "made_at": at.astimezone(UTC).isoformat(),
            "reason": reason,
        }
        described.write(manifests.as_bytes(manifest))
    return Made(path, manifest)


def _free_name(folder: Path, stem: str, kind: str, is_encrypted: bool) -> Path:
    ending = manifests.KINDS[kind] + (encrypting.ENDING if is_encrypted else "")
    number, path = 1, folder / f"{stem}{ending}"
    while path.exists() or manifests.beside(path).exists():
        number += 1
        path = folder / f"{stem}-{number}{ending}"
    return path

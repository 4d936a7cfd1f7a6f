"""A backup into a new database: of the same kind, or of the other engine where the backup allows it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from invo_cli.backups import archives, checking, encrypting, folders, manifests, packing, programs
from invo_cli.db import engines
from invo_cli.db.copying import copying, making, measuring, reading
from invo_cli.db.urls import is_postgresql, normalise
from invo_cli.errors import InvalidError, NotFoundError, UsageProblemError
from invo_cli.settings import home

MAX_FINDINGS = 1000


class Opened(NamedTuple):
    """A backup whose content can be read: compressed, but no longer encrypted."""

    payload: Path
    kind: str
    manifest: dict[str, Any] | None
    work: Path


@contextmanager
def opened(path: Path, identities: list[Any] | None) -> Iterator[Opened]:
    """A backup ready to be read. Raises FindingsError when it is not the file that its manifest describes."""
    kind = manifests.kind_of(path.name)
    if not path.is_file():
        raise NotFoundError(f"There is no backup {path}.", hint="See: invo db backup list")
    if kind is None:
        raise InvalidError(f"{path.name} is not a backup of invo.", hint="Their names begin with invo-.")
    with folders.workplace(home() / "restoring") as work, folders.explained(path):
        manifest = manifests.read(path)
        if manifest is not None:
            _require_same(path, manifest)
        payload = path
        if path.name.endswith(encrypting.ENDING):
            payload = work / "payload"
            encrypting.decrypt(path, payload, identities)
        yield Opened(payload, kind, manifest, work)


def restore(path: Path, target: str, identities: list[Any] | None) -> tuple[dict[str, Any], list[str]]:
    """Restore a backup into a new database; return what that holds, and what in it is not as it should be.

    Raises ConflictError when the target is there already, FindingsError when the backup is damaged.
    """
    with opened(path, identities) as backup, making.new_database(target) as url:
        fill(backup, url)
        findings = list(islice(checking.findings(url, backup.manifest), MAX_FINDINGS))
        with reading.snapshot(url) as connection:
            return measuring.measure(connection), findings


def fill(backup: Opened, url: str) -> None:
    """Put the content of a backup into an empty database."""
    if backup.kind == "portable":
        archives.restore(backup.payload, url)
    elif backup.kind == "pg_dump":
        _fill_from_dump(backup, url)
    elif is_postgresql(normalise(url)):
        copy = backup.work / "copy.sqlite"
        _unpack_file(backup.payload, copy)
        copying.copy(making.of_file(copy), url)
    else:
        _unpack_file(backup.payload, engines.sqlite_path(normalise(url)))


def blocks(payload: Path) -> Iterator[bytes]:
    """The uncompressed content."""
    with payload.open("rb") as source:
        yield from packing.decompressed(source)


def _require_same(path: Path, manifest: dict[str, Any]) -> None:
    size = path.stat().st_size
    if size != manifest["bytes"]:
        raise packing.damaged(f"it has {size} bytes, not {manifest['bytes']}")
    if packing.hash_of(path) != manifest["sha256"]:
        raise packing.damaged("its SHA-256 is not the one in the manifest")


def _fill_from_dump(backup: Opened, url: str) -> None:
    if not is_postgresql(normalise(url)):
        raise InvalidError(
            "A backup made by pg_dump can be restored into PostgreSQL only.",
            hint="Restore it there, then: invo db copy --from postgresql://… --to sqlite:///…",
        )
    if not making.is_without_tables(url):
        raise making.refused(url)
    with reading.snapshot(url) as connection:
        where = programs.environment(connection)
    program = restorer(url)
    if program is None:
        raise UsageProblemError(
            "Restoring this backup needs the pg_restore of the server's version.", hint=programs.INSTALL
        )
    programs.restore(program, blocks(backup.payload), where)


def restorer(url: str) -> str | None:
    """The pg_restore that fits the server of a URL, if it is on PATH."""
    with reading.snapshot(url) as connection:
        return programs.find("pg_restore", connection)


def _unpack_file(payload: Path, target: Path) -> None:
    with target.open("xb") as out:
        for block in blocks(payload):
            out.write(block)
    try:
        with closing(engines.connect_file(target)) as connection:
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            connection.execute("PRAGMA journal_mode=WAL")
    except sqlite3.DatabaseError as error:
        raise packing.damaged(str(error)) from error
    if found != "ok":
        raise packing.damaged(found)

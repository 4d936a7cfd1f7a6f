"""Proving a backup: it is restored into a scratch database, which is compared with the manifest and then removed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from invo_cli.backups import checking, programs, restoring
from invo_cli.db.copying import servers
from invo_cli.db.copying.making import of_file
from invo_cli.db.urls import is_postgresql, normalise
from invo_cli.errors import ConflictError, FindingsError, SchemaError, UsageProblemError

RESTORED, READ = "restored", "read"


def verify(path: Path, *, server: str, identities: list[Any] | None, say: Callable[[str], None]) -> dict[str, Any]:
    """Restore a backup where nobody works and return what was proved and what was found.

    `server` is the database whose server takes a scratch database for backups made by pg_dump; where it cannot, such a
    backup is read to its end, which `say` is told.
    """
    row: dict[str, Any] = {"file": str(path), "proof": None, "revision": None, "rows": None}
    found: list[str] = []
    try:
        with restoring.opened(path, identities) as backup:
            if backup.manifest is None:
                say("It has no manifest: its content can be checked in itself only.")
            else:
                row |= {"revision": backup.manifest["revision"], "rows": checking.rows(backup.manifest)}
            with _scratch(backup, server) as url:
                if url is None:
                    say(_READ_ONLY)
                    _read(backup)
                else:
                    restoring.fill(backup, url)
                    found = list(islice(checking.findings(url, backup.manifest), restoring.MAX_FINDINGS))
                row["proof"] = READ if url is None else RESTORED
    except (FindingsError, SchemaError, ConflictError) as damage:  # damaged, of another program, or not its own tables
        found = [damage.message.rstrip(".")]
    return row | {"ok": not found, "findings": found}


_READ_ONLY = (
    "No scratch database can be made for it: the dump was only read to its end, which proves no content."
    " Name a PostgreSQL server whose role may create databases in INVO_DATABASE_URL, and have its pg_restore on PATH."
)


@contextmanager
def _scratch(backup: restoring.Opened, server: str) -> Iterator[str | None]:
    """The URL of an empty database that is gone with the block; None when there can be none."""
    if backup.kind != "pg_dump":
        yield of_file(backup.work / "scratch.sqlite")
        return
    if not is_postgresql(normalise(server)) or restoring.restorer(server) is None:
        yield None
        return
    with servers.scratch_database(normalise(server)) as url:
        yield url


def _read(backup: restoring.Opened) -> None:
    program = programs.find("pg_restore")
    if program is None:
        raise UsageProblemError("Reading this backup needs pg_restore.", hint=programs.INSTALL)
    programs.read_through(program, restoring.blocks(backup.payload))

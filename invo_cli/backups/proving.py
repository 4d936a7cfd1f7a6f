"""Proving a backup: it is restored into a scratch database, which is compared with the manifest and then removed."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from invo_cli.backups import checking, programs, restoring
from invo_cli.db import engines, faults
from invo_cli.db.copying.making import of_file, spelled
from invo_cli.db.urls import is_postgresql, normalise
from invo_cli.errors import FindingsError, UsageProblemError

RESTORED, READ = "restored", "read"
_PREFIX = "invo_scratch_"


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
    except FindingsError as damage:
        found = [damage.message.rstrip(".")]
    return row | {"ok": not found, "findings": found}


_READ_ONLY = (
    "No scratch database can be made for it: the dump was only read to its end, which proves no content."
    " Name a PostgreSQL server whose role may create databases in INVO_DATABASE_URL."
)


@contextmanager
def _scratch(backup: restoring.Opened, server: str) -> Iterator[str | None]:
    """The URL of an empty database that is gone with the block; None when there can be none."""
    if backup.kind != "pg_dump":
        yield of_file(backup.work / "scratch.sqlite")
        return
    if not is_postgresql(normalise(server)) or programs.find("pg_restore") is None:
        yield None
        return
    with _scratch_database(server) as url:
        yield url


@contextmanager
def _scratch_database(server: str) -> Iterator[str | None]:
    from sqlalchemy import create_engine
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.pool import NullPool

    url = normalise(server)
    name = f"{_PREFIX}{secrets.token_hex(6)}"
    engine = create_engine(
        url.difference_update_query(["pool_mode"]),
        isolation_level="AUTOCOMMIT",
        poolclass=NullPool,
        hide_parameters=True,
    )
    with faults.translated(), engine.connect() as connection:
        try:
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0")
        except DBAPIError as error:
            if faults.sqlstate(error) != "42501":
                raise
            name = ""
        scratch = spelled(url.set(database=name))
        try:
            yield scratch if name else None
        finally:
            if name:
                engines.engine_for(scratch).dispose()
                connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _read(backup: restoring.Opened) -> None:
    program = programs.find("pg_restore")
    if program is None:
        raise UsageProblemError(
            "Reading this backup needs pg_restore.", hint="Install PostgreSQL's client programs (postgresql-client)."
        )
    programs.read_through(program, restoring.blocks(backup.payload))

"""The schema as it has to be at the head, recorded beside the migrations, and what a database makes of it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from invo_cli.db import scripts
from invo_cli.db.catalog import postgresql, sqlite
from invo_cli.db.catalog.entries import Catalog, Change, changes, parsed

_READERS = {"sqlite": sqlite.read, "postgresql": postgresql.read}


def path(dialect: str) -> Path:
    """The file that holds the recorded schema of an engine."""
    return scripts.location() / f"schema.{dialect}.snapshot"


def read(connection: Connection) -> Catalog:
    """The schema of a database."""
    return _READERS[connection.dialect.name](connection)


def differing(connection: Connection) -> list[Change]:
    """What is not as it was recorded for this engine."""
    recorded = parsed(path(connection.dialect.name).read_text(encoding="utf-8"))
    return list(changes(recorded, read(connection)))

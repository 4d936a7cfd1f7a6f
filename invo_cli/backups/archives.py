"""Portable archives: a zip with every table as compressed COPY text, read by any program and any engine."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from invo_cli.backups import packing
from invo_cli.db.copying import loading, making, reading
from invo_cli.db.copying.tables import Column, Table, revision, tables

if TYPE_CHECKING:
    from sqlalchemy import Connection

_INDEX = "invo.json"
_MEMBER = "{}.copy.zst"
_VERSION = 1
_UNREADABLE = (zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError, NotImplementedError)


def write(connection: Connection, out: Any) -> None:
    """Write every table of a snapshot, in constant memory."""
    found = tables(connection)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        index = {
            "format": _VERSION,
            "revision": revision(connection),
            "tables": {table.name: [list(column) for column in table.columns] for table in found},
        }
        archive.writestr(_INDEX, json.dumps(index, indent=1))
        for table in found:
            with (
                archive.open(_MEMBER.format(table.name), "w", force_zip64=True) as member,
                packing.compressing(member) as sink,
            ):
                for block in reading.blocks(connection, table):
                    sink.write(block)


def restore(path: Path, target: str) -> None:
    """Fill an empty database of either engine; FindingsError for a damaged archive."""
    try:
        with zipfile.ZipFile(path) as archive:
            index = json.loads(archive.read(_INDEX))
            found = [
                Table(name, tuple(Column(*column) for column in columns)) for name, columns in index["tables"].items()
            ]
            making.migrate(target, index["revision"])
            with loading.target(target) as destination:
                for table in loading.matched(found, destination):
                    loading.load(destination, table, _blocks(archive, table))
    except _UNREADABLE as error:
        raise packing.damaged(str(error)) from error


def _blocks(archive: zipfile.ZipFile, table: Table) -> Iterator[bytes]:
    with archive.open(_MEMBER.format(table.name)) as member:
        yield from packing.decompressed(cast(Any, member))

"""Files of a test, as sources."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from invo_cli.imports import bank_statement, hsn_list, sources
from invo_cli.imports.mapping import Translation, heading_key


def hsn_of(data: bytes) -> hsn_list.HsnList:
    """The list in a file that holds this."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list"
        path.write_bytes(data)
        with sources.opened(str(path), None) as source:
            return hsn_list.read(source)


def statement_of(data: bytes, mapping: Mapping[str, str] | None = None) -> bank_statement.Statement:
    """The statement in a file that holds this."""
    columns = {heading_key(theirs): ours for theirs, ours in (mapping or {}).items()}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "statement"
        path.write_bytes(data)
        with sources.opened(str(path), None) as source:
            return bank_statement.read(source, Translation(columns=columns))

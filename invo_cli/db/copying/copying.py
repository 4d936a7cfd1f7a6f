"""One database into another: the tables made by the migrations, the rows by COPY."""

from __future__ import annotations

from typing import Any

from invo_cli.db.copying import loading, making, measuring, reading
from invo_cli.db.copying.tables import revision, tables


def copy(source: str, target: str) -> dict[str, Any]:
    """Fill an empty database from one snapshot of another, and return what the source holds.

    The source is only read. Raises ConflictError when the target has rows or refuses one.
    """
    with reading.snapshot(source) as origin:
        facts = measuring.measure(origin)
        making.migrate(target, revision(origin))
        found = tables(origin)
        with loading.target(target) as destination:
            for table in loading.matched(found, destination):
                loading.load(destination, table, reading.blocks(origin, table))
    return facts

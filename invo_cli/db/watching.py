"""What is done under the lock of a migration: the backup before its first revision, counting before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from invo_cli.db import faults, scripts
from invo_cli.db.copying.measuring import measure
from invo_cli.db.copying.tables import revision
from invo_cli.db.scripts import BASE
from invo_cli.errors import SchemaError

Prepare = Callable[[], Path | None]
"""Makes a backup, and returns it; None when none is wanted."""


class Watch:
    """Looks at one database before and after a chain of revisions."""

    def __init__(self, target: str, *, is_down: bool, prepare: Prepare) -> None:
        self.backup: Path | None = None
        self.found: str | None = None
        """The revision before the first step, read under the lock."""
        self.chain: tuple[str, ...] = ()
        """The revisions to be run, or to be undone, in this order."""
        self.rows = 0
        """How many rows there were."""
        self.is_down = is_down
        self._target, self._prepare = target, prepare
        self._is_prepared = False
        self._before: dict[str, Any] | None = None

    def on_locked(self, connection: Connection) -> None:
        """Back up and count; nothing when another process has done all of it meanwhile, or there is nothing yet."""
        found = _found(connection)
        if not self._is_prepared:  # it is, when the chain goes on after a lock was in the way
            self.found, self.chain = found, _chain(found, self._target, self.is_down)
        if found is None or not self.chain:
            return
        if not self._is_prepared:
            self.backup, self._is_prepared = self._prepare(), True
        self._before = measure(connection)
        self.rows = sum(table["rows"] for table in self._before["tables"].values())

    def on_done(self, connection: Connection) -> None:
        """Raise SchemaError when rows or amounts have gone from a table that is still there."""
        if self._before is None or self._target == BASE:
            return
        is_alone = connection.dialect.name == "sqlite"
        lost = list(_lost(self._before["tables"], measure(connection)["tables"], is_alone))
        if lost:
            raise SchemaError(f"The migration loses data: {', '.join(lost)}.", hint="Report this.")


def _chain(found: str | None, target: str, is_down: bool) -> tuple[str, ...]:
    order = (BASE, *(revision.id for revision in scripts.history()))
    start, end = order.index(found or BASE), order.index(target)
    return tuple(reversed(order[end + 1 : start + 1])) if is_down else order[start + 1 : end + 1]


def _found(connection: Connection) -> str | None:
    if connection.dialect.name == "postgresql":
        there = connection.exec_driver_sql("SELECT to_regclass('alembic_version')").scalar()
        return revision(connection) if there else None
    return faults.or_none_without_table(lambda: revision(connection))


def _lost(before: dict[str, Any], after: dict[str, Any], is_alone: bool) -> Iterator[str]:
    """What is less than before; on a server others may have worked meanwhile, so there only rows are compared."""
    for name in before.keys() & after.keys():
        old, new = before[name], after[name]
        if new["rows"] < old["rows"]:
            yield f"{name} has {new['rows']} rows instead of {old['rows']}"
        for column in old["sums"].keys() & new["sums"].keys() if is_alone else ():
            if old["sums"][column] != new["sums"][column]:
                yield f"the sum of {name}.{column} is another"

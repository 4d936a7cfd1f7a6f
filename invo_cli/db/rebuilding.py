"""SQLite changes most things by rebuilding a table; what Alembic's rebuild loses without a word is put back here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import Connection, event

from invo_cli.errors import SchemaError

_DROPPED = re.compile(r'\s*DROP (?:TRIGGER|INDEX) (?:IF EXISTS )?"?([A-Za-z0-9_]+)', re.IGNORECASE)
_REBUILT = "_alembic_tmp_"


class _Kept(NamedTuple):
    """A trigger or an index, and the statement that made it."""

    table: str
    sql: str


@contextmanager
def keeping_schema(connection: Connection) -> Iterator[None]:
    """Run revisions; then put back triggers and indexes that a rebuild lost, and refuse rows without a parent.

    What a revision drops by name (DROP TRIGGER, DROP INDEX) stays dropped.
    """
    before, dropped = _kept(connection), set[str]()

    def prepare(_: Any, cursor: Any, statement: str, *__: Any) -> None:
        dropped.update(_DROPPED.findall(statement))
        if "RENAME TO" in statement:
            # Triggers of other tables name the table that is rebuilt, which is gone at this moment: only the old
            # way of renaming does not look at them. A real rename has to look.
            cursor.execute(f"PRAGMA legacy_alter_table={'ON' if _REBUILT in statement else 'OFF'}")

    event.listen(connection, "before_cursor_execute", prepare)
    yield
    _put_back(connection, {name: kept for name, kept in before.items() if name not in dropped})
    _refuse_orphans(connection)


def _kept(connection: Connection) -> dict[str, _Kept]:
    query = "SELECT name, tbl_name, sql FROM sqlite_master WHERE type IN ('trigger', 'index') AND sql IS NOT NULL"
    return {name: _Kept(table, sql) for name, table, sql in connection.exec_driver_sql(query)}


def _put_back(connection: Connection, before: dict[str, _Kept]) -> None:
    """Make again what is missing, where its table is still there."""
    tables = set(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars())
    for name in sorted(before.keys() - _kept(connection).keys()):
        if before[name].table in tables:
            connection.exec_driver_sql(before[name].sql)


def _refuse_orphans(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        tables = ", ".join(sorted({row[0] for row in broken}))
        raise SchemaError(
            f"The migration would leave rows without their parent in {tables}.",
            hint="Nothing was changed. Restore the missing rows, or report this.",
        )

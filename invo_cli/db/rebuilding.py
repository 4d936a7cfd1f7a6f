"""SQLite changes most things by rebuilding a table; what Alembic's rebuild loses without a word is put back here.

Revisions had better call `op.rebuild_table` (see table_rebuild.py), which loses nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import Connection, event

from invo_cli.db.catalog.sqlite import spelled, tokens
from invo_cli.errors import SchemaError

_DROPPED = re.compile(r'\s*DROP (?:TRIGGER|INDEX) (?:IF EXISTS )?"?([A-Za-z0-9_]+)', re.IGNORECASE)
REBUILT = "_invo_rebuilt_"
_REBUILT = re.compile(rf'ALTER TABLE "?(?:_alembic_tmp_|{REBUILT})\w+"? RENAME TO')
_MARKS = {"AUTOINCREMENT", "COLLATE", "GENERATED", "STRICT", "WITHOUT"}


class _Kept(NamedTuple):
    """A table, a trigger or an index, and the statement that made it."""

    kind: str
    table: str
    sql: str


@contextmanager
def keeping_schema(connection: Connection) -> Iterator[None]:
    """Run revisions; then put back triggers and indexes that a rebuild lost, and refuse rows without a parent.

    What a revision drops by name (DROP TRIGGER, DROP INDEX) stays dropped. Raises SchemaError when a table would lose
    AUTOINCREMENT, a collation, a generated column or its kind, which cannot be put back.
    """
    before, dropped = _kept(connection), set[str]()

    def prepare(_: Any, cursor: Any, statement: str, *__: Any) -> None:
        dropped.update(_DROPPED.findall(statement))
        if "RENAME TO" in statement:
            # Triggers of other tables name the table that is rebuilt, which is gone at this moment: only the old
            # way of renaming does not look at them. A real rename has to look.
            cursor.execute(f"PRAGMA legacy_alter_table={'ON' if _REBUILT.match(statement) else 'OFF'}")

    event.listen(connection, "before_cursor_execute", prepare)
    yield
    _refuse_lost_marks(before, _kept(connection))
    _put_back(connection, {name: kept for name, kept in before.items() if name not in dropped})
    refuse_orphans(connection)


def refuse_orphans(connection: Connection) -> None:
    """Raise SchemaError when a row refers to one that is not there."""
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        tables = ", ".join(sorted({row[0] for row in broken}))
        raise SchemaError(
            f"The migration would leave rows without their parent in {tables}.",
            hint="Nothing was changed. Restore the missing rows, or report this.",
        )


def _kept(connection: Connection) -> dict[str, _Kept]:
    query = "SELECT name, type, tbl_name, sql FROM sqlite_master WHERE type <> 'view' AND sql IS NOT NULL"
    return {name: _Kept(kind, table, sql) for name, kind, table, sql in connection.exec_driver_sql(query)}


def _put_back(connection: Connection, before: dict[str, _Kept]) -> None:
    """Make again what is missing or was made otherwise (Alembic forgets DESC), where its table is still there."""
    now = _kept(connection)
    for name, kept in sorted(before.items()):
        found = now.get(name)
        if kept.kind == "table" or kept.table not in now or (found and _same(kept, found)):
            continue
        if found:
            connection.exec_driver_sql(f'DROP {kept.kind} "{name}"')
        connection.exec_driver_sql(kept.sql)


def _same(kept: _Kept, found: _Kept) -> bool:
    return spelled(tokens(kept.sql)) == spelled(tokens(found.sql))


def _refuse_lost_marks(before: dict[str, _Kept], now: dict[str, _Kept]) -> None:
    for name, kept in before.items():
        if kept.kind == "table" and name in now:
            lost = _marks(kept.sql) - _marks(now[name].sql)
            if lost:
                raise SchemaError(
                    f"The migration would lose {', '.join(sorted(lost))} of the table {name}.",
                    hint="Nothing was changed. Its script must call op.rebuild_table.",
                )


def _marks(sql: str) -> Counter[str]:
    """How often each thing is said that Alembic does not know."""
    return Counter(word.upper() for word in tokens(sql) if word.upper() in _MARKS)

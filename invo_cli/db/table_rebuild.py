"""`op.rebuild_table` for revisions: change what SQLite cannot alter in place, and keep everything else of the table.

op.rebuild_table("users", {"role IN ('admin')": "role IN ('admin', 'guest')"})
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from invo_cli.db.rebuilding import REBUILT, refuse_orphans
from invo_cli.errors import SchemaError

if TYPE_CHECKING:
    from alembic.operations import Operations

Changes = Mapping[str, str]
"""Parts of the statement that made the table, and what to write in their place; each must be there exactly once."""


@cache
def register() -> None:
    """Make `op.rebuild_table(table, changes)` known to migration scripts."""
    from alembic.operations import MigrateOperation, Operations
    from alembic.util import CommandError

    @Operations.register_operation("rebuild_table")
    class RebuildTable(MigrateOperation):
        def __init__(self, table: str, changes: Changes) -> None:
            self.table, self.changes = table, changes

        @classmethod
        def rebuild_table(cls, operations: Operations, table: str, changes: Changes) -> None:
            operations.invoke(cls(table, changes))

    @Operations.implementation_for(RebuildTable)
    def implement(operations: Operations, operation: RebuildTable) -> None:
        connection = operations.get_bind() if not operations.get_context().as_sql else None
        if connection is None or connection.dialect.name != "sqlite":
            raise CommandError(f"The table {operation.table} can be rebuilt in an SQLite file only")
        rebuild(connection, operation.table, operation.changes)


def rebuild(connection: Connection, table: str, changes: Changes) -> None:
    """Make the table anew by its own changed statement, with its rows, row ids, indexes, triggers and last id.

    Foreign keys must be off, because dropping the old table would delete the rows that refer to it. Raises SchemaError
    when they are on, when a part is not there exactly once, and when rows would be lost or left without a parent.
    """
    if connection.exec_driver_sql("PRAGMA foreign_keys").scalar():
        raise SchemaError("A table is rebuilt with foreign keys off only.", hint="Migrate with: invo db upgrade")
    made, others = _statement(connection, table, changes), _others(connection, table)
    last_id, rows = _last_id(connection, table), _rows(connection, table)
    new = f"{REBUILT}{table}"
    connection.exec_driver_sql(made)
    columns = _columns(connection, table, new, made)
    connection.exec_driver_sql(f'INSERT INTO "{new}" ({columns}) SELECT {columns} FROM "{table}"')
    connection.exec_driver_sql(f'DROP TABLE "{table}"')
    _rename(connection, new, table)
    for statement in others:
        connection.exec_driver_sql(statement)
    if last_id is not None:
        connection.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
        connection.exec_driver_sql("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, last_id))
    if _rows(connection, table) != rows:
        raise SchemaError(f"Rebuilding the table {table} would lose rows.", hint="Nothing was changed.")
    refuse_orphans(connection)


def _statement(connection: Connection, table: str, changes: Changes) -> str:
    query = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?"
    sql = str(connection.exec_driver_sql(query, (table,)).scalar() or "")
    for old, new in changes.items():
        if sql.count(old) != 1:
            raise SchemaError(f"The table {table} does not have this once: {old}", hint="Correct the migration script.")
        sql = sql.replace(old, new)
    return re.sub(rf'^CREATE TABLE ["`\[]?{table}["`\]]?', f'CREATE TABLE "{REBUILT}{table}"', sql, count=1)


def _others(connection: Connection, table: str) -> list[str]:
    query = "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND type IN ('index', 'trigger') AND sql IS NOT NULL"
    return list(connection.exec_driver_sql(query, (table,)).scalars())


def _columns(connection: Connection, old: str, new: str, made: str) -> str:
    """What is copied: columns that both tables have and store, and the row id where it is not one of them."""
    kept = [name for name in _stored(connection, new) if name in _stored(connection, old)]
    has_rowid = not re.search(r"\bWITHOUT\s+ROWID\b", made, re.IGNORECASE)
    is_named = re.search(r"\bINTEGER\s+(?:NOT NULL\s+)?PRIMARY KEY\b", made, re.IGNORECASE)
    rowid = ["rowid"] if has_rowid and not is_named else []
    return ", ".join([*rowid, *(f'"{name}"' for name in kept)])


def _stored(connection: Connection, table: str) -> list[str]:
    return [row.name for row in connection.exec_driver_sql(f'PRAGMA table_xinfo("{table}")') if row.hidden == 0]


def _last_id(connection: Connection, table: str) -> int | None:
    """The last id that AUTOINCREMENT gave; it must not be given again, though its row may be gone."""
    if not connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'").first():
        return None
    found = connection.exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).scalar()
    return None if found is None else int(found)


def _rows(connection: Connection, table: str) -> int:
    return int(connection.exec_driver_sql(f'SELECT count(*) FROM "{table}"').scalar() or 0)


def _rename(connection: Connection, old: str, new: str) -> None:
    # The old way of renaming leaves what others say of the table as it is: it means the table that takes its place.
    connection.exec_driver_sql("PRAGMA legacy_alter_table=ON")
    connection.exec_driver_sql(f'ALTER TABLE "{old}" RENAME TO "{new}"')
    connection.exec_driver_sql("PRAGMA legacy_alter_table=OFF")

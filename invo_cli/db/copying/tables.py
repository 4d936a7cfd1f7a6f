"""What a database holds, read off the database itself, so that it may stand at any revision."""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import Any, Literal, NamedTuple

from sqlalchemy import Boolean, Connection, Date, DateTime, Integer, LargeBinary, MetaData
from sqlalchemy import Column as Reflected
from sqlalchemy import Table as ReflectedTable

Kind = Literal["whole", "text", "flag", "instant", "day", "blob"]
VERSION = "alembic_version"
BOOKS = "books"
_SEEDED = "business_id = 0 AND last_audit_seq = 0"
_KINDS: tuple[tuple[type[Any], Kind], ...] = (
    (Boolean, "flag"),
    (DateTime, "instant"),
    (Date, "day"),
    (Integer, "whole"),
    (LargeBinary, "blob"),
)


class Column(NamedTuple):
    """A column and what its values are; everything unusual is text."""

    name: str
    kind: Kind


class Table(NamedTuple):
    """A table and its columns, in the order of the database."""

    name: str
    columns: tuple[Column, ...]

    @property
    def listed(self) -> str:
        """Its columns as SQL."""
        return ", ".join(f'"{column.name}"' for column in self.columns)

    @property
    def sums(self) -> tuple[str, ...]:
        """The columns that hold money."""
        return tuple(column.name for column in self.columns if column.name.endswith("_paise"))


def tables(connection: Connection) -> list[Table]:
    """Every table but Alembic's own, each after those it refers to.

    A table whose reference is checked only at COMMIT comes before the one it refers to: the lines of a document are
    stored before it, because nothing can be added to one that is issued.
    """
    metadata = MetaData()
    metadata.reflect(connection)
    order: TopologicalSorter[str] = TopologicalSorter({name: set() for name in sorted(metadata.tables)})
    for name in sorted(metadata.tables):
        for target, is_deferred in _references(metadata.tables[name]):
            if target != name:
                order.add(*((target, name) if is_deferred else (name, target)))
    return [_described(metadata.tables[name]) for name in order.static_order() if name != VERSION]


def revision(connection: Connection) -> str | None:
    """The revision that the database says it is at."""
    found = connection.exec_driver_sql(f"SELECT max(version_num) FROM {VERSION}").scalar()
    return None if found is None else str(found)


def filled(connection: Connection) -> str | None:
    """A table with rows that the migrations themselves did not put in; None in a database where nobody has worked."""
    for table in tables(connection):
        others = f" WHERE NOT ({_SEEDED})" if table.name == BOOKS else ""
        if connection.exec_driver_sql(f'SELECT 1 FROM "{table.name}"{others} LIMIT 1').first() is not None:
            return table.name
    return None


def remove_seeded(connection: Connection) -> None:
    """Remove what the migrations themselves put in."""
    connection.exec_driver_sql(f"DELETE FROM {BOOKS} WHERE {_SEEDED}")


def _references(table: ReflectedTable) -> list[tuple[str, bool]]:
    keys = sorted(table.foreign_key_constraints, key=lambda key: tuple(key.column_keys))
    return [(key.referred_table.name, bool(key.deferrable)) for key in keys]


def _described(table: ReflectedTable) -> Table:
    return Table(table.name, tuple(Column(column.name, _kind(column)) for column in table.columns))


def _kind(column: Reflected[Any]) -> Kind:
    return next((kind for of, kind in _KINDS if isinstance(column.type, of)), "text")

"""What a database consists of, as plain values to compare."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, MetaData, inspect, select
from sqlalchemy.engine import URL

from invo_cli.db.engines import engine_for

Rows = dict[str, list[dict[str, Any]]]


def connect(url: URL, *, writes: bool = False) -> Connection:
    """A connection as the program makes it."""
    engine = engine_for(url.render_as_string(hide_password=False))
    return engine.connect().execution_options(invo_writes=writes)


def tables(url: URL) -> set[str]:
    with connect(url) as connection:
        return set(inspect(connection).get_table_names())


def rows(url: URL) -> Rows:
    """Every row of every table, in the order of its primary key."""
    with connect(url) as connection:
        metadata = MetaData()
        metadata.reflect(connection)
        return {
            table.name: [dict(row) for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()]
            for table in metadata.sorted_tables
            if table.name != "alembic_version"
        }


def checks(connection: Connection) -> dict[str, dict[str, str]]:
    """The CHECK constraints of each table, by name."""
    inspector = inspect(connection)
    return {
        table: {str(check["name"]): check["sqltext"] for check in inspector.get_check_constraints(table)}
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def indexes(url: URL) -> dict[str, set[str]]:
    """The indexes of each table."""
    with connect(url) as connection:
        inspector = inspect(connection)
        return {
            table: {str(index["name"]) for index in inspector.get_indexes(table)}
            for table in inspector.get_table_names()
        }


def triggers(url: URL) -> set[str]:
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with connect(url) as connection:
        return set(connection.exec_driver_sql(query[connection.dialect.name]).scalars())


def first(connection: Connection, query: str) -> Any:
    """The first row of a query."""
    return connection.exec_driver_sql(query).one()

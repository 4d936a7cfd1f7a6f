"""What differs between the models and the database, and which triggers guard the data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection, MetaData

from invo_cli.db import engines, faults, migrating, scripts
from invo_cli.settings import get_settings

TRIGGERS = {
    "sqlite": frozenset(
        {
            "audit_events_no_update",
            "audit_events_no_delete",
            "audit_events_no_replace",
            "invoices_no_delete",
            "invoices_frozen",
            "invoices_no_replace",
            "invoices_no_replacing_update",
            "invoices_cancelled_on_frozen",
            "invoice_lines_no_insert",
            "invoice_lines_no_update",
            "invoice_lines_no_delete",
        }
    ),
    "postgresql": frozenset(
        {
            "audit_events_append_only",
            "audit_events_no_truncate",
            "invoices_no_delete",
            "invoices_no_truncate",
            "invoices_frozen",
            "invoices_cancelled_on_frozen",
            "invoice_lines_frozen",
            "invoice_lines_no_truncate",
        }
    ),
}
"""The triggers that keep issued documents and the audit trail as they are, by engine."""
_ENABLED = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
    " WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND c.relnamespace = current_schema()::regnamespace",
}
_WORDS = {"add": "is missing", "remove": "is not expected", "modify": "differs"}


class Difference(NamedTuple):
    """One thing of the database that is not as this program expects it."""

    table: str
    difference: str


def differences(metadata: MetaData) -> list[Difference]:
    """Everything that is not as expected; an empty list is what everybody wants."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with faults.translated(), engines.engine_for(get_settings().database_url).connect() as connection:
        context = MigrationContext.configure(connection, opts=migrating.options(connection))
        found = [_described(change) for change in _flat(compare_metadata(context, metadata))]
        found += [Difference(name, "trigger is missing or disabled") for name in sorted(missing_triggers(connection))]
    return found + _several_heads()


def missing_triggers(connection: Connection) -> frozenset[str]:
    """The guards that are not there, or are switched off."""
    engine = connection.dialect.name
    return TRIGGERS[engine] - set(connection.exec_driver_sql(_ENABLED[engine]).scalars())


def _several_heads() -> list[Difference]:
    heads = [head.id for head in scripts.heads()]
    return [Difference("alembic_version", f"several heads: {', '.join(heads)}")] if len(heads) > 1 else []


def _flat(changes: list[Any]) -> Iterator[tuple[Any, ...]]:
    """Alembic gives a tuple a change, and a list of tuples for the changes of one column."""
    for change in changes:
        yield from change if isinstance(change, list) else [change]


def _described(change: tuple[Any, ...]) -> Difference:
    kind, _, what = change[0].partition("_")
    if kind == "modify":
        return Difference(change[2], f"{what} of column {change[3]} {_WORDS[kind]}")
    thing = change[-1]
    table = getattr(thing, "table", thing)
    return Difference(str(table.name), f"{what} {thing.name} {_WORDS[kind]}")

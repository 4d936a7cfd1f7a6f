"""What differs between this program and the database, and which triggers guard the data.

Alembic compares the models; what it does not look at (texts of checks, conditions of indexes, triggers, functions,
collations) is compared with the schema recorded beside the migrations.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import takewhile
from operator import eq
from typing import Any, NamedTuple

from sqlalchemy import Connection, MetaData

from invo_cli.db import engines, faults, migrating
from invo_cli.db.catalog import recorded
from invo_cli.db.catalog.entries import Change, Key
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
_SHOWN = 120


class Difference(NamedTuple):
    """One thing of the database that is not as this program expects it."""

    table: str
    difference: str
    is_extra: bool = False
    """Whether it is something that the database has more."""


def differences(metadata: MetaData) -> list[Difference]:
    """Everything that is not as expected; an empty list is what everybody wants."""
    with faults.translated(), engines.engine_for(get_settings().database_url).connect() as connection:
        changes = recorded.differing(connection)
        modelled = _without_known(dict(_modelled(connection, metadata)), changes)
        unguarded = sorted(missing_triggers(connection))
        revisions = connection.exec_driver_sql("SELECT version_num FROM alembic_version ORDER BY 1").scalars().all()
    found = [*modelled.values(), *(Difference(name, "trigger is missing or disabled") for name in unguarded)]
    if len(revisions) > 1:
        found.append(Difference("alembic_version", f"it names several revisions: {', '.join(revisions)}"))
    return found + list(_untold(changes, modelled.keys(), unguarded))


def missing_triggers(connection: Connection) -> frozenset[str]:
    """The guards that are not there, or are switched off."""
    engine = connection.dialect.name
    return TRIGGERS[engine] - set(connection.exec_driver_sql(_ENABLED[engine]).scalars())


def _modelled(connection: Connection, metadata: MetaData) -> Iterator[tuple[Key, Difference]]:
    """What Alembic finds when it compares the models with the database."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    context = MigrationContext.configure(connection, opts=migrating.options(connection))
    for change in _flat(compare_metadata(context, metadata)):
        yield _described(change)


def _without_known(modelled: dict[Key, Difference], changes: list[Change]) -> dict[Key, Difference]:
    """Without indexes and constraints that are there but differ: Alembic calls them missing."""
    altered = {change.key for change in changes if change.recorded is not None and change.found is not None}
    return {key: one for key, one in modelled.items() if key not in altered or key.kind == "column"}


def _flat(changes: list[Any]) -> Iterator[tuple[Any, ...]]:
    """Alembic gives a tuple a change, and a list of tuples for the changes of one column."""
    for change in changes:
        yield from change if isinstance(change, list) else [change]


def _described(change: tuple[Any, ...]) -> tuple[Key, Difference]:
    kind, _, what = change[0].partition("_")
    if kind == "modify":
        key = Key(change[2], "column", change[3])
        return key, Difference(change[2], f"{what} of column {change[3]} {_WORDS[kind]}")
    thing = change[-1]
    table = str(getattr(thing, "table", thing).name)
    key = Key(table, "constraint" if what == "fk" else what, str(thing.name))
    return key, Difference(table, f"{what} {thing.name} {_WORDS[kind]}", kind == "remove")


def _untold(changes: Iterable[Change], told: Iterable[Key], unguarded: list[str]) -> Iterator[Difference]:
    """What only the recorded schema tells."""
    known = set(told)
    whole = {key.table for key in known if key.kind == "table"}
    for change in changes:
        key = change.key
        if key not in known and key.table not in whole and not (key.kind == "trigger" and key.name in unguarded):
            yield Difference(key.table or "functions", _sentence(change), change.recorded is None)


def _sentence(change: Change) -> str:
    what = f"{change.key.kind} {change.key.name}"
    if change.found is None or change.recorded is None:
        return f"{what} {_WORDS['add' if change.found is None else 'remove']}"
    same = sum(1 for _ in takewhile(bool, map(eq, change.found, change.recorded)))
    return f"{what} differs: it is {_short(change.found, same)}, not {_short(change.recorded, same)}"


def _short(text: str, place: int) -> str:
    """A long text around the place where it begins to differ."""
    start = max(0, min(place - _SHOWN // 3, len(text) - _SHOWN))
    return ("…" if start else "") + text[start : start + _SHOWN] + ("…" if start + _SHOWN < len(text) else "")

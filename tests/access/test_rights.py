"""Every service demands a right or is known to be a step of one that does; no command goes around the door."""

from __future__ import annotations

from typing import Any

import pytest

from invo_cli.commands import entering
from invo_cli.services.access import MATRIX, Right
from invo_cli.services.access.rights import OF_EVERY_BUSINESS
from tests.access import calls
from tests.access.inner import DOORS, INNER
from tests.docs.tree import commands

pytestmark = pytest.mark.unit

OPENERS = {
    "entering": "the door itself",
    "auth": "signs in and out",
    "init": "makes the database and tells the code of a business to who knows its GSTIN",
    "db_moving": "notes migrations in the trail, as the owner of the database",
    "doctor_database": "counts businesses and users, shows neither",
}
"""Modules of commands that open sessions themselves, and why."""

WITHOUT_DATA = {
    "invo demo": "builds a database of its own in a new folder",
    "invo gstin check": "computes",
    "invo einvoice validate": "judges a file",
    "invo einvoice irn": "computes",
    "invo return diff": "compares two files",
    "invo schema": "describes the exports",
    "invo import template": "prints an empty form",
    "invo auth login": "lets in",
    "invo auth logout": "ends what the file of the sign-in stands for",
    "invo db upgrade": "as the owner of the database, who alone can alter tables; an admin may not be there yet",
    "invo db current": "tells the revision",
    "invo db history": "lists the revisions of this program",
    "invo db heads": "lists the revisions of this program",
    "invo db revision": "writes a script into a checkout of this program",
    "invo db check": "compares tables, not rows",
    "invo db sql": "prints statements, without a database",
    "invo db wait": "asks whether the database answers",
    "invo db roles": "prints statements, or runs them as the owner of the database",
    "invo db restore": "fills a new database from a file that whoever runs it can read",
    "invo db backup list": "lists files that whoever runs it can read",
    "invo db backup verify": "restores a file that whoever runs it can read into a scratch database",
    "invo config list": "shows settings of this computer, secrets hidden",
    "invo config path": "shows a path of this computer",
    "invo doctor": "looks at this computer and counts",
    "invo completion": "prints a script",
}
"""Commands that need no sign-in, and why: they show and change nothing that belongs to a business."""

ENTRIES = {entry.path: entry for entry in commands()}


def test_every_service_demands_a_right_or_is_a_reviewed_step() -> None:
    open_ones = {name for name, service in calls.services().items() if not hasattr(service, "__demands__")}
    assert open_ones == DOORS | INNER


def test_no_command_calls_a_service_that_demands_nothing() -> None:
    allowed = {calls.services()[name] for name in DOORS}
    found = {
        (module.removeprefix(calls.COMMANDS), name.name)
        for module in calls.sources()
        for name in calls.used(module)
        if (service := calls.service_of(name)) and not hasattr(service, "__demands__") and service not in allowed
    }
    assert found == set()


def test_only_the_named_modules_open_sessions_themselves() -> None:
    found = {
        module.removeprefix(calls.COMMANDS)
        for module, source in calls.sources().items()
        for name in source.imported.values()
        if name.module == "invo_cli.db.session" or name == ("invo_cli.db", "session")
    }
    assert found == OPENERS.keys()


def test_only_the_door_lets_somebody_in() -> None:
    letting = {calls.services()[f"access.{name}"] for name in ("principals.attach", "admitting.admit")}
    found = {
        module.removeprefix(calls.COMMANDS)
        for module in calls.sources()
        for name in calls.used(module)
        if calls.service_of(name) in letting
    }
    assert found == {"entering"}


def test_no_command_writes_queries() -> None:
    built = {
        (module, name)
        for module, source in calls.sources().items()
        for name in source.imported.values()
        if name.module.startswith("sqlalchemy") and name.name != "Session"
    }
    assert built == set()


@pytest.mark.parametrize("path", ENTRIES)
def test_a_command_ends_at_a_right_or_has_no_data(path: str) -> None:
    rights = calls.rights(ENTRIES[path].command.callback)
    if path in WITHOUT_DATA:
        return
    assert rights, "say why in WITHOUT_DATA, or decorate the service it calls"
    only_reads_businesses = path.split()[1] in ("business", "auth")
    assert rights != {Right.BUSINESS_READ} or only_reads_businesses


def test_the_exceptions_are_commands_and_demand_nothing() -> None:
    assert WITHOUT_DATA.keys() <= ENTRIES.keys()
    demanding = {path for path in WITHOUT_DATA if calls.rights(ENTRIES[path].command.callback)}
    assert demanding == set()


def test_the_reading_of_the_source_sees_through_helpers_and_packages() -> None:
    def rights(path: str) -> Any:
        return calls.rights(ENTRIES[path].command.callback)

    assert Right.IMPORT_RUN in rights("invo import customers")
    assert Right.INVOICE_WRITE in rights("invo credit-note create")
    assert Right.SYSTEM_MANAGE in rights("invo db downgrade")
    assert rights("invo db current") == set()
    assert calls.service_of(calls.Name("invo_cli.services.access", "demands")) is None
    assert entering.read.__module__ in calls.sources()


def test_every_right_is_somebodys_and_every_role_can_read() -> None:
    assert MATRIX["admin"] == frozenset(Right)
    assert all(Right.BUSINESS_READ in rights for rights in MATRIX.values())
    assert MATRIX["viewer"] & {right for right in Right if right.endswith((".write", ".create"))} == frozenset()
    assert {Right.USER_MANAGE, Right.SYSTEM_MANAGE, Right.BUSINESS_CREATE} <= OF_EVERY_BUSINESS

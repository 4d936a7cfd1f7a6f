"""The trail is complete: every command that writes appends an event, and every command is known to write or not."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from invo_cli.db import session
from tests.commands.daily import DAY, OF_THE_OWNER, Written, at_work
from tests.conftest import ON_POSTGRESQL
from tests.docs.running import run
from tests.docs.tree import commands
from tests.harness.smtp import MailServer

pytestmark = pytest.mark.integration

READS = frozenset(
    {
        *(f"invo {noun} list" for noun in ("invoice", "credit-note", "debit-note", "payment", "customer", "item")),
        *(f"invo {noun} show" for noun in ("invoice", "credit-note", "debit-note", "payment", "customer", "item")),
        *("invo invoice explain", "invo customer statement", "invo customer balance"),
        *("invo remind preview", "invo remind history"),
        *("invo business list", "invo business show", "invo series list", "invo series show", "invo series audit"),
        *("invo gstin check", "invo hsn search", "invo hsn show", "invo schema", "invo period list"),
        *(f"invo report {name}" for name in ("sales", "tax-summary", "hsn", "collections", "items", "customers")),
        *(f"invo report {name}" for name in ("daybook", "receivables", "ageing", "dashboard")),
        *(f"invo einvoice {verb}" for verb in ("build", "validate", "irn", "due", "show")),
        *("invo eway build", "invo eway list", "invo return diff", "invo return status", "invo return cmp08"),
        *("invo export job list", "invo export job show", "invo export batch list", "invo export batch show"),
        *("invo import template", "invo import list"),
        *("invo audit list", "invo audit show", "invo audit head", "invo audit verify"),
        *("invo auth whoami", "invo user list", "invo user show", "invo token list"),
        *("invo config list", "invo config path", "invo doctor", "invo completion", "invo verify", "invo metrics"),
        *(f"invo db {verb}" for verb in ("current", "history", "heads", "check", "sql", "wait", "lint")),
        *("invo db backup list", "invo db backup verify"),
    }
)
"""Commands that change nothing in the books, in who may read them, or in what left them."""
ELSEWHERE = {
    "invo init": "makes the trail; its business.create and user.create are tested with it",
    "invo demo": "makes a database of its own",
    "invo business use": "writes the settings of one person, not the database",
    "invo schedule print cron": "prints lines",
    "invo schedule print systemd": "prints lines",
    "invo db upgrade": "db.upgrade is tested with the migrations",
    "invo db downgrade": "db.downgrade is tested with the migrations",
    "invo db stamp": "db.stamp is tested with the migrations",
    "invo db revision": "writes a script into the checkout",
    "invo db rebuild": "is tested with the migrations",
    "invo db backup prune": "db.backup_prune is tested with the backups: in one day nothing is old enough",
    "invo db restore": "makes another database, with its trail as it was",
    "invo db copy": "makes another database, with its trail as it was",
    "invo db roles": "gives rights on the server, which keeps its own log",
}


def events() -> set[tuple[int, int, str]]:
    """Every event by its book, number and action."""
    query = text("SELECT business_id, seq, action FROM audit_events")
    return session.read(lambda opened: {(row[0], row[1], row[2]) for row in opened.execute(query)})


def actions_of(step: Written) -> set[str]:
    """The actions that a command adds to the trail."""
    before = events()
    done = run(step.line)
    assert done.status == step.status, f"{step.line}\n{done.stdout}\n{done.stderr}"
    return {action for _, _, action in events() - before}


@pytest.mark.skipif(ON_POSTGRESQL, reason="the day is spent on PostgreSQL by the application role")
def test_every_command_that_writes_appends_an_event(tmp_path: Path) -> None:
    with MailServer() as server, at_work(tmp_path / "work", server.environment):
        silent = [step.line for step in (*DAY, *OF_THE_OWNER) if step.action not in actions_of(step)]
        assert silent == []
        assert run("invo audit verify").status == 0


def test_every_command_is_known_to_write_or_not() -> None:
    paths = {entry.path for entry in commands()}
    told = {path for path in paths if any(step.line.startswith(f"{path} ") for step in (*DAY, *OF_THE_OWNER))}
    told |= {"invo auth logout"} & {step.line for step in DAY}
    assert paths - told - READS - ELSEWHERE.keys() == set()
    assert told & READS == set()

"""--dry-run does everything and leaves nothing: no row, no audit event, no number."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import MetaData, func, select, text
from sqlalchemy.engine import URL

from invo_cli.db.engines import engine_for
from tests.conftest import Invo, Process
from tests.contract.running import ASHA, LINE, record

pytestmark = [pytest.mark.contract, pytest.mark.integration]

WRITES: Mapping[str, tuple[str, ...]] = {
    "create": ("invoice", "create", "--customer", "Ravi", "--mobile", "9876543219", "--line", LINE),
    "draft": ("invoice", "create", *ASHA, "--line", LINE, "--draft"),
    "with a key": ("invoice", "create", *ASHA, "--line", LINE, "--idempotency-key", "k"),
    "edit": ("invoice", "edit", "D-2", "--notes", "Later"),
    "issue": ("invoice", "issue", "D-2"),
    "issue all": ("invoice", "issue", "--all-drafts"),
    "cancel": ("invoice", "cancel", "D-1", "--reason", "Twice"),
    "delete": ("invoice", "delete", "D-1", "--reason", "Twice"),
    "restore": ("invoice", "restore", "D-3"),
    "duplicate": ("invoice", "duplicate", "D-1"),
    "duplicate and issue": ("invoice", "duplicate", "D-1", "--issue"),
    "series": ("series", "set", "tax_invoice", "A/{fy}/{seq:04}", "--next", "7"),
    "business": ("business", "create", "--name", "Pune", "--gstin", "27AAPFU0939F1ZV"),
    "business edit": ("business", "edit", "29AAGCB7383J1Z4", "--turnover", "1,00,000"),
    "customer": ("customer", "create", "--name", "Mina"),
    "customer edit": ("customer", "edit", "C-0001", "--name", "Asha & Co"),
    "customer delete": ("customer", "delete", "C-0001"),
    "item": ("item", "create", "--code", "FAN", "--name", "Fan", "--price", "100"),
}


def everything(url: URL) -> dict[str, list[Any]]:
    """Every row of every table."""
    engine = engine_for(url.render_as_string(hide_password=False))
    metadata = MetaData()
    metadata.reflect(engine)
    with engine.connect() as connection:
        return {
            name: sorted(map(repr, connection.execute(select(table))))
            for name, table in sorted(metadata.tables.items())
        }


@pytest.fixture
def stocked(counter: Invo) -> Invo:
    """One issued document, one draft, one deleted draft."""
    for arguments in ((), ("--draft",), ("--draft",)):
        assert counter("invoice", "create", *ASHA, "--line", LINE, *arguments).exit_code == 0
    assert counter("invoice", "delete", "D-3").exit_code == 0
    return counter


@pytest.mark.parametrize("name", WRITES)
def test_a_dry_run_leaves_nothing(stocked: Invo, database_url: URL, name: str) -> None:
    before = everything(database_url)
    done = stocked(*WRITES[name], "--dry-run", "-o", "json")
    assert done.exit_code == 0, done.stderr
    shown = json.loads(done.stdout)
    for row in shown if isinstance(shown, list) else [shown]:
        assert row["dry_run"] is True
    assert everything(database_url) == before
    assert stocked(*WRITES[name]).exit_code == 0
    assert everything(database_url) != before


def test_a_dry_run_shows_the_number_that_the_next_run_takes(shop: Process) -> None:
    command = ("invoice", "create", *ASHA, "--line", LINE, "-o", "json")
    shown = record(shop(*command, "--dry-run"))
    made = record(shop(*command))
    assert shown.pop("dry_run") is True
    assert shown == made
    assert (made["id"], made["number"]) == ("D-1", "INV/26-27/0001")
    assert "dry_run" not in made


def test_a_dry_run_is_refused_as_the_run_would_be(stocked: Invo) -> None:
    assert stocked("invoice", "cancel", "D-2", "--reason", "x", "--dry-run").exit_code == 5
    assert stocked("invoice", "create", *ASHA, "--line", "x:1:1::17", "--dry-run").exit_code == 3


def test_every_write_offers_a_dry_run(invo: Invo) -> None:
    from typer._click.core import Command

    from invo_cli.cli import NOUNS, load

    writing = {
        "create",
        "edit",
        "set",
        "issue",
        "cancel",
        "delete",
        "restore",
        "merge",
        "duplicate",
        "enable",
        "disable",
    }

    def lacking(command: Command, path: str) -> list[str]:
        found = []
        for name, each in getattr(command, "commands", {}).items():
            found += lacking(each, f"{path} {name}")
            options = {option for parameter in each.params for option in parameter.opts}
            if name in writing and path.split()[0] not in ("config", "db") and "--dry-run" not in options:
                found.append(f"{path} {name}")
        return found

    assert [path for noun in NOUNS for path in lacking(load(noun), noun)] == []


def test_counts_are_what_they_were(stocked: Invo, database_url: URL) -> None:
    stocked("invoice", "create", *ASHA, "--line", LINE, "--dry-run")
    with engine_for(database_url.render_as_string(hide_password=False)).connect() as connection:
        taken = connection.execute(select(func.max(text("last_serial"))).select_from(text("number_counters"))).scalar()
    assert taken == 1

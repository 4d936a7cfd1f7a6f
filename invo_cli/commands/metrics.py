"""Figures for Prometheus: documents, exports, backups, the audit trail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from invo_cli import clock
from invo_cli.commands.parsers import examples

if TYPE_CHECKING:
    from invo_cli.db.health import Health
    from invo_cli.services.metrics import Family

app = typer.Typer(add_completion=False, rich_markup_mode="rich")
READABLE = 0o644
"""The collector runs as another user."""


@app.command(epilog=examples("invo metrics", "invo metrics --out invo.prom"))
def metrics(
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.prom", help="Replace this file at once, readable by all.")
    ] = None,
) -> None:
    """Print metrics in the text format of Prometheus, or write them where node_exporter's textfile collector reads."""
    from invo_cli.commands.entering import stream
    from invo_cli.services import metrics as books
    from invo_cli.views import metrics as view

    families = [*stream(lambda session: iter(books.collect(session, today=clock.today())), patient=True), *_system()]
    if out is None:
        view.show(families)
        return
    from invo_cli.exports import files

    with files.atomic(out, force=True) as page:
        page.write(view.text(families))
    if out.stat().st_mode & READABLE != READABLE:
        out.chmod(READABLE)


def _system() -> Iterator[Family]:
    """What concerns the whole database, from the database itself and the folder of backups."""
    from invo_cli import __version__
    from invo_cli.commands.upkeep import last_backup
    from invo_cli.db import health
    from invo_cli.db.head import HEAD
    from invo_cli.services.metrics import Family

    found, books = health.measure(), health.look()
    labels = {"version": __version__, "revision": HEAD, "engine": found.engine, "server": found.version}
    yield Family("invo_build_info", "gauge", "Version of invo, of its schema and of the database.", [(labels, 1)])
    yield Family("invo_database_size_bytes", "gauge", "Size of the database.", [({}, found.bytes)])
    yield Family("invo_database_latency_seconds", "gauge", "From nothing to the first answer.", [({}, _latency(found))])
    yield _time("invo_backup_last_timestamp_seconds", "When the last backup was made.", last_backup(books.backed_up))
    yield _time("invo_audit_verified_timestamp_seconds", "When the audit trail was last verified.", books.proved)
    unproved = "Events of the audit trail since it was verified."
    yield Family("invo_audit_unverified_events", "gauge", unproved, [({}, books.unproved)])
    missing = "Triggers that guard the books and are not there."
    yield Family("invo_guards_missing", "gauge", missing, [({}, len(books.missing_triggers))])


def _latency(found: Health) -> Decimal:
    return Decimal(f"{found.milliseconds / 1000:.6f}")


def _time(name: str, meaning: str, moment: datetime | None) -> Family:
    """A metric of one moment; without a sample when it never was."""
    from invo_cli.services.metrics import Family, seconds

    return Family(name, "gauge", meaning, [({}, seconds(moment))] if moment else [])

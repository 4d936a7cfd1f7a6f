"""Copying a whole database into a new one, of the same engine or the other."""

from __future__ import annotations

from typing import Annotated

import typer

from invo_cli.commands import context
from invo_cli.commands.db_backup import require_right_over, show_moved
from invo_cli.commands.parsers import examples
from invo_cli.views import remarks

Source = Annotated[str, typer.Option("--from", metavar="URL", help="The database to copy; it is only read.")]
Target = Annotated[str, typer.Option("--to", metavar="URL", help="A new database; it is made when it is missing.")]


def register(noun: typer.Typer) -> None:
    """Add `copy` to the noun db."""
    noun.command(
        epilog=examples(
            "invo db copy --from sqlite:///home/invo.db --to sqlite:///copy.db",
            "invo db copy --from sqlite:///home/invo.db --to postgresql://invo@db.example.com/invo",
        )
    )(copy)


def copy(source: Source, target: Target) -> None:
    """Copy a whole database from one snapshot into a new one, and compare both; exit 10 when something differs."""
    from itertools import islice

    from invo_cli.backups import checking, restoring
    from invo_cli.db.copying import copying, making
    from invo_cli.db.urls import normalise, redacted
    from invo_cli.views.backups import MOVED

    context.check_fields(MOVED)
    require_right_over(source)
    with making.new_database(target) as url:
        facts = copying.copy(source, url)
        findings = list(islice(checking.findings(url, facts), restoring.MAX_FINDINGS))
    remarks.note("Writes to the source after this are not in the copy: switch before anybody goes on.")
    show_moved(redacted(normalise(target)), facts, findings)

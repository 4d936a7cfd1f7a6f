"""The database schema: upgrade, downgrade, check, wait."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from invo_cli import clock
from invo_cli.commands import context, db_backup, db_copy, db_moving, db_roles
from invo_cli.commands.parsers import DryRun, examples
from invo_cli.errors import ConflictError, FindingsError, InvalidError
from invo_cli.views import remarks

app = typer.Typer(help=__doc__, add_completion=False, no_args_is_help=True, rich_markup_mode="rich")
db_moving.register(app)


@app.command(epilog=examples("invo db current", "invo db current -o json"))
def current() -> None:
    """Show the revision of the database and which revisions are pending."""
    from invo_cli.db import head, schema
    from invo_cli.views.schema import STANDING, print_page

    found = schema.current()
    known = found is None or found in head.REVISIONS
    row = {
        "revision": found or "base",
        "head": head.HEAD,
        "pending": list(schema.pending(found)) if known else [],
        "database": schema.place(),
    }
    context.show_record(row, STANDING, print_page)


@app.command(epilog=examples("invo db history", "invo db history -o json"))
def history() -> None:
    """List every revision of this program, oldest first."""
    from invo_cli.db import scripts

    _show_revisions(scripts.history())


@app.command(epilog=examples("invo db heads", "invo db heads -o name"))
def heads() -> None:
    """List the newest revision; two mean that revisions were written side by side."""
    from invo_cli.db import scripts

    _show_revisions(scripts.heads())


@app.command(
    epilog=examples("invo db revision -m 'add credit notes' --autogenerate", "invo db revision -m 'fill in states'")
)
def revision(
    message: Annotated[str, typer.Option("-m", "--message", metavar="TEXT", help="What it does, as a command.")],
    autogenerate: Annotated[bool, typer.Option("--autogenerate", help="Compare the models with the database.")] = False,
) -> None:
    """Write a new migration script, in a checkout of invo whose database is at the head."""
    from invo_cli.db import schema, scripts
    from invo_cli.db.head import require_head
    from invo_cli.views.schema import SCRIPT, print_page

    require_head(schema.current())
    made = scripts.create(_sentence(message), autogenerate=autogenerate, today=clock.today())
    if made is None:
        remarks.note("The models and the database agree: nothing to write.")
        return
    name = "_".join(made.stem.split("_")[:2])
    context.show_record({"path": str(made), "revision": name}, SCRIPT, print_page)
    remarks.note(f"Read it, add {name} to REVISIONS in invo_cli/db/head.py, then run: make schema")


@app.command(epilog=examples("invo db stamp head", "invo db stamp 20250924_0001"))
def stamp(revision: db_moving.Revision, dry_run: DryRun = False) -> None:
    """Record a revision without running anything; refused for the head when the tables are others."""
    from invo_cli.db import drift, head, schema, scripts
    from invo_cli.models import Base

    db_backup.require_right()
    before, target = schema.current(), scripts.resolve(revision)
    if target == head.HEAD and drift.differences(Base.metadata):
        raise ConflictError(
            f"The database does not have the tables of revision {target}.", hint="Migrate it with: invo db upgrade"
        )
    if not dry_run and before != target:
        schema.stamp(target)
        if target == head.HEAD:
            db_moving.record("db.stamp", before, target)
    db_moving.show_move([], before, target, dry_run)


@app.command(epilog=examples("invo db check", "invo db check -o json"))
def check() -> None:
    """Compare the database with this program, and look for unsafe, edited or rival migration scripts."""
    from invo_cli.db import drift, schema, script_checks
    from invo_cli.db.head import require_head
    from invo_cli.models import Base
    from invo_cli.views.schema import DIFFERENCES

    require_head(schema.current())
    found = [
        {"table": one.table, "revision": None, "difference": one.difference} for one in drift.differences(Base.metadata)
    ]
    is_same = not found
    found += [
        {"table": "alembic_version", "revision": one.revision, "difference": one.problem}
        for one in script_checks.problems(Base.metadata)
    ]
    context.show_rows(found, DIFFERENCES)
    if found:
        raise FindingsError(
            f"There {'are' if len(found) > 1 else 'is'} {len(found)} finding{'s' * (len(found) > 1)}.",
            hint="Install invo anew: its migration scripts were changed."
            if is_same
            else "Somebody changed the schema by hand: restore a backup, or correct it the same way.",
        )
    remarks.note("The schema is as it should be.")


@app.command(epilog=examples("invo db sql > upgrade.sql", "invo db sql 20250924_0001:head --dialect sqlite"))
def sql(
    revisions: Annotated[str, typer.Argument(metavar="A:B", help="From and to; B alone starts at base.")] = "head",
    dialect: Annotated[str, typer.Option(metavar="NAME", help="postgresql or sqlite.")] = "postgresql",
) -> None:
    """Print the statements that lead from one revision to another, without touching a database."""
    import sys

    from invo_cli.db import scripts

    if dialect not in ("postgresql", "sqlite"):
        raise InvalidError(f"There is no dialect {dialect}.", hint="Dialects: postgresql, sqlite.")
    start, _, end = revisions.rpartition(":")
    scripts.write_sql(
        scripts.resolve(start or scripts.BASE), scripts.resolve(end or "head"), dialect=dialect, output=sys.stdout
    )


@app.command(epilog=examples("invo db wait", "invo db wait --timeout 120 && invo db upgrade"))
def wait(
    timeout: Annotated[float, typer.Option(metavar="SECONDS", min=0, max=86_400, help="How long to try.")] = 60,
) -> None:
    """Wait until the database answers."""
    from invo_cli.db import schema

    schema.wait(timeout)
    remarks.note("The database answers.")


db_backup.register(app)
db_copy.register(app)
db_roles.register(app)


def _show_revisions(found: list[Any]) -> None:
    from invo_cli.views.schema import REVISIONS

    context.show_rows([{"revision": one.id, "message": one.message} for one in found], REVISIONS)


def _sentence(message: str) -> str:
    from invo_cli.gst.text import clean_text

    text = clean_text(message, what="Message", limit=100).rstrip(".")
    if not text.isprintable() or any(character in text for character in '"\\'):
        raise InvalidError(
            "The message is one line without quotes and backslashes.", hint="For example: add credit notes"
        )
    return text[:1].upper() + text[1:]

"""The database schema: upgrade, downgrade, check, wait."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from invo_cli import clock
from invo_cli.commands import context, db_backup, db_copy
from invo_cli.commands.parsers import DryRun, examples
from invo_cli.errors import ConflictError, DeniedError, FindingsError, InvalidError, SchemaError
from invo_cli.views import remarks

app = typer.Typer(help=__doc__, add_completion=False, no_args_is_help=True, rich_markup_mode="rich")
Revision = Annotated[str, typer.Argument(metavar="REV", help="A revision, head, or base for the empty schema.")]


@app.command(epilog=examples("invo db upgrade", "invo db upgrade 20250924_0002", "invo db upgrade --dry-run"))
def upgrade(revision: Revision = "head", dry_run: DryRun = False) -> None:
    """Bring the database to the newest revision; makes a SQLite file that is not there yet."""
    from invo_cli.db import schema, scripts

    before = schema.current() if schema.exists() else None
    if dry_run:
        target = scripts.resolve(revision)
        run = [step for step in schema.pending(before) if step <= target]
    else:
        run, before = _upgrade(revision, before)
    _show_move(run, before, run[-1] if run else before, dry_run)


@app.command(epilog=examples("invo db downgrade 20250924_0001", "invo db downgrade base --yes", "invo db history"))
def downgrade(revision: Revision, dry_run: DryRun = False) -> None:
    """Take the database back to an older revision, after naming what would be lost."""
    from invo_cli.db import schema, scripts

    before, target = schema.current(), scripts.resolve(revision)
    lost = [_loss(table, column, rows) for (table, column), rows in schema.losses(revision)]
    if before != target and not dry_run:
        remarks.warn(f"This removes {', '.join(lost) or 'no table and no column'}.")
        context.confirm(f"Take the database back from {before} to {revision}?")
        _record("db.downgrade", before, target)
    undone = [] if dry_run else schema.downgrade(revision, on_step=_say)
    _show_move(undone, before, target, dry_run, lost=lost)


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
    remarks.note(f"Read it, then add {name} to REVISIONS in invo_cli/db/head.py.")


@app.command(epilog=examples("invo db stamp head", "invo db stamp 20250924_0001"))
def stamp(revision: Revision, dry_run: DryRun = False) -> None:
    """Record a revision without running anything; refused for the head when the tables are others."""
    from invo_cli.db import drift, head, schema, scripts
    from invo_cli.models import Base

    before, target = schema.current(), scripts.resolve(revision)
    if target == head.HEAD and drift.differences(Base.metadata):
        raise ConflictError(
            f"The database does not have the tables of revision {target}.", hint="Migrate it with: invo db upgrade"
        )
    if not dry_run and before != target:
        schema.stamp(target)
        if target == head.HEAD:
            _record("db.stamp", before, target)
    _show_move([], before, target, dry_run)


@app.command(epilog=examples("invo db check", "invo db check -o json"))
def check() -> None:
    """Compare the tables, columns, indexes, constraints and triggers of the database with this program."""
    from invo_cli.db import drift, schema
    from invo_cli.db.head import require_head
    from invo_cli.models import Base
    from invo_cli.views.schema import DIFFERENCES

    require_head(schema.current())
    found = drift.differences(Base.metadata)
    context.show_rows([difference._asdict() for difference in found], DIFFERENCES)
    if found:
        raise FindingsError(
            f"The schema differs from this invo in {len(found)} place{'s' * (len(found) > 1)}.",
            hint="Somebody changed it by hand: restore a backup, or correct it the same way.",
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


def bring_to_head() -> None:
    """Make the database, or migrate it, as far as this program goes."""
    from invo_cli.db import schema

    _upgrade("head", schema.current() if schema.exists() else None)


def _upgrade(revision: str, found: str | None) -> tuple[list[str], str | None]:
    """The revisions run here, and the one before them: another process may have run some since `found`."""
    from invo_cli.db import schema
    from invo_cli.db.head import REVISIONS

    run = schema.upgrade(revision, on_step=_say)
    if not run:
        return run, found
    before = dict(zip(REVISIONS[1:], REVISIONS, strict=False)).get(run[0])
    _record("db.upgrade", before, run[-1])
    return run, before


def _say(revision: str) -> None:
    remarks.note(f"Ran {revision}.")


def _show_revisions(found: list[Any]) -> None:
    from invo_cli.views.schema import REVISIONS

    context.show_rows([{"revision": one.id, "message": one.message} for one in found], REVISIONS)


def _show_move(run: list[str], before: str | None, after: str | None, dry_run: bool, **more: Any) -> None:
    from invo_cli.db import schema
    from invo_cli.views.schema import MOVE, print_page

    row = {"revision": after or "base", "previous": before or "base", "run": run} | more
    context.show_record(context.marked(row | {"database": schema.place()}, dry_run), MOVE, print_page)
    if before == after and not dry_run:
        remarks.note("Nothing to do.")


def _record(action: str, before: str | None, after: str) -> None:
    """Note a change of the schema in the audit trail, which exists at the head only."""
    from invo_cli.db.session import write
    from invo_cli.services import audit, books

    try:
        act = context.act()
    except (DeniedError, SchemaError):  # whoever owns the database may migrate it without signing in
        act = context.first_act()
    event = audit.Event(
        action=action,
        subject="schema:invo",
        before={"revision": before or "base"},
        after={"revision": after},
    )
    try:
        write(lambda session: audit.append(session, books.SYSTEM, act, [event]))
    except SchemaError:
        remarks.note("The audit trail begins at the newest revision: this change is not in it.")


def _loss(table: str, column: str | None, rows: int) -> str:
    what = f"column {table}.{column}" if column else f"table {table}"
    return f"{what} ({rows} row{'s' * (rows != 1)})"


def _sentence(message: str) -> str:
    from invo_cli.gst.text import clean_text

    text = clean_text(message, what="Message", limit=100).rstrip(".")
    if not text.isprintable() or any(character in text for character in '"\\'):
        raise InvalidError(
            "The message is one line without quotes and backslashes.", hint="For example: add credit notes"
        )
    return text[:1].upper() + text[1:]

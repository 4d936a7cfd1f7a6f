"""Moving the schema: upgrade and downgrade, with a plan before, a backup under the lock, and a check after."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from invo_cli.commands import context
from invo_cli.commands.db_backup import require_right
from invo_cli.commands.parsers import DryRun, examples
from invo_cli.errors import DeniedError, FindingsError, SchemaError, UnavailableError, UsageProblemError
from invo_cli.views import remarks

if TYPE_CHECKING:
    from invo_cli.db.schema import Moved

Revision = Annotated[str, typer.Argument(metavar="REV", help="A revision, head, or base for the empty schema.")]
Timeout = Annotated[
    float, typer.Option(metavar="SECONDS", min=0, max=86_400, help="How long to wait for locks of others.")
]
NoBackup = Annotated[bool, typer.Option("--no-backup", help="Make no backup before.")]


def register(noun: typer.Typer) -> None:
    """Add `upgrade` and `downgrade` to the noun db."""
    noun.command(
        epilog=examples(
            "invo db upgrade", "invo db upgrade --plan", "invo db upgrade --sql", "invo db upgrade --to 20250924_0002"
        )
    )(upgrade)
    noun.command(epilog=examples("invo db downgrade 20250924_0001", "invo db downgrade base --yes", "invo db history"))(
        downgrade
    )


def upgrade(
    revision: Revision = "head",
    to: Annotated[str | None, typer.Option("--to", metavar="REV", help="The same as the argument.")] = None,
    plan: Annotated[bool, typer.Option("--plan", help="List what would be run, and what it costs.")] = False,
    sql: Annotated[bool, typer.Option("--sql", help="Print the statements instead of running them.")] = False,
    timeout: Timeout = 60,
    no_backup: NoBackup = False,
    dry_run: DryRun = False,
) -> None:
    """Bring the database to the newest revision: backed up before, checked after; makes a missing SQLite file."""
    from invo_cli.db import schema, scripts

    if to is not None and revision not in ("head", to):
        raise UsageProblemError(f"Both {revision} and --to {to} are named.", hint="Name one of them.")
    revision = to or revision
    found = _standing(or_empty=sql)
    steps = [step for step in schema.pending(found) if step <= scripts.resolve(revision)]
    if plan:
        _show_plan(steps)
    elif sql:
        _print_sql(found, steps)
    elif dry_run:
        show_move(steps, found, steps[-1] if steps else found, dry_run)
    else:
        _run_and_show(revision, found, steps, timeout, no_backup)


def downgrade(revision: Revision, timeout: Timeout = 60, no_backup: NoBackup = False, dry_run: DryRun = False) -> None:
    """Take the database back to an older revision, after naming what would be lost."""
    from invo_cli.db import schema, scripts

    require_right()
    before, target = schema.current(), scripts.resolve(revision)
    losses = schema.losses(revision)
    lost = [_loss(table, column, rows) for (table, column), rows in losses]
    if before == target or dry_run:
        return show_move([], before, target, dry_run, lost=lost)
    remarks.warn(f"This removes {', '.join(lost) or 'no table and no column'}.")
    hashed = sum(rows for (table, column), rows in losses if table == "audit_events" and column)
    if hashed:
        remarks.warn(f"{hashed} audit events were hashed with what is removed: invo audit verify will report them.")
    context.confirm(f"Take the database back from {before} to {revision}?")
    record("db.downgrade", before, target)
    prepare = partial(_prepare, f"downgrade to {target}", no_backup)
    moved = schema.downgrade(revision, on_step=_say, prepare=prepare, timeout=timeout)
    show_move(moved.run, before, target, lost=lost, backup=moved.backup)


def bring_to_head() -> None:
    """Make the database, or migrate it, as far as this program goes."""
    from invo_cli.db import schema
    from invo_cli.db.head import HEAD

    found = schema.current() if schema.exists() else None
    _announce(found, list(schema.pending(found)))
    _upgrade(HEAD, timeout=60, no_backup=False)


def show_move(run: list[str], before: str | None, after: str | None, dry_run: bool = False, **more: Any) -> None:
    """Print where the database stood and stands."""
    from invo_cli.db import schema
    from invo_cli.views.schema import MOVE, print_page

    backup = more.pop("backup", None)
    row = {"revision": after or "base", "previous": before or "base", "run": run} | more
    row |= {"backup": None if backup is None else str(backup), "database": schema.place()}
    context.show_record(context.marked(row, dry_run), MOVE, print_page)
    if before == after and not dry_run:
        remarks.note("Nothing to do.")


def record(action: str, before: str | None, after: str, backup: Path | None = None) -> None:
    """Note a change of the schema in the audit trail, which exists at the head only."""
    from invo_cli.db.session import write
    from invo_cli.services import audit, books

    try:
        act = context.act()
    except (DeniedError, SchemaError):  # whoever owns the database may migrate it without signing in
        act = context.first_act()
    made = {} if backup is None else {"backup": backup.name}
    event = audit.Event(
        action=action,
        subject="schema:invo",
        before={"revision": before or "base"},
        after={"revision": after, **made},
    )
    try:
        write(lambda session: audit.append(session, books.SYSTEM, act, [event]))
    except SchemaError:
        remarks.note("The audit trail begins at the newest revision: this change is not in it.")


def _standing(*, or_empty: bool) -> str | None:
    """Where the database stands; with `or_empty` one that does not answer counts as empty, which is said."""
    from invo_cli.db import schema

    try:
        return schema.current() if schema.exists() else None
    except UnavailableError:
        if not or_empty:
            raise
        remarks.warn("The database does not answer: these are the statements for an empty one.")
        return None


def _run_and_show(revision: str, found: str | None, steps: list[str], timeout: float, no_backup: bool) -> None:
    _announce(found, steps)
    start = time.monotonic()
    moved = _upgrade(revision, timeout, no_backup)
    # Another process may have run what was pending while this one waited.
    before, after = (moved.previous, moved.run[-1]) if moved.run else (found, found)
    show_move(moved.run, before, after, backup=moved.backup)
    if moved.run and before is not None:
        _verify(moved, start)


def _announce(found: str | None, steps: list[str]) -> None:
    """Say what will be run in a database that holds something."""
    from invo_cli.db import scripts

    if found is not None:
        for step in scripts.history():
            if step.id in steps:
                remarks.note(f"Will run {step.id}: {step.message}.")


def _upgrade(revision: str, timeout: float, no_backup: bool) -> Moved:
    from invo_cli.db import schema

    prepare = partial(_prepare, f"upgrade to {revision}", no_backup)
    moved = schema.upgrade(revision, on_step=_say, prepare=prepare, timeout=timeout)
    if moved.run:
        record("db.upgrade", moved.previous, moved.run[-1], moved.backup)
    return moved


def _prepare(reason: str, no_backup: bool) -> Path | None:
    """The backup before a move; saying aloud when there is none."""
    from invo_cli.backups.automatic import backup_before

    if no_backup:
        remarks.warn("No backup is made.")
        return None
    made = backup_before(reason, say=remarks.note)
    if made is not None:
        remarks.note(f"Backed up to {made}.")
    return made


def _verify(moved: Moved, start: float) -> None:
    """Compare the schema with this program, and the books with themselves; FindingsError names the backup."""
    from invo_cli.backups import checking
    from invo_cli.db import drift
    from invo_cli.db.head import HEAD
    from invo_cli.models import Base
    from invo_cli.settings import get_settings

    after, problems = moved.run[-1], list[str]()
    if after == HEAD:
        # What a database has more than it needs was there before, and harms nothing.
        found = [one for one in drift.differences(Base.metadata) if not one.is_extra]
        problems = [f"{one.table}: {one.difference}" for one in found]
        problems += checking.findings(get_settings().database_url, None)
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        restore = f"invo db restore {moved.backup} --to URL" if moved.backup else "invo db restore FILE --to URL"
        raise FindingsError(
            f"The database stands at {after}, but is not as it should be: {problems[0]}{more}.",
            hint=f"See: invo db check and invo audit verify. Go back with: {restore}",
        )
    revisions = f"{len(moved.run)} revision{'s' * (len(moved.run) > 1)}"
    checked = ", checked" if after == HEAD else ""
    remarks.note(f"{revisions} in {time.monotonic() - start:.1f} s, {moved.rows} rows kept{checked}.")


def _show_plan(steps: list[str]) -> None:
    from invo_cli.db import scripts
    from invo_cli.db.linting import findings
    from invo_cli.views.schema import PLAN

    allowed = findings.allowances()
    rows = [
        {
            "revision": step.id,
            "message": step.message,
            "cautions": [f"{rule}: {reason}" for rule, reason in allowed.get(step.id, {}).items()],
        }
        for step in scripts.history()
        if step.id in steps
    ]
    context.show_rows(rows, PLAN)
    if not rows:
        remarks.note("Nothing to do.")


def _print_sql(found: str | None, steps: list[str]) -> None:
    import sys

    from invo_cli.db import schema, scripts

    if steps:
        scripts.write_sql(found or scripts.BASE, steps[-1], dialect=schema.engine(), output=sys.stdout)
    else:
        remarks.note("Nothing to do.")


def _say(revision: str) -> None:
    remarks.note(f"Ran {revision}.")


def _loss(table: str, column: str | None, rows: int) -> str:
    what = f"column {table}.{column}" if column else f"table {table}"
    return f"{what} ({rows} row{'s' * (rows != 1)})"

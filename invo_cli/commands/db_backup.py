"""Backups of the whole database, proved by restoring them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from invo_cli import clock
from invo_cli.commands import context
from invo_cli.commands.parsers import DryRun, examples
from invo_cli.errors import FindingsError, SchemaError, UnavailableError
from invo_cli.views import remarks

if TYPE_CHECKING:
    from invo_cli.services.audit import Event

app = typer.Typer(help=__doc__, add_completion=False, rich_markup_mode="rich")
KEEP_HELP = "Such as 7d,4w,12m: the newest of so many days, weeks, months, years (y)."
File = Annotated[Path, typer.Argument(metavar="FILE", help="A backup, with its manifest beside it.")]
Identity = Annotated[
    Path | None, typer.Option("--identity", metavar="FILE", help="The private key of an encrypted backup.")
]


def register(noun: typer.Typer) -> None:
    """Add `backup` and `restore` to the noun db."""
    noun.add_typer(app, name="backup")
    noun.command(
        epilog=examples(
            "invo db restore backups/invo-20261005T063000Z.sqlite.zst --to sqlite:///restored.db",
            "invo db restore backups/invo-20261005T063000Z.sqlite.zst --to postgresql://invo@db.example.com/invo",
        )
    )(restore)


@app.callback(
    invoke_without_command=True,
    epilog=examples(
        "invo db backup",
        "invo db backup --out backups --keep 7d,4w,12m",
        "invo db backup --encrypt-to key.pub -o json",
    ),
)
def backup(
    called: typer.Context,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Folder; default INVO_HOME/backups.")] = None,
    keep: Annotated[str | None, typer.Option(metavar="RULES", help=f"Remove others afterwards. {KEEP_HELP}")] = None,
    encrypt_to: Annotated[
        str | None, typer.Option(metavar="KEY", help="A public key age1…, or a file with one a line.")
    ] = None,
) -> None:
    """Back the whole database up, compressed, with a manifest of what it holds; never over another file."""
    if called.invoked_subcommand is None:
        _backup(out, keep, encrypt_to)


def _backup(out: Path | None, keep: str | None, encrypt_to: str | None) -> None:
    from invo_cli.backups import encrypting, folders, keeping, making, manifests
    from invo_cli.services.audit import Event
    from invo_cli.settings import get_settings
    from invo_cli.views.backups import MADE, print_page

    context.check_fields(MADE)
    plan = None if keep is None else keeping.parse(keep)
    keys = None if encrypt_to is None else encrypting.recipients(encrypt_to)
    require_right()
    folder = folders.usual() if out is None else out
    made = making.make(get_settings().database_url, folder, at=clock.now(), recipients=keys, say=remarks.note)
    row = {"file": str(made.path), "manifest": str(manifests.beside(made.path))}
    row |= {key: made.manifest[key] for key in ("revision", "bytes", "sha256", "kind", "encrypted")}
    gone = [] if plan is None else keeping.superfluous(manifests.every(folder), plan)
    keeping.remove(gone)
    _record(Event(action="db.backup", subject=f"backup:{made.path.name}", after={**row, "removed": _names(gone)}))
    context.show_record(row, MADE, print_page)
    _say_removed(gone, dry_run=False)


@app.command("list", epilog=examples("invo db backup list", "invo db backup list backups -o json"))
def list_(
    folder: Annotated[Path | None, typer.Argument(metavar="DIR", help="Default INVO_HOME/backups.")] = None,
) -> None:
    """List the backups of a folder, the oldest first, and whether each is there as its manifest says."""
    from invo_cli.backups import folders, manifests
    from invo_cli.views.backups import LISTING

    context.show_rows(manifests.every(folders.named(folder)), LISTING)


@app.command(
    epilog=examples(
        "invo db backup verify backups/invo-20261005T063000Z.sqlite.zst",
        "invo db backup verify backups/invo-20261005T063000Z.sqlite.zst -o json",
    )
)
def verify(file: File, identity: Identity = None) -> None:
    """Restore a backup into a scratch database and compare everything; exit 10 when something differs."""
    from invo_cli.backups import encrypting, proving
    from invo_cli.settings import get_settings
    from invo_cli.views.backups import PROOF, print_page

    context.check_fields(PROOF)
    keys = None if identity is None else encrypting.identities(identity)
    row = proving.verify(file, server=get_settings().database_url, identities=keys, say=remarks.warn)
    context.show_record(row, PROOF, print_page)
    if not row["ok"]:
        raise _differs(row["findings"], "The backup")


@app.command(epilog=examples("invo db backup prune --keep 7d,4w,12m --dry-run", "invo db backup prune --keep 30d,10y"))
def prune(
    keep: Annotated[str, typer.Option(metavar="RULES", help=KEEP_HELP)],
    folder: Annotated[Path | None, typer.Argument(metavar="DIR", help="Default INVO_HOME/backups.")] = None,
    dry_run: DryRun = False,
) -> None:
    """Remove the backups that no rule keeps; the newest of each database always stays."""
    from invo_cli.backups import folders, keeping, manifests
    from invo_cli.services.audit import Event
    from invo_cli.views.backups import LISTING

    context.check_fields(LISTING)
    plan = keeping.parse(keep)
    require_right()
    place = folders.named(folder)
    gone = keeping.superfluous(manifests.every(place), plan)
    if gone and not dry_run:
        context.guard(f"Remove {len(gone)} backups?")
        keeping.remove(gone)
        _record(Event(action="db.backup_prune", subject=f"backup:{keep}", after={"removed": _names(gone)}))
    context.show_rows(gone, LISTING)
    _say_removed(gone, dry_run)


def restore(
    file: File,
    to: Annotated[str, typer.Option("--to", metavar="URL", help="A new database; nothing is ever overwritten.")],
    identity: Identity = None,
) -> None:
    """Restore a backup into a new database and check it; exit 10 when something in it differs."""
    from invo_cli.backups import encrypting, restoring
    from invo_cli.db.urls import normalise, redacted
    from invo_cli.views.backups import MOVED

    context.check_fields(MOVED)
    keys = None if identity is None else encrypting.identities(identity)
    show_moved(redacted(normalise(to)), *restoring.restore(file, to, keys))


def show_moved(database: str, facts: dict[str, Any], findings: list[str]) -> None:
    """Print a database that was filled, and say how to use it; FindingsError when something in it differs."""
    from invo_cli.backups.checking import rows
    from invo_cli.db.head import HEAD
    from invo_cli.views.backups import MOVED, print_page

    row = {"database": database, "revision": facts["revision"], "rows": rows(facts), "findings": findings}
    context.show_record(row, MOVED, print_page)
    if findings:
        raise _differs(findings, "The new database")
    remarks.note(f"Use it with: INVO_DATABASE_URL='{database}', or: invo config set database_url '{database}'")
    if facts["revision"] != HEAD:
        remarks.note("Its schema is older than this invo: run invo db upgrade on it, then invo audit verify.")


def require_right_over(url: str) -> None:
    """Demand the right to manage the system when a URL is the configured database's."""
    from invo_cli.db.engines import sqlite_path
    from invo_cli.db.urls import normalise
    from invo_cli.settings import get_settings

    given, ours = normalise(url), normalise(get_settings().database_url)
    if given.get_backend_name() == ours.get_backend_name() == "sqlite":
        # One file has many spellings.
        is_ours = sqlite_path(given).resolve() == sqlite_path(ours).resolve()
    else:
        is_ours = given == ours
    if is_ours:
        require_right()


def require_right() -> None:
    """Demand the right to manage the system; a database that is lost or of another revision knows nobody to ask."""
    from invo_cli.commands import entering
    from invo_cli.services.access import Right
    from invo_cli.services.access.guarding import require

    try:
        require(entering.who(), Right.SYSTEM_MANAGE)
    except (SchemaError, UnavailableError):
        return


def _record(event: Event) -> None:
    """Note it in the trail; what was done stands when that is not possible."""
    from invo_cli.commands.entering import write
    from invo_cli.services import audit, books

    try:
        act = context.act()
        write(lambda session: audit.append(session, books.SYSTEM, act, [event]))
    except (SchemaError, UnavailableError) as error:
        remarks.warn(f"It is not in the audit trail: {error.message}")


def _differs(findings: list[str], what: str) -> FindingsError:
    more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
    return FindingsError(
        f"{what} is not as it should be: {findings[0]}{more}.",
        hint="See whether the source is so too (invo series audit, invo audit verify); else take another backup.",
    )


def _names(rows: list[Any]) -> list[str]:
    return [Path(row["file"]).name for row in rows]


def _say_removed(gone: list[Any], dry_run: bool) -> None:
    if gone:
        remarks.note(f"{'Would remove' if dry_run else 'Removed'} {', '.join(_names(gone))}.")

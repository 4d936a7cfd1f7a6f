"""People who work with invo."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from invo_cli.commands import context
from invo_cli.commands.parsers import DryRun, examples
from invo_cli.commands.passwords import PasswordStdin, ask_hash

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from invo_cli.models import User

app = typer.Typer(help=__doc__, add_completion=False, no_args_is_help=True, rich_markup_mode="rich")
Name = Annotated[str, typer.Argument(metavar="NAME", help="User name; case does not matter.")]


@app.command(
    epilog=examples("invo user create asha --role admin", "invo user create ravi --password-stdin < password.txt")
)
def create(
    name: Name,
    role: Annotated[
        str, typer.Option(metavar="ROLE", help="admin, accountant, operator, viewer or exporter.")
    ] = "operator",
    password_stdin: PasswordStdin = False,
    dry_run: DryRun = False,
) -> None:
    """Add a person; the first one is an admin."""
    from invo_cli.db.session import write
    from invo_cli.services import users
    from invo_cli.views.users import as_row

    act, name, role = context.act(), users.checked_name(name), users.checked_role(role)
    password_hash = ask_hash(name, password_stdin)
    from invo_cli.views.users import LISTING

    context.check_fields(LISTING)
    row = write(
        lambda session: as_row(users.create(session, act=act, name=name, role=role, password_hash=password_hash)),
        dry_run=dry_run,
    )
    _show(context.marked(row, dry_run))


@app.command("list", epilog=examples("invo user list", "invo user list -o json"))
def list_() -> None:
    """List the people who work with this database."""
    from invo_cli.db.session import read
    from invo_cli.services import users
    from invo_cli.views.users import LISTING, as_row

    context.show_rows(read(lambda session: [as_row(user) for user in users.search(session)]), LISTING)


@app.command(epilog=examples("invo user show asha", "invo user show asha -o json"))
def show(name: Name) -> None:
    """Show one person."""
    from invo_cli.db.session import read
    from invo_cli.services import users
    from invo_cli.views.users import as_row

    _show(read(lambda session: as_row(users.get(session, name))))


@app.command(epilog=examples("invo user password asha", "invo user password asha --password-stdin < password.txt"))
def password(name: Name, password_stdin: PasswordStdin = False, dry_run: DryRun = False) -> None:
    """Give a person a new password."""
    from invo_cli.db.session import read
    from invo_cli.services import users

    known = read(lambda session: users.get(session, name).name)  # before anybody types a password
    act, password_hash = context.act(), ask_hash(known, password_stdin)
    _change(
        name, dry_run, lambda session, user: users.set_password(session, user, act=act, password_hash=password_hash)
    )


@app.command(epilog=examples("invo user disable ravi", "invo user disable ravi --dry-run"))
def disable(name: Name, dry_run: DryRun = False) -> None:
    """Let a person in no more, until enabled again."""
    from invo_cli.services import users

    act = context.act()
    _change(name, dry_run, lambda session, user: users.set_disabled(session, user, True, act=act))


@app.command(epilog=examples("invo user enable ravi", "invo user enable ravi -o json"))
def enable(name: Name, dry_run: DryRun = False) -> None:
    """Let a disabled person in again."""
    from invo_cli.services import users

    act = context.act()
    _change(name, dry_run, lambda session, user: users.set_disabled(session, user, False, act=act))


@app.command(epilog=examples("invo user delete ravi", "invo user delete ravi --yes"))
def delete(name: Name, dry_run: DryRun = False) -> None:
    """Remove a person for good; the name is not given again."""
    from invo_cli.db.session import read
    from invo_cli.services import users

    act = context.act()
    known = read(lambda session: users.get(session, name).name)
    if not dry_run:
        context.confirm(f"Remove user {known} for good?")
    _change(name, dry_run, lambda session, user: users.delete(session, user, act=act))


def _change(name: str, dry_run: bool, change: Callable[[Session, User], User]) -> None:
    from invo_cli.db.session import write
    from invo_cli.services import users
    from invo_cli.views.users import LISTING, as_row

    context.check_fields(LISTING)
    row = write(lambda session: as_row(change(session, users.get(session, name))), dry_run=dry_run)
    _show(context.marked(row, dry_run))


def _show(row: dict[str, Any]) -> None:
    from invo_cli.views.users import LISTING, print_page

    context.show_record(row, LISTING, print_page)

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
    """Add a person; the first one is an admin.

    With --business CODE the person is limited to that business, or to several: --business A,B.
    """
    from invo_cli.commands.entering import write
    from invo_cli.services import users
    from invo_cli.views.users import as_row

    act, name, role = context.act(), users.checked_name(name), users.checked_role(role)
    password_hash = ask_hash(name, password_stdin)
    from invo_cli.views.users import LISTING

    context.check_fields(LISTING)

    def make(session: Session) -> dict[str, Any]:
        limits = context.named_businesses(session)
        user = users.create(session, act=act, name=name, role=role, password_hash=password_hash, businesses=limits)
        return as_row(user, users.codes_of(session, user))

    _show(context.marked(write(make, dry_run=dry_run), dry_run))


@app.command("list", epilog=examples("invo user list", "invo user list -o json"))
def list_() -> None:
    """List the people who work with this database."""
    from invo_cli.commands.entering import read
    from invo_cli.services import users
    from invo_cli.views.users import LISTING, as_row

    context.show_rows(
        read(lambda session: [as_row(user, users.codes_of(session, user)) for user in users.search(session)]), LISTING
    )


@app.command(epilog=examples("invo user show asha", "invo user show asha -o json"))
def show(name: Name) -> None:
    """Show one person."""
    from invo_cli.commands.entering import read
    from invo_cli.services import users
    from invo_cli.views.users import as_row

    def found(session: Session) -> dict[str, Any]:
        user = users.get(session, name)
        return as_row(user, users.codes_of(session, user))

    _show(read(found))


@app.command(
    epilog=examples(
        "invo user password asha",
        "invo user password asha --password-stdin < password.txt",
        "invo user password asha --recover --password-stdin < password.txt",
    )
)
def password(
    name: Name,
    password_stdin: PasswordStdin = False,
    recover: Annotated[
        bool,
        typer.Option("--recover", help="Without signing in, by whoever owns the database: the audit trail tells it."),
    ] = False,
    dry_run: DryRun = False,
) -> None:
    """Give a person a new password; their sign-ins end."""
    from invo_cli.services import users

    if recover:
        _recover(name, password_stdin, dry_run)
        return
    from invo_cli.commands.entering import read

    known = read(lambda session: users.get(session, name).name)  # before anybody types a password
    act, password_hash = context.act(), ask_hash(known, password_stdin)
    _change(
        name, dry_run, lambda session, user: users.set_password(session, user, act=act, password_hash=password_hash)
    )


def _recover(name: str, password_stdin: bool, dry_run: bool) -> None:
    """As the owner of the database: let in without a sign-in, which the audit trail and stderr say loudly."""
    from invo_cli.commands import entering
    from invo_cli.services import users
    from invo_cli.views import remarks

    act, password_hash = context.first_act(), ask_hash(name, password_stdin)
    with entering.as_owner():
        _change(name, dry_run, lambda session, user: users.recover(session, user, act=act, password_hash=password_hash))
    remarks.warn(f"The password of {name} was replaced without a sign-in; the audit trail tells it as user.recover.")


@app.command(epilog=examples("invo user role ravi accountant", "invo user role ravi viewer --dry-run"))
def role(
    name: Name,
    role: Annotated[str, typer.Argument(metavar="ROLE", help="admin, accountant, operator, viewer or exporter.")],
    dry_run: DryRun = False,
) -> None:
    """Give a person another role; the last admin stays one."""
    from invo_cli.services import users

    act, wanted = context.act(), users.checked_role(role)
    _change(name, dry_run, lambda session, user: users.set_role(session, user, wanted, act=act))


@app.command(epilog=examples("invo user edit ravi --business 29AAGCB7383J1Z4", "invo user edit ravi --everywhere"))
def edit(
    name: Name,
    everywhere: Annotated[bool, typer.Option("--everywhere", help="Limited to no business any more.")] = False,
    dry_run: DryRun = False,
) -> None:
    """Limit a person to some businesses (--business A,B), or lift the limit (--everywhere)."""
    from invo_cli.errors import UsageProblemError
    from invo_cli.options import current
    from invo_cli.services import users

    if everywhere == bool(current.get().business):
        raise UsageProblemError("Nothing to change.", hint="Give --business A,B or --everywhere.")
    act = context.act()
    _change(
        name,
        dry_run,
        lambda session, user: users.limit(session, user, context.named_businesses(session), act=act),
    )


@app.command(epilog=examples("invo user unlock ravi", "invo user unlock ravi -o json"))
def unlock(name: Name, dry_run: DryRun = False) -> None:
    """Let a person try passwords again at once."""
    from invo_cli.services import users

    act = context.act()
    _change(name, dry_run, lambda session, user: users.unlock(session, user, act=act))


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
    from invo_cli.commands.entering import read
    from invo_cli.services import users

    act = context.act()
    known = read(lambda session: users.get(session, name).name)
    if not dry_run:
        context.confirm(f"Remove user {known} for good?")
    _change(name, dry_run, lambda session, user: users.delete(session, user, act=act))


def _change(name: str, dry_run: bool, change: Callable[[Session, User], User]) -> None:
    from invo_cli.commands.entering import write
    from invo_cli.services import users
    from invo_cli.views.users import LISTING, as_row

    context.check_fields(LISTING)

    def changed(session: Session) -> dict[str, Any]:
        user = change(session, users.get(session, name))
        return as_row(user, users.codes_of(session, user))

    _show(context.marked(write(changed, dry_run=dry_run), dry_run))


def _show(row: dict[str, Any]) -> None:
    from invo_cli.views.users import LISTING, print_page

    context.show_record(row, LISTING, print_page)

"""Sign in and out, and who is signed in."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from invo_cli.commands import context
from invo_cli.commands.parsers import examples
from invo_cli.commands.passwords import PasswordStdin
from invo_cli.views import remarks

app = typer.Typer(help=__doc__, add_completion=False, no_args_is_help=True, rich_markup_mode="rich")


@app.command(epilog=examples("invo auth login asha", "invo auth login asha --password-stdin < password.txt"))
def login(
    name: Annotated[str, typer.Argument(metavar="NAME", help="User name; case does not matter.")],
    password_stdin: PasswordStdin = False,
) -> None:
    """Sign in: commands of this user on this machine then act as that person, for 12 hours after the last one."""
    from invo_cli.commands import credentials, entering
    from invo_cli.commands.passwords import ask
    from invo_cli.db.session import write
    from invo_cli.services.identity import passwords, sign_ins
    from invo_cli.settings import get_settings
    from invo_cli.views.identity import SIGN_IN, print_sign_in

    act, rounds = context.first_act(), get_settings().bcrypt_rounds
    context.check_fields(SIGN_IN)
    password = ask(name, password_stdin)
    attempt = write(lambda session: sign_ins.begin(session, name, act=act))
    if not sign_ins.check(attempt, password, rounds=rounds):
        write(lambda session: sign_ins.fail(session, attempt, act=act))
        raise sign_ins.wrong()
    rehash = None
    if passwords.needs_rehash(str(attempt.password_hash), rounds=rounds):
        rehash = passwords.hash_password(password, rounds=rounds, is_new=False)
    made = write(lambda session: sign_ins.succeed(session, attempt, act=act, rehash=rehash))
    credentials.store(made.secret)
    entering.forget()
    row = {"user": made.name, "role": made.role, "expires": made.expires_at.isoformat(timespec="seconds")}
    context.show_record(row, SIGN_IN, print_sign_in)


@app.command(epilog=examples("invo auth logout", "invo auth logout --all"))
def logout(
    everywhere: Annotated[
        bool, typer.Option("--all", help="End every sign-in of this person, on all machines.")
    ] = False,
) -> None:
    """Sign out: the sign-in is over, also for copies of its file."""
    from invo_cli.commands import credentials, entering
    from invo_cli.errors import DeniedError
    from invo_cli.services.identity import sign_ins

    try:
        act, principal = context.act(), entering.who()
        if principal.via == "session":
            entering.write(lambda session: sign_ins.end(session, principal, act=act, everywhere=everywhere))
    except DeniedError:
        remarks.note("Nobody was signed in.")
    else:
        said = {"session": f"{principal.name} is signed out.", "token": "A token is ended by: invo token revoke NAME"}
        remarks.note(said.get(principal.via, "Nobody was signed in."))
    credentials.forget()
    entering.forget()


@app.command(epilog=examples("invo auth whoami", "invo auth whoami -o json"))
def whoami() -> None:
    """Show who is signed in, with which role, limited to which businesses, and by what."""
    from invo_cli.commands import entering
    from invo_cli.services import businesses
    from invo_cli.views.identity import WHO, print_who

    context.check_fields(WHO)
    principal = entering.who()
    codes = entering.read(lambda session: [business.code for business in businesses.search(session)])
    row: dict[str, Any] = {
        "user": principal.name or context.act().actor,
        "role": principal.role,
        "businesses": codes,
        "via": principal.via,
    }
    context.show_record(row, WHO, print_who)

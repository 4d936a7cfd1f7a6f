"""The two roles of PostgreSQL: one that owns the tables, one that works with them."""

from __future__ import annotations

from typing import Annotated

import typer

from invo_cli.commands.parsers import examples
from invo_cli.errors import InvalidError, UsageProblemError
from invo_cli.views import remarks

Print = Annotated[bool, typer.Option("--print", help="Print the statements, for psql; needs no database.")]
Apply = Annotated[bool, typer.Option("--apply", help="Run them, as a role that may make roles.")]
App = Annotated[str, typer.Option("--app-role", metavar="NAME", help="The role that the program works with.")]
Owner = Annotated[str, typer.Option("--owner-role", metavar="NAME", help="The role that owns and migrates the tables.")]


def register(noun: typer.Typer) -> None:
    """Add `roles` to the noun db."""
    noun.command(
        epilog=examples(
            "invo db roles --print",
            "invo db roles --print --app-role shop_app --owner-role shop_owner > roles.sql",
            "invo db roles --apply",
        )
    )(roles)


def roles(
    print_: Print = False, apply: Apply = False, app_role: App = "invo_app", owner_role: Owner = "invo_owner"
) -> None:
    """Make an owner role for migrations and a role for every day that cannot alter the audit trail (PostgreSQL)."""
    from invo_cli.db import roles as making
    from invo_cli.db.urls import is_postgresql, normalise
    from invo_cli.settings import get_settings

    if print_ == apply:
        raise UsageProblemError("Nothing says what to do.", hint="Give one of --print and --apply.")
    if print_:
        typer.echo(making.script(app_role, owner_role), nl=False)
        return
    if not is_postgresql(normalise(get_settings().database_url)):
        raise InvalidError(
            "SQLite has no roles: who may write to the file may do anything with it.",
            hint="Protect the file, or move to PostgreSQL with: invo db copy",
        )
    if making.apply(app_role, owner_role):
        remarks.note(f"{owner_role} owns the tables now; let the program connect as {app_role}.")
    else:
        remarks.note(f"There are no tables yet: run invo init as {owner_role}, then this once more.")

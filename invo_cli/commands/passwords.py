"""Passwords: typed twice or piped in, never an argument that other users of the machine could read."""

from __future__ import annotations

from typing import Annotated

import typer

from invo_cli.commands import context
from invo_cli.errors import UsageProblemError

PasswordStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input (8 to 72 bytes).")
]


def ask_hash(name: str, from_stdin: bool) -> str:
    """The bcrypt hash of a password that is asked for, or read from stdin; the line end does not belong to it."""
    from invo_cli.services.users import hash_password
    from invo_cli.settings import get_settings

    return hash_password(_piped() if from_stdin else _typed(name), rounds=get_settings().bcrypt_rounds)


def _piped() -> str:
    return context.read_text("-").removesuffix("\n").removesuffix("\r")


def _typed(name: str) -> str:
    if not context.may_ask():
        raise UsageProblemError(
            f"The password of {name} is needed, and there is nobody to ask.", hint="Pipe it in with --password-stdin."
        )
    return str(typer.prompt(f"Password of {name}", hide_input=True, confirmation_prompt=True, err=True))

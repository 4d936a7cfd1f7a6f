"""Passwords: typed twice or piped in, never an argument that other users of the machine could read."""

from __future__ import annotations

from typing import Annotated

import typer

from invo_cli.commands import context
from invo_cli.errors import UsageProblemError

MAX_INPUT_BYTES = 4096
"""More than any password that is accepted, so that the refusal of a longer one can still say how long it is."""
PasswordStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input (8 to 72 bytes).")
]


def ask_hash(name: str, from_stdin: bool) -> str:
    """The bcrypt hash of a new password that is typed twice, or read from stdin."""
    from invo_cli.services.identity.passwords import hash_password
    from invo_cli.settings import get_settings

    return hash_password(ask(name, from_stdin, twice=True), rounds=get_settings().bcrypt_rounds, name=name)


def ask(name: str, from_stdin: bool, *, twice: bool = False) -> str:
    """A password that is typed, or read from stdin; the line end does not belong to it."""
    return _piped() if from_stdin else _typed(name, twice)


def _piped() -> str:
    return context.read_text("-", MAX_INPUT_BYTES).removesuffix("\n").removesuffix("\r")


def _typed(name: str, twice: bool) -> str:
    if not context.may_ask():
        raise UsageProblemError(
            f"The password of {name} is needed, and there is nobody to ask.", hint="Pipe it in with --password-stdin."
        )
    return str(typer.prompt(f"Password of {name}", hide_input=True, confirmation_prompt=twice, err=True))

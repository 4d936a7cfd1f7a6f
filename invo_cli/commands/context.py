"""What every command needs at its edges: who acts, which business, questions, and where the result goes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from invo_cli import clock
from invo_cli.errors import DeclinedError, InvalidError, NotFoundError, UsageProblemError
from invo_cli.options import current
from invo_cli.views import remarks
from invo_cli.views.listing import Listing, Row, print_record, print_rows, resolved_format

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from invo_cli.models import Business
    from invo_cli.services.acting import Act

ROWS_ON_A_TERMINAL = 50
MAX_INPUT_BYTES = 64 * 1024 * 1024
"""A file or stdin that is read whole is at most 64 MiB; imports stream theirs and have limits of their own."""


def act() -> Act:
    """Who runs this command, on which machine, and when; DeniedError when nobody may."""
    from dataclasses import replace

    from invo_cli.commands import entering

    principal = entering.who()
    unknown = first_act()
    return replace(unknown, actor=principal.name or unknown.actor, via=principal.key)


def first_act() -> Act:
    """The user of this machine, before anybody is known: while a database is made, and to sign in."""
    import platform

    from invo_cli.services.acting import Act
    from invo_cli.settings import get_settings

    os_user = _os_user()
    return Act(
        actor=get_settings().actor or os_user,
        os_user=os_user,
        host=platform.node(),
        at=clock.now(),
        today=clock.today(),
    )


def _os_user() -> str:
    """The name of the user on this machine; the number of one that has no name, as in many containers."""
    import getpass
    import os

    try:
        return getpass.getuser()
    except (KeyError, OSError):  # OSError from Python 3.13 on
        return f"uid {os.getuid()}"


def business(session: Session) -> Business:
    """The business of this run: --business, INVO_BUSINESS, the settings, else the only one there is."""
    from invo_cli.services import businesses
    from invo_cli.settings import get_settings

    return businesses.current(session, get_settings().business)


def named_businesses(session: Session) -> list[Business]:
    """The businesses named by --business A,B on the command line; none is not a limit."""
    from invo_cli.services import businesses

    named = (current.get().business or "").split(",")
    return [businesses.get(session, code) for code in named if code.strip()]


def show_rows(rows: Iterable[Row], listing: Listing) -> None:
    """Print a whole list on stdout in the format of this run."""
    from invo_cli.settings import get_settings

    print_rows(rows, listing, output=get_settings().output, fields=current.get().fields)


def show_page(rows: Iterable[Row], listing: Listing, limit: int | None) -> None:
    """Print at most `limit` rows and say on stderr how to see the rest; `rows` may hold one more."""
    if limit is None:
        show_rows(rows, listing)
        return
    shown = list(islice(rows, limit + 1))
    show_rows(shown[:limit], listing)
    if len(shown) > limit:
        cursor = listing.cursor(shown[limit - 1])
        remarks.note(f"Showing {limit}; there are more: --after {cursor}, or --all.")


def page_limit(limit: int | None, everything: bool) -> int | None:
    """How many rows to print: what was asked for, else 50 for a person who watches and all for a program."""
    from invo_cli.settings import get_settings

    if limit is not None or everything:
        return None if everything else limit
    return ROWS_ON_A_TERMINAL if resolved_format(get_settings().output) == "table" else None


def show_record(row: Row, listing: Listing, page: Callable[[Row], None]) -> None:
    """Print one record on stdout in the format of this run."""
    from invo_cli.settings import get_settings

    print_record(row, listing, page, output=get_settings().output, fields=current.get().fields)


def check_fields(listing: Listing) -> None:
    """Refuse an unknown field of --fields before anything is done."""
    if current.get().fields is not None:
        listing.chosen(current.get().fields)


def guard(what: str) -> None:
    """On a protected profile its name must be typed before something destructive is done."""
    from invo_cli.settings import get_settings

    settings = get_settings()
    if settings.protected:
        _confirm_profile(what, str(settings.profile))


def marked(row: dict[str, Any], dry_run: bool) -> dict[str, Any]:
    """The record with `"dry_run": true` when nothing was stored."""
    return row | {"dry_run": True} if dry_run else row


def may_ask() -> bool:
    """Whether a question may be asked: a terminal is there and nobody forbade it."""
    from invo_cli.settings import get_settings

    return not get_settings().no_input and sys.stdin is not None and sys.stdin.isatty()


def confirm(question: str) -> None:
    """Ask before something that is hard to undo; --yes answers, and without a terminal --yes is needed.

    On a protected profile nothing but its name, typed, will do.
    """
    import typer

    from invo_cli.settings import get_settings

    settings = get_settings()
    if settings.protected:
        _confirm_profile(question, str(settings.profile))
        return
    if settings.yes:
        return
    if not may_ask():
        raise UsageProblemError(
            "This needs a confirmation, and there is nobody to ask.", hint="Run it again with --yes."
        )
    if not typer.confirm(question, err=True):
        raise DeclinedError("Nothing was done.")


def _confirm_profile(question: str, profile: str) -> None:
    import typer

    if not may_ask():
        raise UsageProblemError(
            f"The profile {profile} is protected: its name must be typed, and there is nobody to ask.",
            hint="Run it on a terminal.",
        )
    if typer.prompt(f"{question} Type the profile's name", err=True) != profile:
        raise DeclinedError("Nothing was done.")


def edited(text: str, *, suffix: str) -> str:
    """The text as somebody left it in $VISUAL or $EDITOR."""
    import os
    import shlex
    import subprocess
    import tempfile

    editor = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")
    with tempfile.TemporaryDirectory(prefix="invo-") as folder:
        path = Path(folder) / f"draft{suffix}"
        path.write_text(text, encoding="utf-8")
        try:
            subprocess.run([*editor, str(path)], check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise UsageProblemError(f"The editor {editor[0]} failed.", hint="Set EDITOR, or use flags.") from error
        return path.read_text(encoding="utf-8")


def read_text(source: str, limit: int = MAX_INPUT_BYTES) -> str:
    """The text of a file, or of stdin for `-`; UTF-8, with or without a BOM."""
    try:
        return read_bytes(source, limit).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidError(
            f"{source} is not UTF-8 text (byte {error.start}).", hint="Save the file as UTF-8."
        ) from error


def read_bytes(source: str, limit: int = MAX_INPUT_BYTES) -> bytes:
    """What a file holds, or stdin for `-`; InvalidError when that is more than `limit` bytes."""
    try:
        found = _stdin(limit + 1) if source == "-" else _start(source, limit + 1)
    except FileNotFoundError as error:
        raise NotFoundError(
            f"There is no file {source}.", hint="Check the path, or use - for standard input."
        ) from error
    except OSError as error:
        raise InvalidError(
            f"{source} cannot be read: {error.strerror}.", hint="Check the path and its rights."
        ) from error
    if len(found) > limit:
        name = "Standard input" if source == "-" else source
        raise InvalidError(f"{name} is larger than the {limit:,} bytes that are read.", hint="Split it.")
    return found


def _start(path: str, size: int) -> bytes:
    with open(path, "rb") as file:
        return file.read(size)


def _stdin(size: int) -> bytes:
    if sys.stdin is None:
        raise UsageProblemError("Standard input is closed.", hint="Name a file instead of -.")
    if sys.stdin.isatty():
        raise UsageProblemError("Standard input is a terminal.", hint="Pipe the text in, or name a file instead of -.")
    return sys.stdin.buffer.read(size)


def each_line(source: Iterator[str] | list[str]) -> list[str]:
    """The arguments of a bulk command, with a lone `-` replaced by the lines of stdin."""
    given = list(source)
    return [line.strip() for line in read_text("-").splitlines() if line.strip()] if given == ["-"] else given

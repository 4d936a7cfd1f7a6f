"""Where the secret of a run comes from: INVO_TOKEN, else the file that `invo auth login` wrote for this database."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from invo_cli.errors import DeniedError

LONGEST = 200


def secret() -> str | None:
    """The secret to show; None when there is none. DeniedError for a file that others could have read or written."""
    from invo_cli.settings import get_settings

    token = get_settings().token
    return token if token else _stored(path())


def path() -> Path:
    """The file of the sign-in: one for each database, so that none is shown the secret of another."""
    from invo_cli.db.urls import normalise, redacted
    from invo_cli.settings import get_settings, home

    # A home that is moved keeps its sign-ins.
    place = redacted(normalise(get_settings().database_url)).replace(str(home()), "")
    return home() / "sign-ins" / sha256(place.encode()).hexdigest()[:16]


def store(text: str) -> None:
    """Keep the secret of a sign-in in a new file that only this user can read."""
    from invo_cli.settings import home

    target = path()
    for folder in (home(), target.parent):  # each by itself: of parents only the last would be private
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    forget()
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        out.write(text)


def forget() -> None:
    """Remove the file of the sign-in, if there is one."""
    with suppress(FileNotFoundError):
        path().unlink()


def _stored(file: Path) -> str | None:
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _distrusted(file) from error
    try:
        found = os.fstat(descriptor)
        is_private = not stat.S_IMODE(found.st_mode) & 0o077 and found.st_uid == os.getuid()
        if not stat.S_ISREG(found.st_mode) or not is_private:
            raise _distrusted(file)
        return os.read(descriptor, LONGEST).decode("ascii", "replace").strip()
    finally:
        os.close(descriptor)


def _distrusted(file: Path) -> DeniedError:
    return DeniedError(
        f"{file} is not a private file of this user: others may have read it.",
        hint="Remove it, sign in again with: invo auth login NAME, then end the others with: invo auth logout --all",
    )

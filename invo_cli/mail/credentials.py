"""The password for the mail server: from a file that only its owner reads, or from the keyring."""

from __future__ import annotations

import os
import stat

from invo_cli.errors import InvalidError, NotFoundError

SERVICE = "invo"
"""The name under which the keyring keeps it: `keyring set invo USER`."""
LONGEST = 1024


def find_password(user: str, file: str | None) -> str:
    """The password of a user; raises InvalidError or NotFoundError with what to do about it."""
    password = _from_keyring(user) if file is None else _from_file(file)
    # smtplib signs in with ASCII only, and a line break would end the command.
    if not password or not password.isascii() or not password.isprintable():
        raise InvalidError(
            "The password for the mail server is empty or has characters other than printable ASCII.",
            hint="Write the password alone, on one line.",
        )
    return password


def _from_file(name: str) -> str:
    path = os.path.expanduser(name)
    try:
        with open(path, "rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if stat.S_IMODE(mode) & 0o077:
                raise InvalidError(f"Others may read the password file {name}.", hint=f"Run: chmod 600 {name}")
            return file.read(LONGEST).decode("utf-8", "replace").removesuffix("\n").removesuffix("\r")
    except FileNotFoundError as error:
        raise NotFoundError(f"There is no password file {name}.", hint="Check INVO_SMTP_PASSWORD_FILE.") from error
    except OSError as error:
        raise InvalidError(
            f"The password file {name} cannot be read: {error.strerror}.", hint="Check INVO_SMTP_PASSWORD_FILE."
        ) from error


def _from_keyring(user: str) -> str:
    unknown = InvalidError(
        f"The password of {user} for the mail server is not known.",
        hint=f"Name its file in INVO_SMTP_PASSWORD_FILE, or: pip install keyring; keyring set {SERVICE} {user}",
    )
    try:
        import keyring
        import keyring.errors
    except ImportError as error:
        raise unknown from error
    try:
        password = keyring.get_password(SERVICE, user)
    except keyring.errors.KeyringError as error:
        raise InvalidError(
            "The keyring of this user cannot be read.", hint="Unlock it, or use INVO_SMTP_PASSWORD_FILE."
        ) from error
    if password is None:
        raise unknown
    return str(password)

"""Backups that only the holder of a private key can read: age, X25519, by the library pyrage."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from invo_cli.backups import packing
from invo_cli.errors import InvalidError, NotFoundError, UsageProblemError

ENDING = ".age"
_RECIPIENT = re.compile("age1[0-9a-z]{20,120}")
_HINT = "Make a key with age-keygen, and give its age1… or a file with one a line."


def recipients(text: str) -> list[Any]:
    """The public keys meant by a key, or by a file with one a line (# begins a remark)."""
    if _RECIPIENT.fullmatch(text):
        return [_recipient(text)]
    lines = _lines(Path(text), "recipients")
    if not lines:
        raise InvalidError(f"{text} holds no recipient.", hint=_HINT)
    return [_recipient(line) for line in lines]


def identities(path: Path) -> list[Any]:
    """The private keys in a file, as age-keygen writes it."""
    pyrage = _library()
    try:
        found = [pyrage.x25519.Identity.from_str(line) for line in _lines(path, "identities")]
    except pyrage.IdentityError:
        # Not chained: its text may hold the key.
        raise InvalidError(f"{path} holds something else than identities.", hint=_IDENTITY) from None
    if not found:
        raise InvalidError(f"{path} holds no identity.", hint=_IDENTITY)
    return found


def encrypt(source: Path, out: Any, keys: list[Any]) -> None:
    """Write a file encrypted to every key, in constant memory."""
    with source.open("rb") as content:
        _library().encrypt_io(content, out, keys)


def decrypt(source: Path, target: Path, keys: list[Any] | None) -> None:
    """Write the content of an encrypted file; FindingsError when no key fits or it was altered."""
    pyrage = _library()
    if keys is None:
        raise UsageProblemError(f"{source.name} is encrypted.", hint="Give the private key with --identity FILE.")
    try:
        with source.open("rb") as content, target.open("wb") as out:
            pyrage.decrypt_io(content, out, keys)
    except (pyrage.DecryptError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise packing.damaged(f"it cannot be decrypted with this identity ({error})") from error


_IDENTITY = "It is the file that age-keygen wrote, with a line AGE-SECRET-KEY-1…"


def _recipient(text: str) -> Any:
    pyrage = _library()
    try:
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise InvalidError("The recipient is not an age public key.", hint=_HINT) from error


def _lines(path: Path, what: str) -> list[str]:
    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    except FileNotFoundError as error:
        raise NotFoundError(f"There is no file of {what} {path}.", hint=_HINT) from error
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidError(
            f"The file of {what} {path} cannot be read.", hint="Check the path and its rights."
        ) from error
    return [line for line in lines if line and not line.startswith("#")]


def _library() -> Any:
    try:
        import pyrage  # type: ignore[import-untyped]
    except ImportError as error:
        raise UsageProblemError(
            "Encryption needs the extra crypto, which is not installed.",
            hint='Install it with: pip install "invo[crypto]"',
        ) from error
    return pyrage

"""Passwords: their rules, their bcrypt hashes, and a check that takes as long for users who do not exist."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from hashlib import sha256
from pathlib import Path

from invo_cli.errors import InvalidError

MIN_BYTES, MAX_BYTES = 8, 72
"""bcrypt takes no more than 72."""
_ROUNDS = re.compile(r"\$2[aby]\$([0-9]{2})\$")


def hash_password(password: str, *, rounds: int, name: str = "", is_new: bool = True) -> str:
    """The bcrypt hash of a password; takes time on purpose.

    It has 8 to 72 bytes as UTF-8 after NFC; a new one is not among the most common ones and not the user's name.
    Raises InvalidError.
    """
    import bcrypt

    data = _bytes(password)
    if is_new:
        _refuse_weak(password, name)
    return bcrypt.hashpw(data, bcrypt.gensalt(rounds)).decode("ascii")


def matches(password: str, password_hash: str | None, *, rounds: int) -> bool:
    """Whether a password is the right one: one bcrypt verification, also when there is no such user (None)."""
    import bcrypt

    try:
        data = _bytes(password)
    except InvalidError:
        # Too short or too long to be anybody's: look at another of the same cost, so that nobody can tell by the clock.
        data, password_hash = b"not a password", None
    is_right = bcrypt.checkpw(data, (password_hash or _nobody(rounds)).encode("ascii"))
    return is_right and password_hash is not None


def needs_rehash(password_hash: str, *, rounds: int) -> bool:
    """Whether the hash was made at another cost than the present one."""
    found = _ROUNDS.match(password_hash)
    return found is None or int(found[1]) != rounds


def mark(password_hash: str) -> str:
    """What the audit trail keeps of a hash: enough to see that it is another, nothing to try passwords against."""
    return sha256(password_hash.encode()).hexdigest()[:16]


@cache
def _nobody(rounds: int) -> str:
    """A hash of that cost which no password is known for; making it must not cost a second run of bcrypt."""
    return f"$2b${rounds:02}$" + "abcdefghijklmnopqrstuu" + "." * 31


def _bytes(password: str) -> bytes:
    data = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    if not MIN_BYTES <= len(data) <= MAX_BYTES:
        raise InvalidError(
            f"The password has {len(data)} bytes; {MIN_BYTES} to {MAX_BYTES} are allowed.",
            hint="A letter outside of A-Z counts two to four bytes.",
        )
    return data


def _refuse_weak(password: str, name: str) -> None:
    folded = password.casefold()
    if folded in _common() or (name and folded == name.casefold()):
        raise InvalidError(
            "This password is among the first that anybody would try.",
            hint="Take a few words that only you put together.",
        )


@cache
def _common() -> frozenset[str]:
    text = Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(text.split())

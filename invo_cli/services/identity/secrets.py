"""Random secrets of sign-ins and tokens; the database keeps only their SHA-256."""

from __future__ import annotations

import re
import secrets
from hashlib import sha256
from typing import Literal

Sort = Literal["session", "token"]
PREFIXES: dict[Sort, str] = {"session": "invo_s_", "token": "invo_t_"}
"""So that people and secret scanners see what a string is."""
_SECRET = re.compile("invo_([st])_[A-Za-z0-9_-]{43}")


def new_secret(sort: Sort) -> str:
    """A secret of 256 random bits."""
    return PREFIXES[sort] + secrets.token_urlsafe(32)


def sort_of(secret: str) -> Sort | None:
    """Whether it is the secret of a session or of a token; None for anything else."""
    found = _SECRET.fullmatch(secret)
    return None if found is None else "session" if found[1] == "s" else "token"


def hashed(secret: str) -> str:
    """What the database keeps; 256 random bits need no salt and no slow hash."""
    return sha256(secret.encode()).hexdigest()

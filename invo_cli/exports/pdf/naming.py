"""File names made from document numbers: the same for the same number, and never a way out of the folder."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container

HASH_LENGTH = 8
LONGEST = 100
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")


def safe_name(number: str, *, taken: Container[str] = (), identity: str = "") -> str:
    """The name, without ending, of the file that holds a document: INV/26-27/0001 becomes INV-26-27-0001.

    Only ASCII letters, digits, `.`, `_` and `-` are left, and neither a dot nor a hyphen comes first. A number that
    loses more than its slashes gets eight characters of its hash. So does one whose name is among `taken`, which are
    in lower case: `INV/1` after `INV-1` or `inv-1`, which some file systems take for the same file. `identity` tells
    documents of one number apart, such as an invoice from a credit note.
    """
    dashed = number.replace("/", "-")
    name = _UNSAFE.sub("_", dashed).lstrip(".-")[:LONGEST]
    if not name or name != dashed or name.lower() in taken:
        digest = hashlib.sha256(f"{number}\0{identity}".encode()).hexdigest()[:HASH_LENGTH]
        return f"{name}-{digest}".lstrip("-")
    return name

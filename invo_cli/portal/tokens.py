"""The signed answers of the invoice portal: JSON web tokens (RFC 7515) whose payload holds JSON as text."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from invo_cli.errors import InvalidError
from invo_cli.gst.einvoice import wire

_PARTS = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]*)")
_WRONG = "Take it as the portal gave it, without line breaks."


@dataclass(frozen=True, slots=True)
class Token:
    """A token taken apart; nothing of it is proved yet (`signatures`)."""

    algorithm: str
    issuer: str | None
    data: Mapping[str, Any]
    """What was signed: numbers are Decimal."""
    signed: bytes
    """The bytes under the signature."""
    signature: bytes


def read(text: str, *, what: str) -> Token:
    """Take a token apart; `what` begins the sentence of the refusal. Raises InvalidError when it is none."""
    match = _PARTS.fullmatch(text)
    if match is None:
        raise InvalidError(f"{what} is not a signed token.", hint=_WRONG)
    header, payload = (_object(wire.read(_text(part, what), what=what), what) for part in match.groups()[:2])
    data = payload.get("data", payload)
    return Token(
        algorithm=str(header.get("alg")),
        issuer=_issuer(payload),
        data=_object(wire.read(data, what=what) if isinstance(data, str) else data, what),
        signed=f"{match[1]}.{match[2]}".encode(),
        signature=_decoded(match[3], what),
    )


def _issuer(payload: Mapping[str, Any]) -> str | None:
    found = payload.get("iss")
    return found if isinstance(found, str) else None


def _object(value: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise InvalidError(f"{what} does not hold an object.", hint=_WRONG)
    return value


def _text(part: str, what: str) -> str:
    try:
        return _decoded(part, what).decode()
    except UnicodeDecodeError:
        raise InvalidError(f"{what} is not UTF-8 text.", hint=_WRONG) from None


def _decoded(part: str, what: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except (binascii.Error, ValueError):
        raise InvalidError(f"{what} is not base64 text.", hint=_WRONG) from None

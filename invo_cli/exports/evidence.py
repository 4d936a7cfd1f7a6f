"""The audit trail of a book as a file, its head beside it, and checking both where there is no database.

A line of the file is an event as it was hashed: its hash is the SHA-256 of the hash before it, a newline, and the rest
of the event as canonical JSON (sorted keys, no spaces, UTF-8). A signature is one of Ed25519 over the head without it.
"""

from __future__ import annotations

import csv
import io
import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, BinaryIO

from invo_cli.errors import InvalidError, UsageProblemError
from invo_cli.exports.hashing import Hashed
from invo_cli.gst.text import FORMULA_STARTS

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

FORMATS = ("jsonl", "csv")
COLUMNS = ("seq", "at", "actor", "via", "os_user", "host", "action", "subject", "reason", "before", "after", "hash")
MAX_LINE = 16 * 1024 * 1024
"""Bytes of one line; the longest document is shorter."""


class Trail:
    """Events on their way into a file; knows the head once they went through."""

    def __init__(self, out: BinaryIO, form: str) -> None:
        self._out = Hashed(out)
        self._form = form
        self.events, self.seq, self.hash = 0, 0, ""

    def write(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Write events, oldest first."""
        if self._form == "csv":
            self._out.write(_csv_line(COLUMNS))
        for event in events:
            self._out.write(_LINES[self._form](event))
            self.events, self.seq, self.hash = self.events + 1, event["seq"], event["hash"]

    def head(self, business: str | None, name: str) -> dict[str, Any]:
        """What is said of the whole file."""
        return {
            "business": business,
            "seq": self.seq,
            "hash": self.hash,
            "events": self.events,
            "file": name,
            "format": self._form,
            "sha256": self._out.sha256,
        }


def canonical(value: Any) -> str:
    """JSON that is the same whenever the value is."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def signed(head: Mapping[str, Any], key: Ed25519PrivateKey | None) -> dict[str, Any]:
    """The head with its signature in base64; None without a key."""
    signature = key and b64encode(key.sign(canonical(head).encode())).decode()
    return {**head, "signature": signature}


def private_key(pem: bytes) -> Ed25519PrivateKey:
    """An Ed25519 key in PEM without a password; InvalidError for anything else."""
    _require_crypto()
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    with suppress(TypeError, ValueError):
        key = load_pem_private_key(pem, None)
        if isinstance(key, Ed25519PrivateKey):
            return key
    raise InvalidError(
        "That is no Ed25519 private key in PEM without a password.",
        hint="Make one with: openssl genpkey -algorithm ed25519 -out audit.key",
    )


def public_key(pem: bytes) -> Ed25519PublicKey:
    """An Ed25519 public key in PEM; InvalidError for anything else."""
    _require_crypto()
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    with suppress(TypeError, ValueError):
        key = load_pem_public_key(pem)
        if isinstance(key, Ed25519PublicKey):
            return key
    raise InvalidError(
        "That is no Ed25519 public key in PEM.", hint="Make it with: openssl pkey -in audit.key -pubout -out audit.pub"
    )


def read_head(text: str) -> dict[str, Any]:
    """A head as it was written; InvalidError for anything else."""
    try:
        head = json.loads(text)
    except (RecursionError, ValueError):
        head = None
    if not isinstance(head, dict) or not {"seq", "hash", "events", "format", "sha256", "signature"} <= head.keys():
        raise InvalidError("The head beside the file cannot be read.", hint="It is written by: invo audit export")
    return head


def problems(file: BinaryIO, head: Mapping[str, Any], key: Ed25519PublicKey | None) -> Iterator[tuple[int | None, str]]:
    """What is wrong with a file and its head: the number of the event if there is one, and a sentence.

    The chain itself is recomputed for jsonl; a csv file is proved by the SHA-256 in its head.
    """
    hashed = sha256()
    walk = _Walk()
    for line in iter(lambda: file.readline(MAX_LINE), b""):
        hashed.update(line)
        if head["format"] == "jsonl" and (problem := walk.step(line)):
            yield walk.seq, problem
    if hashed.hexdigest() != head["sha256"]:
        yield None, "The SHA-256 of the file is not the one in its head: the file was altered."
    if head["format"] == "jsonl" and (walk.events, walk.seq, walk.hash) != (head["events"], head["seq"], head["hash"]):
        yield None, "The last event is not the one in the head: the end of the file was cut or added."
    if key is not None and not _is_signed(head, key):
        yield None, "The head is not signed with this key."


class _Walk:
    """Where the walk along the chain of a file stands."""

    def __init__(self) -> None:
        self.events, self.seq, self.hash = 0, 0, ""

    def step(self, line: bytes) -> str | None:
        """Go on to the next event; what is wrong with it, or None."""
        self.events += 1
        try:
            event = json.loads(line)
            seq, noted = int(event["seq"]), str(event.pop("hash"))
            made = sha256(f"{self.hash}\n{canonical(event)}".encode()).hexdigest()
        except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
            return f"Line {self.events} is no event."
        gap = seq != self.seq + 1
        before, self.seq, self.hash = self.seq, seq, noted
        if gap:
            return f"It follows event {before}: the events between them are missing."
        return None if made == noted else "Its hash does not match its content and the event before it."


def _is_signed(head: Mapping[str, Any], key: Ed25519PublicKey) -> bool:
    from cryptography.exceptions import InvalidSignature

    content = {name: value for name, value in head.items() if name != "signature"}
    try:
        key.verify(b64decode(str(head["signature"]), validate=True), canonical(content).encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def _json_line(event: Mapping[str, Any]) -> bytes:
    return f"{canonical(event)}\n".encode()


def _csv_line(values: Iterable[Any]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(map(_cell, values))
    return out.getvalue().encode()


def _cell(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(tuple(FORMULA_STARTS)) else value


def _csv_event(event: Mapping[str, Any]) -> bytes:
    return _csv_line(event.get(column) for column in COLUMNS)


_LINES: Mapping[str, Callable[[Mapping[str, Any]], bytes]] = {"jsonl": _json_line, "csv": _csv_event}


def _require_crypto() -> None:
    if find_spec("cryptography") is None:
        raise UsageProblemError(
            "Signatures need the extra crypto, which is not installed.",
            hint='Install it with: pip install "invo[crypto]"',
        )

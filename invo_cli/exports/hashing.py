"""Bytes counted and hashed on their way."""

from __future__ import annotations

from hashlib import sha256

from invo_cli.exports.compressing import Sink


class Hashed:
    """A sink before another one that knows how many bytes went through, and their SHA-256."""

    def __init__(self, out: Sink) -> None:
        self._out = out
        self._hash = sha256()
        self.bytes = 0

    def write(self, data: bytes) -> int:
        """Pass some bytes on."""
        self._hash.update(data)
        self.bytes += len(data)
        self._out.write(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is held back here; writers that compress call it."""

    @property
    def sha256(self) -> str:
        """Of everything so far, in hexadecimal."""
        return self._hash.hexdigest()

"""Bytes cut into pieces that a database stores one by one, kept in a file without a name until then."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256

from invo_cli.errors import UnavailableError

PIECE = 1 << 20
_LENGTH = 8


class Pieces:
    """A file to write to: what is written is hashed, cut into pieces of 1 MiB and packed; a kill leaves nothing."""

    def __init__(self, pack: Callable[[bytes], bytes]) -> None:
        self._pack = pack
        self._waiting = bytearray()
        self._hash = sha256()
        self._file = tempfile.TemporaryFile(buffering=PIECE)  # noqa: SIM115 - closed by `close`
        self.bytes = 0
        """How many were written."""

    def write(self, data: bytes) -> int:
        """Add some bytes."""
        self._hash.update(data)
        self.bytes += len(data)
        self._waiting += data
        while len(self._waiting) >= PIECE:
            self._keep(bytes(self._waiting[:PIECE]))
            del self._waiting[:PIECE]
        return len(data)

    def flush(self) -> None:
        """Nothing to do: writers that compress call it."""

    @property
    def sha256(self) -> str:
        """Of everything written so far."""
        return self._hash.hexdigest()

    def packed(self) -> Iterator[bytes]:
        """The packed pieces in their order, from the first one on whenever it is asked."""
        if self._waiting:
            self._keep(bytes(self._waiting))
            self._waiting.clear()
        with _explained():
            self._file.seek(0)  # writes what was waiting
        while head := self._file.read(_LENGTH):
            yield self._file.read(int.from_bytes(head, "big"))

    def close(self) -> None:
        """Give the file up."""
        with suppress(OSError):  # what was still waiting is not wanted any more
            self._file.close()

    def _keep(self, piece: bytes) -> None:
        data = self._pack(piece)
        with _explained():
            self._file.write(len(data).to_bytes(_LENGTH, "big") + data)


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UnavailableError(
            f"The folder of temporary files, {tempfile.gettempdir()}, cannot be written: {error.strerror}.",
            hint="Free some space or set TMPDIR, then run it again.",
        ) from error

"""Compression with a checksum, and the SHA-256 of what is written or read."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any, BinaryIO

from invo_cli.errors import FindingsError

CHUNK = 1 << 20
_LEVEL = 3
_MOUTHFUL = 16 * 1024
"""Compressed bytes read at once; what comes out of them is held in memory, and may be a hundred times as much."""
DAMAGED_HINT = "Take another backup: invo db backup list"


class Hashing:
    """A sink that counts and hashes what goes into another one."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._hash = sha256()
        self.bytes = 0

    def write(self, data: Any, /) -> int:
        """Pass some on."""
        self._hash.update(data)
        self.bytes += len(data)
        self._out.write(data)
        return len(data)

    def flush(self) -> None:
        """Pass on what waits."""
        self._out.flush()

    @property
    def sha256(self) -> str:
        """The hash of all that was written, in hexadecimal."""
        return self._hash.hexdigest()


@contextmanager
def compressing(out: Any) -> Iterator[Any]:
    """A sink that compresses into another; the frame, with its checksum, is complete when the block has ended well."""
    import zstandard

    writer: Any = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).stream_writer(out, closefd=False)
    yield writer
    writer.close()


def decompressed(source: Any) -> Iterator[bytes]:
    """The content in pieces; FindingsError when it is damaged or cut off."""
    import zstandard

    unpacking = zstandard.ZstdDecompressor().decompressobj()
    try:
        while data := source.read(_MOUTHFUL):
            yield unpacking.decompress(data)
    except zstandard.ZstdError as error:
        raise damaged(str(error)) from error
    if not unpacking.eof:
        raise damaged("its end is missing")


def damaged(reason: str) -> FindingsError:
    """What is said about a backup that cannot be read to its end."""
    return FindingsError(f"The backup is damaged: {reason.rstrip('.')}.", hint=DAMAGED_HINT)


def hash_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as source:
        return file_digest(source, "sha256").hexdigest()


def pour(path: Path, out: Any) -> None:
    """Write a whole file into a sink."""
    with path.open("rb") as source:
        shutil.copyfileobj(source, out, CHUNK)

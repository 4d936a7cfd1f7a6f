"""Compressed output: gzip and Zstandard, the same bytes for the same content."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

ENDINGS = ("gz", "zst")
_GZIP_LEVEL = 6
_ZSTANDARD_LEVEL = 3


class Sink(Protocol):
    """Where bytes go."""

    def write(self, data: bytes, /) -> Any:
        """Take some."""


@contextmanager
def compressed(out: Sink, how: str | None) -> Iterator[Sink]:
    """A sink that compresses into `out` as gz or zst, or `out` itself; complete when the block has ended well."""
    if how is None:
        yield out
        return
    writer: Any = _gzip(out) if how == "gz" else _zstandard(out)
    yield writer
    writer.close()


def _gzip(out: Any) -> Any:
    return gzip.GzipFile(filename="", mode="wb", compresslevel=_GZIP_LEVEL, fileobj=out, mtime=0)


def _zstandard(out: Any) -> Any:
    import zstandard

    return zstandard.ZstdCompressor(level=_ZSTANDARD_LEVEL).stream_writer(out, closefd=False)

"""SQLite's values in PostgreSQL's COPY text format, and back: one line a row, tabs between, \\N for null."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from invo_cli.db.copying.tables import Column, Kind
from invo_cli.errors import InvalidError

BLOCK = 256 * 1024
_NULL = b"\\N"
_ESCAPES = {b"\\": b"\\\\", b"\t": b"\\t", b"\n": b"\\n", b"\r": b"\\r", b"\b": b"\\b", b"\f": b"\\f", b"\v": b"\\v"}
_SPECIAL = re.compile(rb"[\\\t\n\r\b\f\v]")
_MEANT = {escaped: plain for plain, escaped in _ESCAPES.items()}
_ESCAPED = re.compile(rb"\\.", re.DOTALL)
_UTC = b"+00"
_MICROSECONDS = 6


def encoded(rows: Iterable[Sequence[Any]], columns: Sequence[Column]) -> Iterator[bytes]:
    """Rows as SQLite stores them, texts as bytes, in blocks of lines."""
    writers = [_WRITERS[column.kind] for column in columns]
    lines = (
        b"\t".join([_NULL if value is None else write(value) for write, value in zip(writers, row, strict=True)])
        for row in rows
    )
    yield from gathered(line + b"\n" for line in lines)


def gathered(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in fewer pieces."""
    waiting, size = list[bytes](), 0
    for line in lines:
        waiting.append(line)
        size += len(line)
        if size >= BLOCK:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)


def decoded(blocks: Iterable[bytes], columns: Sequence[Column], batch: int) -> Iterator[list[list[Any]]]:
    """Batches of rows as SQLite stores them; InvalidError for text that is not in this format."""
    readers = [_READERS[column.kind] for column in columns]
    lines = _lines(blocks)
    while taken := list(islice(lines, batch)):
        try:
            yield [
                [
                    None if field == _NULL else read(field)
                    for read, field in zip(readers, line.split(b"\t"), strict=True)
                ]
                for line in taken
            ]
        except (ValueError, KeyError) as error:
            raise InvalidError("A row cannot be read: it is damaged.", hint="Take another backup.") from error


def _lines(blocks: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for block in blocks:
        *lines, rest = (rest + block).split(b"\n")
        yield from lines
    if rest:
        raise InvalidError("The last row is cut off.", hint="Take another backup.")


def _write_text(value: Any) -> bytes:
    data = value if isinstance(value, bytes) else str(value).encode()
    return _SPECIAL.sub(lambda found: _ESCAPES[found[0]], data) if _SPECIAL.search(data) else data


def _write_flag(value: Any) -> bytes:
    return {0: b"f", 1: b"t"}.get(value) or _write_text(value)


def _write_instant(value: Any) -> bytes:
    return _write_text(value) + _UTC


def _write_blob(value: Any) -> bytes:
    return b"\\\\x" + bytes(value).hex().encode()


def _read_text(field: bytes) -> str:
    if b"\\" in field:
        field = _ESCAPED.sub(lambda found: _MEANT[found[0]], field)
    return field.decode()


def _read_flag(field: bytes) -> int:
    return {b"f": 0, b"t": 1}[field]


def _read_instant(field: bytes) -> str:
    """SQLite holds UTC without the zone, and always microseconds, so that texts compare as times do."""
    if not field.endswith(_UTC):
        raise ValueError("a time that is not in UTC")
    moment, _, fraction = field.removesuffix(_UTC).decode().partition(".")
    return f"{moment}.{fraction.ljust(_MICROSECONDS, '0')}"


def _read_blob(field: bytes) -> bytes:
    return bytes.fromhex(field.removeprefix(b"\\\\x").decode())


_WRITERS: dict[Kind, Callable[[Any], bytes]] = {
    "whole": _write_text,
    "text": _write_text,
    "flag": _write_flag,
    "instant": _write_instant,
    "day": _write_text,
    "blob": _write_blob,
}
_READERS: dict[Kind, Callable[[bytes], Any]] = {
    "whole": int,
    "text": _read_text,
    "flag": _read_flag,
    "instant": _read_instant,
    "day": bytes.decode,
    "blob": _read_blob,
}

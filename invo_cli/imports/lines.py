"""The lines of a text file: UTF-8 and nothing else, of bounded length, and each refusal with its place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from invo_cli.errors import InvalidError

MAX_LINE = 10 * 1024 * 1024
"""A line has at most 10 Mi characters: the largest document in one line of JSON."""
_OTHER_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_SAVE = "Save it as UTF-8 (in Excel: CSV UTF-8)."


@contextmanager
def opened(path: Path, name: str) -> Iterator[TextIO]:
    """The text of a file with its own line ends; a BOM is skipped, and bytes that are not UTF-8 are refused."""
    _refuse_other(path, name)
    with path.open(encoding="utf-8-sig", newline="") as text:
        try:
            yield text
        except UnicodeDecodeError as error:
            raise _not_utf8(path, name) from error


def numbered(text: TextIO, name: str, limit: int = MAX_LINE) -> Iterator[str]:
    """Every line with its end; NUL and a line that is too long are refused with the number of the line."""
    for number, line in enumerate(iter(lambda: text.readline(limit), ""), 1):
        if "\0" in line:
            raise InvalidError(
                f"{name} has a NUL character on line {number}, column {line.index(chr(0)) + 1}.",
                hint="It is perhaps not a text file, or not UTF-8.",
                line=number,
            )
        if len(line) == limit:
            raise InvalidError(f"Line {number} of {name} is longer than {limit:,} characters.", line=number)
        yield line


def _refuse_other(path: Path, name: str) -> None:
    with path.open("rb") as data:
        start = data.read(512)
    other = _OTHER_MARKS.get(start[:2])
    # Without a mark, half of the bytes of UTF-16 in Latin letters are zero.
    if other or (len(start) > 3 and start[:64].count(0) > len(start[:64]) // 3):
        raise InvalidError(f"{name} is {other or 'UTF-16'} text, not UTF-8.", hint=_SAVE)


def _not_utf8(path: Path, name: str) -> InvalidError:
    """The refusal with the first wrong byte, found by reading again."""
    line, start = 1, 0
    with path.open("rb") as data:
        for raw in iter(lambda: data.readline(4 * MAX_LINE), b""):
            try:
                raw.decode("utf-8")
            except UnicodeDecodeError as error:
                line, byte = line + _ends(raw[: error.start]), start + error.start + 1
                return InvalidError(
                    f"{name} is not UTF-8 text: byte {byte}, on line {line}, is 0x{raw[error.start]:02x}.",
                    hint=_SAVE,
                    line=line,
                    byte=byte,
                )
            start, line = start + len(raw), line + _ends(raw)
    return InvalidError(f"{name} is not UTF-8 text.", hint=_SAVE)


def _ends(raw: bytes) -> int:
    """How many lines end within: by a newline, a carriage return, or both together."""
    return raw.count(b"\n") + raw.count(b"\r") - raw.count(b"\r\n")

"""The file of GSTR-1 and of the invoice furnishing facility: envelope, compact text, parts, name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from invo_cli.gst.returns.arrays import IFF, ORDER, Array, Group
from invo_cli.gst.returns.books import Books
from invo_cli.gst.returns.gstr1 import Gstr1
from invo_cli.gst.returns.json_text import amount, quoted_text

VERSION = "GST3.2.4"
"""The release of the portal's tool whose files these are."""

PART_LIMIT = 4_928_307
"""4.7 MiB, beyond which the tool splits a file; what is measured is `escaped_size`."""


def escaped_size(text: str) -> int:
    """Bytes of the text as a JSON string: UTF-8, one more for each quote and backslash, and the quotes around it.

    The tool measures its file so, escaped once more than it is written; 4.7 MiB are then about 4 MiB of file.
    """
    return _inner_size(text) + 2


def parts(gstr1: Gstr1, *, iff: bool = False, limit: int = PART_LIMIT) -> Iterator[str]:
    """The text of the file, in as few parts as its order allows: each is complete JSON with the header.

    No document, row or range is torn; a part exceeds the limit only when one object alone does.
    """
    packing = _Packing(header(gstr1.books, iff=iff), limit)
    for top, arrays in groupby(ORDER, key=lambda name: name[0]):
        if iff and top not in IFF:
            continue
        for name in arrays:
            if name in gstr1.arrays:
                yield from packing.array(top, name[1], gstr1.arrays[name])
    yield packing.finish()


def header(books: Books, *, iff: bool = False) -> str:
    """The opening of the file, without a closing brace."""
    filer = books.filer
    turnovers = () if iff else (("gt", filer.gt_paise), ("cur_gt", filer.cur_gt_paise))
    supplied = "".join(f',"{key}":{amount(paise)}' for key, paise in turnovers if paise is not None)
    return f'{{"gstin":{quoted_text(filer.gstin)},"fp":"{books.period}"{supplied},"version":"{VERSION}","hash":"hash"'


def file_name(gstin: str, made_on: dt.date, part: int | None = None) -> str:
    """As the tool names it, by the day on which it was made, without zeros; `part` counts from 1."""
    suffix = "" if part is None else f"_{part}"
    return f"returns_{made_on.day}{made_on.month}{made_on.year}_R1_{gstin}_offline{suffix}.json"


def is_iff_month(period: str) -> bool:
    """Whether MMYYYY is one of the first two months of a quarter."""
    return int(period[:2]) % 3 != 0


@dataclass(slots=True)
class _Packing:
    """Text is added piece by piece; when a part is full it is closed and the next one opened at the same place."""

    header: str
    limit: int
    pieces: list[str] = field(default_factory=list)
    size: int = 0
    top: str | None = None
    """The open section, and its open member."""
    member: str | None = None

    def __post_init__(self) -> None:
        self._begin()

    def array(self, top: str, member: str | None, array: Array) -> Iterator[str]:
        """Add the array of a section; yields the parts that became full."""
        for group in array:
            yield from self._group(top, member, group)

    def finish(self) -> str:
        """The last part."""
        return self._text()

    def _group(self, top: str, member: str | None, group: Group) -> Iterator[str]:
        room = self._prefix(top, member) + group.opening
        head, tail = _inner_size(room), _inner_size(group.closing) + 8
        pending: list[str] = []
        size = head
        for piece in group.pieces:
            length = _inner_size(piece) + 1
            if self.size + size + length + tail > self.limit and (pending or self.top is not None):
                if pending:
                    self._put(top, member, group, pending, size)
                yield self._text()
                self._begin()
                pending, size = [], _inner_size(self._prefix(top, member) + group.opening)
            pending.append(piece)
            size += length
        if pending:
            self._put(top, member, group, pending, size)

    def _put(self, top: str, member: str | None, group: Group, pieces: list[str], size: int) -> None:
        self.pieces.append(self._prefix(top, member) + group.opening)
        self.pieces.append(",".join(pieces))
        self.pieces.append(group.closing)
        self.size += size + _inner_size(group.closing)
        self.top, self.member = top, member

    def _prefix(self, top: str, member: str | None) -> str:
        """What stands between the text so far and the next group."""
        if self.top == top and self.member == member:
            return ","
        opening = f'"{member}":[' if member else ""
        if self.top == top:
            return f"],{opening}"
        return f'{self._closing()},"{top}":' + (f"{{{opening}" if member else "[")

    def _closing(self) -> str:
        """What closes the open array and the object it stands in."""
        if self.top is None:
            return ""
        return "]}" if self.member else "]"

    def _begin(self) -> None:
        self.pieces, self.size = [self.header], _inner_size(self.header) + 2
        self.top = self.member = None

    def _text(self) -> str:
        return "".join([*self.pieces, self._closing(), "}"])


def _inner_size(text: str) -> int:
    """UTF-8 bytes, quotes and backslashes counted twice."""
    size = len(text) if text.isascii() else len(text.encode())
    return size + text.count('"') + text.count("\\")

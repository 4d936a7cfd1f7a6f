"""The formats of files: which one is meant, and how such a file is called."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from invo_cli.errors import InvalidError
from invo_cli.exports.compressing import ENDINGS
from invo_cli.gst.text import nearest

TEXTS = ("csv", "tsv", "jsonl")
"""Written by the database, line by line; the others are containers."""
FORMATS = (*TEXTS, "xlsx", "parquet")


@dataclass(frozen=True, slots=True)
class Form:
    """A format, and how it is compressed if it is."""

    format: str
    compress: str | None = None

    @property
    def is_text(self) -> bool:
        """Whether it is made of lines."""
        return self.format in TEXTS

    def file_name(self, data_set: str) -> str:
        """What a file of this form is called."""
        return f"{data_set}.{self.format}" + (f".{self.compress}" if self.compress else "")


def chosen(wanted: str | None, compress: str | None, target: str, *, usual: str | None = None) -> Form:
    """The format and compression asked for, else those of the file's name, else the usual format, else csv."""
    endings = [ending.removeprefix(".").lower() for ending in PurePath(target).suffixes[-2:]]
    packed = endings.pop() if endings and endings[-1] in ENDINGS else None
    named = endings[-1] if endings else None
    if wanted is None and packed and named not in FORMATS:
        named = None  # export.2026-10.gz says nothing of the format
    name = wanted or named or (usual if usual in FORMATS else None) or "csv"
    form = Form(_known(name, FORMATS, "export format"), compress and _known(compress, ENDINGS, "compression"))
    if compress is None and packed:
        form = Form(form.format, packed)
    if form.compress and not form.is_text:
        raise InvalidError(f"{form.format} is compressed already.", hint="Leave the compression out.")
    return form


def _known(name: str, names: tuple[str, ...], what: str) -> str:
    if name in names:
        return name
    near = nearest(name, names)
    raise InvalidError(
        f"There is no {what} {name}.", hint=f"Did you mean {near}?" if near else f"There are: {', '.join(names)}."
    )

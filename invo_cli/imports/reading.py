"""A source as records, one at a time, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from invo_cli.errors import InvalidError
from invo_cli.gst.records import Record, Unreadable
from invo_cli.imports import documents, objects
from invo_cli.imports.layouts import Layout
from invo_cli.imports.mapping import PLAIN, Translation
from invo_cli.imports.sources import Source
from invo_cli.imports.tables import Table, objects_as_values

MAX_RECORDS = 5_000_000


def records(source: Source, layout: Layout, translation: Translation = PLAIN) -> Iterator[Record[Any] | Unreadable]:
    """Every record of the file in order, read into its value or refused with everything that is wrong with it.

    Values are CustomerRecord, ItemRecord, PaymentRecord or DocumentRecord of gst.records.
    Raises InvalidError when the file as a whole cannot be read from some line on.
    """
    found = _objects(source, layout, translation) if source.format == "jsonl" else _rows(source, layout, translation)
    for count, record in enumerate(found, 1):
        if count > MAX_RECORDS:
            raise InvalidError(f"{source.name} has more than {MAX_RECORDS:,} records.", hint="Split it.")
        yield record


def _rows(source: Source, layout: Layout, translation: Translation) -> Iterator[Record[Any] | Unreadable]:
    table = Table(source, layout, translation)
    return map(table.read, table.groups())


def _objects(source: Source, layout: Layout, translation: Translation) -> Iterator[Record[Any] | Unreadable]:
    shape = layout.shape
    read = documents.from_object if shape is None else lambda values: shape.read(values, "")
    for line, data in objects.objects(source):
        if isinstance(data, Unreadable):
            yield data
            continue
        record: Record[Any] = Record(line, None)
        try:
            yield Record(line, read(objects_as_values(data, layout, translation)))
        except InvalidError as error:
            yield record.refused(error)

"""Listings, declared once and written as table, plain, json, jsonl, csv, tsv or name."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, islice
from typing import Any, Literal

from invo_cli import unix_csv
from invo_cli.errors import InvalidError
from invo_cli.gst.money import format_indian
from invo_cli.gst.text import nearest
from invo_cli.options import rows_shown
from invo_cli.views.tables import print_table
from invo_cli.views.terminal import is_watched
from invo_cli.views.text import safe

Row = Mapping[str, Any]
Format = Literal["table", "plain", "json", "jsonl", "csv", "tsv", "name"]
TABLE_CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Column:
    """One field of a listing: its key in json and csv, its heading in a table."""

    key: str
    heading: str
    money: bool = False
    right: bool = False
    extra: bool = False
    """Only printed when --fields asks for it (json always has it)."""
    wraps: bool = False
    """Long text that a table may break into lines; everything else stays on one."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list of one noun looks like; `name` is the column that identifies a row."""

    columns: tuple[Column, ...]
    name: str
    fallback_name: str | None = None

    def chosen(self, fields: str | None) -> tuple[Column, ...]:
        """The columns to print; InvalidError names the nearest field for one that does not exist."""
        if fields is None:
            return tuple(column for column in self.columns if not column.extra)
        known = {column.key: column for column in self.columns}
        return tuple(_known_field(known, key.strip()) for key in fields.split(","))

    def identifier(self, row: Row) -> str:
        """What a script would pass to another command to name this row."""
        value = row.get(self.name)
        if value is None and self.fallback_name is not None:
            value = row[self.fallback_name]
        return str(value)

    def cursor(self, row: Row) -> str:
        """What `--after` takes to go on behind this row."""
        return str(row[self.fallback_name or self.name])


def field_of(row: Row, key: str) -> Any:
    """A field of a row; `customer_name` is the name inside its customer. None when there is no such field."""
    if key in row:
        return row[key]
    whole, _, part = key.partition("_")
    inner = row.get(whole)
    return inner.get(part) if isinstance(inner, Mapping) else None


def _known_field(known: Mapping[str, Column], key: str) -> Column:
    if key in known:
        return known[key]
    near = nearest(key, known)
    hint = f"Did you mean {near}? " if near else ""
    raise InvalidError(f"There is no field {key}.", hint=f"{hint}Fields: {', '.join(known)}.")


def resolved_format(output: str) -> Format:
    """`auto` is a table for a person who watches and plain for a program."""
    if output == "auto":
        return "table" if is_watched() else "plain"
    return output  # type: ignore[return-value] # the settings admit these words only


def print_rows(rows: Iterable[Row], listing: Listing, *, output: str, fields: str | None = None) -> None:
    """Print every row on stdout, streaming; nothing is cut."""
    columns = listing.chosen(fields)
    rows = _counted(rows)
    how = resolved_format(output)
    if how == "name":
        for row in rows:
            print(safe(listing.identifier(row)))
    elif how in ("json", "jsonl"):
        keys = None if fields is None else [column.key for column in columns]
        _JSON_WRITERS[how](_picked(rows, keys))
    else:
        _TEXT_WRITERS[how](rows, columns)


def print_record(
    row: Row, listing: Listing, page: Callable[[Row], None], *, output: str, fields: str | None = None
) -> None:
    """Print one record: a page for a person, one object or one line for a program."""
    how = resolved_format(output)
    if how == "table" and fields is None:
        page(next(_counted([row])))
    elif how == "json":
        keys = None if fields is None else [column.key for column in listing.chosen(fields)]
        print(dump(next(_picked(_counted([row]), keys)), indent=2))
    elif how == "plain" and fields is None:
        for key, value in next(_counted([row])).items():
            print(f"{key}\t{safe(as_text(value))}")
    else:
        print_rows([row], listing, output=how, fields=fields)


def dump(value: object, indent: int | None = None) -> str:
    """JSON as scripts get it: UTF-8, keys in the order of the contract."""
    return json.dumps(value, ensure_ascii=False, indent=indent)


def as_text(value: Any) -> str:
    """A value in plain, csv and tsv: empty for null, true/false, JSON for what has parts."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else dump(value)


def _counted(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows, counted for the log line of the run."""
    for row in rows:
        rows_shown.set(rows_shown.get() + 1)
        yield row


def _picked(rows: Iterable[Row], keys: Sequence[str] | None) -> Iterator[Row]:
    for row in rows:
        yield row if keys is None else {key: field_of(row, key) for key in keys}


def _write_json(rows: Iterable[Row]) -> None:
    opening = "["
    for row in rows:
        print(opening, "\n  ", dump(row), sep="", end="")
        opening = ","
    print("[]" if opening == "[" else "\n]")


def _write_jsonl(rows: Iterable[Row]) -> None:
    for row in rows:
        print(dump(row))


def _write_plain(rows: Iterable[Row], columns: Sequence[Column]) -> None:
    for row in rows:
        print("\t".join(safe(as_text(field_of(row, column.key))) for column in columns))


def _write_csv(rows: Iterable[Row], columns: Sequence[Column], delimiter: str = ",") -> None:
    writer = unix_csv.writer(sys.stdout, delimiter)
    writer.writerow(column.key for column in columns)
    writer.writerows([as_text(field_of(row, column.key)) for column in columns] for row in rows)


def _write_tsv(rows: Iterable[Row], columns: Sequence[Column]) -> None:
    _write_csv(rows, columns, delimiter="\t")


def _write_table(rows: Iterable[Row], columns: Sequence[Column]) -> None:
    # rich holds a whole table to measure it, so a long list is printed as several.
    waiting = iter(rows)
    for first in waiting:
        print_table(
            [(column.heading, column.money or column.right, column.wraps) for column in columns],
            (
                [cell(field_of(row, column.key), column) for column in columns]
                for row in chain([first], islice(waiting, TABLE_CHUNK - 1))
            ),
        )


def cell(value: Any, column: Column) -> str:
    """A value as a table shows it: money with lakh and crore commas."""
    if column.money and isinstance(value, str):
        return format_indian(Decimal(value))
    return as_text(value)


_JSON_WRITERS: dict[str, Callable[[Iterable[Row]], None]] = {"json": _write_json, "jsonl": _write_jsonl}
_TEXT_WRITERS: dict[str, Callable[[Iterable[Row], Sequence[Column]], None]] = {
    "table": _write_table,
    "plain": _write_plain,
    "csv": _write_csv,
    "tsv": _write_tsv,
}

"""The file of --map: what the headings of somebody else's file mean here."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from invo_cli.errors import InvalidError, NotFoundError
from invo_cli.gst.text import nearest, quoted
from invo_cli.imports.cells import date_reader

_KEYS = ("columns", "constants", "ignore", "date_format", "delimiter", "sheet")
_DELIMITERS = (",", ";", "\t", "|")
MAX_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """How a file is read: headings by our names, values that stand for every row, and spellings."""

    columns: Mapping[str, str] = field(default_factory=dict)
    """Their heading, as `heading_key` gives it: our name."""
    constants: Mapping[str, str] = field(default_factory=dict)
    """Our name: the value of every row that has none."""
    ignore: frozenset[str] = frozenset()
    """Headings, as `heading_key` gives them, that are not read."""
    date_format: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


PLAIN = Translation()
"""A file with our own headings."""


def heading_key(heading: str) -> str:
    """What makes headings equal: case, spaces, hyphens and underscores do not count."""
    return "_".join(heading.replace("-", " ").replace("_", " ").casefold().split())


def read(file: str, known: Collection[str]) -> Translation:
    """The translation that a TOML or JSON file holds; `known` are our names.

    Raises NotFoundError, and InvalidError for what it cannot mean.
    """
    data = _loaded(file)
    for key in data.keys() - set(_KEYS):
        raise InvalidError(f"{file} has the unknown key {quoted(key)}.", hint=_nearest(key, _KEYS))
    columns, constants = (_texts(file, data, key) for key in ("columns", "constants"))
    for name in (*columns.values(), *constants):
        if name not in known:
            raise InvalidError(f"{file} names {quoted(name)}, which is no column here.", hint=_nearest(name, known))
    doubled = next((name for name in columns.values() if list(columns.values()).count(name) > 1), None)
    if doubled:
        raise InvalidError(f"{file} gives two headings to {doubled}.", hint="Leave one of them to ignore.")
    found = Translation(
        columns={heading_key(theirs): ours for theirs, ours in columns.items()},
        constants=constants,
        ignore=frozenset(map(heading_key, _list(file, data.get("ignore", [])))),
        **{key: _text(file, key, data.get(key)) for key in ("date_format", "delimiter", "sheet")},
    )
    _check(file, found)
    return found


def _check(file: str, found: Translation) -> None:
    date_reader(found.date_format)
    if found.delimiter is not None and found.delimiter not in _DELIMITERS:
        raise InvalidError(f"{file} has the delimiter {quoted(found.delimiter)}.", hint='Use ",", ";", "|" or "\\t".')


def _loaded(file: str) -> dict[str, Any]:
    try:
        with Path(file).open("rb") as opened:
            data = opened.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise InvalidError(f"{file} is larger than 1 MiB.", hint="Name the file of --map, not the one to import.")
        text = data.decode("utf-8-sig")
        found = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except FileNotFoundError as error:
        raise NotFoundError(f"There is no file {file}.", hint="Check the path of --map.") from error
    except OSError as error:
        raise InvalidError(f"{file} cannot be read: {error.strerror}.", hint="Check the path of --map.") from error
    except (ValueError, RecursionError) as error:
        reason = str(error).splitlines()[0].rstrip(".") if not isinstance(error, RecursionError) else "nested too deep"
        raise InvalidError(f"{file} is neither TOML nor JSON: {reason}.", hint="See docs/imports.md.") from error
    return dict(found)


def _texts(file: str, data: Mapping[str, Any], key: str) -> dict[str, str]:
    found = data.get(key, {})
    if not isinstance(found, dict):
        raise InvalidError(f"{key} of {file} is not a table.", hint=f"Write [{key}] and a line for each.")
    return {name: _constant(file, name, value) for name, value in found.items()}


def _constant(file: str, name: str, value: Any) -> str:
    """A text, or what TOML and JSON write without quotes, as a cell would have it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list | float) or value is None:
        raise InvalidError(f"{quoted(name)} of {file} is not a text.", hint="Write it in quotes.")
    return str(value)


def _list(file: str, value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise InvalidError(f"ignore of {file} is not a list of headings.", hint='Write ignore = ["Remarks"]')
    return value


def _text(file: str, key: str, value: Any) -> str | None:
    if value is not None and not isinstance(value, str):
        raise InvalidError(f"{key} of {file} is not a text.", hint="Write it in quotes.")
    return value


def _nearest(name: str, known: Collection[str]) -> str:
    near = nearest(name, known)
    return f"Did you mean {near}?" if near else f"Known are {', '.join(known)}."

"""What a job exports and how: kept as JSON, the same for every run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any

from invo_cli.errors import ConflictError, InvalidError

FORMATS = ("csv", "tsv", "jsonl")
KEEP = "30"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of a job; the days are both included, `fields` None stands for all."""

    format: str = "csv"
    compress: str | None = None
    fields: str | None = None
    statuses: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    deleted: bool = False
    raw: bool = False
    out: str | None = None
    """The file or folder that `export job run` writes."""
    manifest: str | None = None
    keep: str = KEEP
    """How long the bytes of delivered batches are kept: a number of batches, or of days such as 14d."""


_CONTENT = ("format", "compress", "fields", "statuses", "first", "last", "deleted", "raw")
"""What decides the bytes of a batch; none of it may change while a job lives."""
_FLAGS = {"statuses": "--status", "first": "--from", "last": "--to", "deleted": "--include"}


def made(given: Mapping[str, Any]) -> Settings:
    """The settings of a new job; None stands for what is usual."""
    return checked(Settings(**_said(given)))


def agreed(name: str, stored: Settings, given: Mapping[str, Any]) -> Settings:
    """The settings of a run: those stored, and the file, manifest and retention of this run.

    Raises ConflictError for what would change the content of the batches.
    """
    said = _said(given)
    for key in _CONTENT:
        if key in said and said[key] != getattr(stored, key):
            raise ConflictError(
                f"The job {name} has {_flag(key)} {_shown(getattr(stored, key))}, not {_shown(said[key])}.",
                hint="Leave it out, or use another name: what a job exports stays the same.",
            )
    return replace(stored, **said)


def checked(settings: Settings) -> Settings:
    """The settings themselves; InvalidError for a format in which changes cannot be written."""
    if settings.format not in FORMATS:
        raise InvalidError(
            f"Changes are not exported as {settings.format}.",
            hint=f"Use one of {', '.join(FORMATS)}; {settings.format} is for full exports.",
        )
    return settings


def dumped(settings: Settings) -> str:
    """The settings as JSON."""
    return json.dumps(asdict(settings), default=str, sort_keys=True)


def loaded(text: str) -> Settings:
    """The settings from JSON."""
    found = json.loads(text)
    days = {key: found[key] and date.fromisoformat(found[key]) for key in ("first", "last")}
    return Settings(**(found | days | {"statuses": tuple(found["statuses"])}))


def as_row(settings: Settings) -> dict[str, Any]:
    """The settings as scripts see them."""
    shown = {each.name: getattr(settings, each.name) for each in fields(settings)}
    days = {key: shown[key] and shown[key].isoformat() for key in ("first", "last")}
    return shown | days | {"statuses": list(settings.statuses)}


def _said(given: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in given.items() if value is not None}


def _flag(key: str) -> str:
    return _FLAGS.get(key, f"--{key}")


def _shown(value: Any) -> str:
    if value in (None, False, ()):
        return "nothing"
    return ",".join(value) if isinstance(value, tuple) else str(value)

"""What a data set is: its fields, where its rows come from, what identifies them, and how they are found again."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Select

from invo_cli.errors import InvalidError
from invo_cli.gst.text import nearest

Subjects = Select[Any] | Collection[str]
"""Audit subjects: a SELECT of the column `subject`, or the texts."""
Kind = Literal["text", "word", "money", "quantity", "rate", "date", "instant", "flag", "count"]
"""What the values are; how they are written: views/data_sets.py, docs/exports.md."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a data set: its name, what its values are and mean, and where they come from.

    In the database money is integer paise, quantities and rates are integer thousandths. A word needs neither quotes
    nor the guard against formulas: a CHECK or a rule of the program keeps it to letters, digits, `_`, `-` and `.`.
    """

    name: str
    kind: Kind
    source: Any
    """A column or another SQL expression."""
    meaning: str
    is_key: bool = False
    """Whether it belongs to what identifies a row among all rows of the data set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSet:
    """One data set; `rows` is what stands behind FROM, without any condition on the business."""

    name: str
    meaning: str
    fields: tuple[Field, ...]
    rows: Any
    book: Any
    """The column that holds the business; None for what all share, whose events are in the book of the system."""
    order: tuple[Any, ...]
    """A stable order within one book."""
    subject: Any
    """SQL expression: the audit subject of the record a row belongs to, such as invoice:D-17."""
    about: Callable[[Subjects], Any]
    """The condition, on columns with an index where there is one, that a row belongs to one of some audit subjects."""
    is_log: bool = False
    """Whether the rows are the audit events themselves, which come and never change."""
    day: Any = None
    """The day, or the instant, by which --period chooses; None when there is none."""
    statuses: tuple[str, ...] = ()
    """The values of the field `status`, when rows can be chosen by it."""
    hidden: Any = None
    """Whether a row is deleted; None when nothing is ever deleted."""

    @property
    def keys(self) -> tuple[str, ...]:
        """The names of the fields that together identify a row."""
        return tuple(field.name for field in self.fields if field.is_key)

    def chosen(self, names: str | None) -> tuple[Field, ...]:
        """The fields named in `a,b`, in that order; InvalidError for one that is unknown or named twice."""
        if names is None:
            return self.fields
        found = tuple(self.field(name.strip()) for name in names.split(","))
        doubled = next((field.name for place, field in enumerate(found) if field in found[:place]), None)
        if doubled is not None:
            raise InvalidError(f"The field {doubled} is named twice.", hint="Name each field once.")
        return found

    def field(self, name: str) -> Field:
        """The field of this name."""
        found = {field.name: field for field in self.fields}
        if name in found:
            return found[name]
        near = nearest(name, found)
        hint = f"Did you mean {near}? " if near else ""
        raise InvalidError(f"There is no field {name}.", hint=f"{hint}Fields: {', '.join(found)}.")


def text(name: str, source: Any, meaning: str, *, is_key: bool = False) -> Field:
    """A field of free text."""
    return Field(name, "text", source, meaning, is_key)


def word(name: str, source: Any, meaning: str, *, is_key: bool = False) -> Field:
    """A field of words or codes."""
    return Field(name, "word", source, meaning, is_key)


def money(name: str, source: Any, meaning: str) -> Field:
    """A field of rupees; the source is paise."""
    return Field(name, "money", source, meaning)

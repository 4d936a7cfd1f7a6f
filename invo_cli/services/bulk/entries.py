"""What goes into a bulk and what comes out of it: entries and verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from invo_cli.gst.document import DocumentInput

FIGURES = ("taxable_value", "cgst", "sgst", "igst", "cess", "round_off", "total")
"""The figures of a document that a file may state, by the keys of docs/document.md."""
LINE_FIGURES = ("taxable_value", "cgst", "sgst", "igst", "cess", "total")
"""The figures of a line that a file may state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """Figures in rupees as the file states them: of the document, and of its lines in their order (charges last)."""

    document: Mapping[str, Decimal] = field(default_factory=dict)
    """Some of FIGURES."""
    lines: tuple[Mapping[str, Decimal], ...] = ()
    """Some of LINE_FIGURES for each line, empty where nothing is stated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One document of a file. It may bear the number it had; without one it takes the next of the series."""

    line_no: int
    """The line of the file at which it begins."""
    document: DocumentInput
    stated: Stated | None = None


class Outcome(StrEnum):
    """What became of an entry."""

    ISSUED = "issued"
    KNOWN = "known"
    """It is in the books already, from an earlier run of the file."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One reason why an entry is refused."""

    message: str
    hint: str | None = None
    path: str = ""
    """The key of docs/document.md, such as `lines[2].cgst` (counted from 0); empty for the whole document."""
    value: str | None = None
    """What the file says there."""
    rule: str | None = None
    """The code of the rule that refuses, such as GST-07."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of the entry that begins at a line; `problems` only and always when it is refused."""

    line_no: int
    outcome: Outcome
    number: str | None = None
    """Of a document that was issued or is known."""
    problems: tuple[Problem, ...] = ()
    warnings: tuple[str, ...] = ()

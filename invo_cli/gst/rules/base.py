"""What a rule is: a code, a severity, a sentence, its source in the law, and the check that finds breaches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from invo_cli.gst.document import Document


class Severity(StrEnum):
    """Whether a breach stops the document, or is only said; a strict business refuses both."""

    REFUSE = "refuse"
    WARN = "warn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What the rules look at: the document, its figures in rupees, the day, and whether its period is locked."""

    document: Document
    today: dt.date
    taxable: Decimal
    total: Decimal
    is_locked: bool
    unknown_hsn: frozenset[str] = frozenset()
    """Codes of its lines that the official list does not have; none where no list is loaded."""
    unfiled: str | None = None
    """The document that it amends, where the month that reports that one is not locked yet."""


@dataclass(frozen=True, slots=True)
class Breach:
    """One place where a rule is not kept: a sentence, what to do, the key of the document; lines count from 1."""

    message: str
    hint: str
    field: str
    line: int | None = None


Check = Callable[[Case], Iterable[Breach]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A coded rule; the code and the meaning never change, the sentence may improve."""

    code: str
    severity: Severity
    sentence: str
    source: str
    check: Check


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that a document does not keep; `line` counts from 1, `field` is the key of the document."""

    rule: Rule
    message: str
    hint: str
    field: str
    line: int | None

    def __str__(self) -> str:
        return f"{self.rule.code} {self.message}"

    def as_dict(self) -> dict[str, Any]:
        """What scripts see of it."""
        return {
            "code": self.rule.code,
            "severity": self.rule.severity.value,
            "message": self.message,
            "hint": self.hint,
            "field": self.field,
            "line": self.line,
            "source": self.rule.source,
        }


def refuses(code: str, sentence: str, source: str) -> Callable[[Check], Rule]:
    """Make the decorated check a rule whose breach stops the document."""
    return lambda check: Rule(code, Severity.REFUSE, sentence, source, check)


def warns(code: str, sentence: str, source: str) -> Callable[[Check], Rule]:
    """Make the decorated check a rule whose breach is said, and stops the document of a strict business only."""
    return lambda check: Rule(code, Severity.WARN, sentence, source, check)

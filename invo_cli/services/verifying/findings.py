"""What a check of the books finds, and how a rule that is one query becomes findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from invo_cli.gst.money import rupees
from invo_cli.models import Business

BATCH = 500


class Finding(NamedTuple):
    """Something that is not as the rest of the books says; `business` is None for the system's own."""

    check: str
    subject: str
    problem: str
    fix: str
    business: str | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A query that gives one row for each record that breaks the rule.

    It gets `:business`, and gives the `subject` beside the values that the sentence names; those whose name ends with
    `paise` are shown as rupees.
    """

    query: TextClause
    sentence: str
    fix: str


def rule(query: str, sentence: str, fix: str) -> Rule:
    """A rule from the text of its query."""
    return Rule(text(query), sentence, fix)


def broken(session: Session, business: Business, check: str, rules: tuple[Rule, ...]) -> Iterator[Finding]:
    """A finding for each row of each rule, streamed."""
    for each in rules:
        options = {"yield_per": BATCH}
        with session.execute(each.query, {"business": business.id}, execution_options=options) as rows:
            for row in rows:
                values = shown(dict(row._mapping))
                yield Finding(check, values["subject"], each.sentence.format(**values), each.fix, business.code)


def shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a row as sentences show them."""
    return {key: amount(value) if key.endswith("paise") else value for key, value in row.items()}


def amount(paise: Any) -> str:
    """Paise as rupees; whatever else stands in the column as it is, since anybody may have put it there."""
    try:
        return str(rupees(int(paise)))
    except (TypeError, ValueError):
        return repr(paise)

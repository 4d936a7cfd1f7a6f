"""The coded rules that a document must keep, each with its source; `judge` finds what it does not keep."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from invo_cli.errors import InvalidError
from invo_cli.gst.document import Document
from invo_cli.gst.rules import dates, kinds, lines, parties, returns, supplies
from invo_cli.gst.rules.base import Case, Finding, Rule, Severity

__all__ = ["RULES", "Finding", "Rule", "Severity", "as_markdown", "judge", "refuse_on"]

RULES: tuple[Rule, ...] = tuple(
    sorted(
        (*parties.RULES, *dates.RULES, *lines.RULES, *supplies.RULES, *returns.RULES, *kinds.RULES),
        key=lambda rule: rule.code,
    )
)
"""Every rule, by code. A code is never used again for something else."""


def judge(
    document: Document,
    *,
    today: dt.date,
    taxable: Decimal,
    total: Decimal,
    locked: bool = False,
    unknown_hsn: frozenset[str] = frozenset(),
    unfiled: str | None = None,
) -> list[Finding]:
    """Every rule the document does not keep, by code and line.

    `today` is the day in Asia/Kolkata, `taxable` and `total` are its figures in rupees (`gst.tax`), `locked` says
    whether its date lies in a locked period, `unknown_hsn` which codes the official list does not have, `unfiled` which
    document it amends before that was reported. The order of numbers and dates in a series is not asked here.
    """
    case = Case(
        document=document,
        today=today,
        taxable=taxable,
        total=total,
        is_locked=locked,
        unknown_hsn=unknown_hsn,
        unfiled=unfiled,
    )
    return [
        Finding(rule, breach.message, breach.hint, breach.field, breach.line)
        for rule in RULES
        for breach in rule.check(case)
    ]


def refuse_on(findings: Iterable[Finding], *, strict: bool = False) -> list[Finding]:
    """The warnings among the findings, to be said.

    Raises InvalidError of code `rule` when one of the findings refuses, or when `strict` and there is any; its
    message starts with the code, its `findings` are all of them.
    """
    found = list(findings)
    refusing = [finding for finding in found if strict or finding.rule.severity is Severity.REFUSE]
    if not refusing:
        return found
    first, *others = refusing
    also = f" Also {', '.join(dict.fromkeys(other.rule.code for other in others))}." if others else ""
    raise InvalidError(
        f"{first}{also}", hint=first.hint, code="rule", findings=[finding.as_dict() for finding in found]
    )


def as_markdown() -> str:
    """The text of docs/rules.md."""
    rows = "".join(f"| {rule.code} | {rule.severity} | {rule.sentence} | {rule.source} |\n" for rule in RULES)
    return _PREAMBLE + "| code | severity | rule | source |\n|---|---|---|---|\n" + rows


_PREAMBLE = """# Rules

Every document is judged by these rules before it is issued. A rule of severity `refuse` stops it with exit status 3
and the error code `rule`; one of severity `warn` is said on stderr, and stops it too when the business is strict
(`invo business edit --strict`). A code keeps its meaning for ever.

"""

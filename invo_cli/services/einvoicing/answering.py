"""What becomes of the answers of a portal, one by one: a wrong one does not hold up the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from invo_cli.errors import InvoError

T = TypeVar("T")
Row = dict[str, Any]


def one_by_one(
    answers: Iterable[T], record: Callable[[T], Row], called: Callable[[T], Row]
) -> tuple[list[Row], list[InvoError]]:
    """The row of each answer, and the refusals; the row of a rejected one is what it is called, and why."""
    found: list[Row] = []
    refusals: list[InvoError] = []
    for answer in answers:
        try:
            found.append(record(answer))
        except InvoError as refusal:
            refusals.append(refusal)
            found.append({**called(answer), "result": "rejected", "reason": refusal.message})
    return found, refusals

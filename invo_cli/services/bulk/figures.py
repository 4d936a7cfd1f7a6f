"""The figures that a file states against those that were computed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from invo_cli.gst.tax import DocumentTax
from invo_cli.services.bulk.entries import Problem, Stated

_HINT = "Correct the figure, or what it is computed from: quantity, price, discount, rate and place of supply."
_ATTRIBUTES = {"taxable_value": "taxable"}
_Figure = Callable[[Any, str], Decimal]


def differences(stated: Stated, tax: DocumentTax) -> Iterator[Problem]:
    """Every figure that is stated otherwise than it was computed."""
    return _all(stated, tax, tax.lines, lambda found, name: getattr(found, _ATTRIBUTES.get(name, name)))


def differences_from(stated: Stated, document: Mapping[str, Any]) -> Iterator[Problem]:
    """Every figure that is stated otherwise than it stands in a document as scripts see it."""
    return _all(stated, document, document["lines"], lambda found, name: Decimal(found[name]))


def _all(stated: Stated, computed: Any, lines: Sequence[Any], figure: _Figure) -> Iterator[Problem]:
    yield from _compared(stated.document, computed, figure, "", "The document")
    # A line with a negative price was folded into others: their figures are not those of the file.
    if len(stated.lines) == len(lines):
        for place, (figures, line) in enumerate(zip(stated.lines, lines, strict=True)):
            yield from _compared(figures, line, figure, f"lines[{place}].", f"Line {place + 1}")


def _compared(stated: Mapping[str, Decimal], computed: Any, figure: _Figure, path: str, what: str) -> Iterator[Problem]:
    for name, given in stated.items():
        amount = figure(computed, name)
        if given != amount:
            message = f"{what} states {name.replace('_', ' ')} {given}, but it comes to {amount}."
            yield Problem(message=message, hint=_HINT, path=f"{path}{name}", value=str(given))

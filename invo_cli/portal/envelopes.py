"""The wrappings of the portals' answers: one object, a list, or the forms of bulk tools and service providers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from invo_cli.errors import InvalidError
from invo_cli.gst.einvoice import wire

MAX_DEPTH = 8
_INSIDE = frozenset({"data", "result", "results", "message", "govt_response", "response", "documents", "invoices"})
"""The keys, in lower case, under which the answers lie deeper."""
Answer = Mapping[str, Any]


def unwrapped(content: Any, is_answer: Callable[[Answer], bool], depth: int = 0) -> Iterator[Answer]:
    """Every object that is an answer, in the order of the file; what is no answer and wraps none is passed over."""
    found = _opened(content)
    if depth > MAX_DEPTH:
        return
    if isinstance(found, list):
        for each in found:
            yield from unwrapped(each, is_answer, depth + 1)
    elif isinstance(found, Mapping):
        if is_answer(found):
            yield found
            return
        for key, value in found.items():
            if key.casefold() in _INSIDE:
                yield from unwrapped(value, is_answer, depth + 1)


def value_of(answer: Answer, *names: str) -> Any:
    """The value of the first of these keys that is there and not null, whatever their case."""
    folded = {key.casefold(): value for key, value in answer.items()}
    return next((folded[name.casefold()] for name in names if folded.get(name.casefold()) is not None), None)


def text_of(answer: Answer, *names: str) -> str | None:
    """The same as text: numbers as they were written; None for what is neither, and for the empty text."""
    found = value_of(answer, *names)
    text = found.strip() if isinstance(found, str) else wire.write(found) if isinstance(found, Decimal) else None
    return text or None


def _opened(content: Any) -> Any:
    """Data that lies in the answer as text; other texts, such as a message, stay what they are."""
    if not isinstance(content, str):
        return content
    try:
        return wire.read(content)
    except InvalidError:
        return content

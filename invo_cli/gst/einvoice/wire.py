"""The JSON of the government's portals: numbers are decimals, exact both ways; the same value, the same text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NoReturn

from invo_cli.errors import InvalidError

LARGEST = 32 * 1024 * 1024
"""Characters of a file that is read."""
_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
_UNKEPT = re.compile("[\0\ud800-\udfff]")
_ESCAPED = re.compile(r"\\u(0000|[dD][89a-fA-F])")
_text = json.JSONEncoder(ensure_ascii=False).encode


def read(text: str, *, what: str = "The file") -> Any:
    """The value of a JSON text with its numbers as Decimal.

    Raises InvalidError when it is not one, holds a key twice, or a text with NUL or half of a surrogate pair.
    """
    if len(text) > LARGEST:
        raise InvalidError(f"{what} is larger than 32 Mi characters.", hint="Split it into several files.")
    try:
        found = json.loads(
            text, parse_int=_number, parse_float=_number, parse_constant=_refuse_number, object_pairs_hook=_object
        )
        if _ESCAPED.search(text) and _is_unkept(found):
            raise InvalidError(f"{what} holds NUL or half of a surrogate pair.", hint="Write whole characters.")
        return found
    except json.JSONDecodeError as error:
        raise InvalidError(
            f"{what} is not JSON at line {error.lineno}, column {error.colno}: {error.msg}.",
            hint="Take the file as the program or the portal wrote it.",
            line=error.lineno,
            column=error.colno,
        ) from None
    except RecursionError:
        raise InvalidError(f"{what} is nested too deep.", hint="Take the file as the portal wrote it.") from None


def write(value: Any, *, indent: int = 0) -> str:
    """JSON in the order given; decimals as they are (`1500.00`), no float, `indent` spaces or none for one line."""
    return "".join(_pieces(value, indent, "\n"))


def _pieces(value: Any, indent: int, newline: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from _nested(
            "{}", [(_text(str(key)) + (": " if indent else ":"), item) for key, item in value.items()], indent, newline
        )
    elif isinstance(value, Sequence) and not isinstance(value, str):
        yield from _nested("[]", [("", item) for item in value], indent, newline)
    elif isinstance(value, Decimal):
        yield f"{value:f}"
    else:
        yield _text(value)


def _nested(brackets: str, items: Sequence[tuple[str, Any]], indent: int, newline: str) -> Iterator[str]:
    inner = newline + " " * indent
    yield brackets[0]
    for place, (label, item) in enumerate(items):
        yield ("," if place else "") + (inner if indent else "") + label
        yield from _pieces(item, indent, inner)
    yield (newline if indent and items else "") + brackets[1]


def _is_unkept(value: Any) -> bool:
    """Whether a text in the value cannot be stored or written."""
    if isinstance(value, str):
        return _UNKEPT.search(value) is not None
    if isinstance(value, Mapping):
        return any(_is_unkept(key) or _is_unkept(item) for key, item in value.items())
    return isinstance(value, list) and any(map(_is_unkept, value))


def _number(text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        _refuse_number(text)
    return Decimal(text)


def _refuse_number(text: str) -> NoReturn:
    raise InvalidError(
        f"The number {text[:40]} cannot be read exactly.", hint="Write digits with at most one point, as in 1180.00."
    )


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise InvalidError(f"The key {_text(twice[:40])} stands twice in one object.", hint="Keep one of them.")
    return result

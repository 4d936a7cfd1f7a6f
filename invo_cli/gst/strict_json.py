"""Reading one JSON object exactly: no float, no duplicate key, no surprise in size or depth."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NoReturn

from invo_cli.errors import InvalidError

MAX_BYTES = 10 * 1024 * 1024
"""A document is at most 10 MiB: bytes of a file, characters of a text."""

MAX_DEPTH = 32
"""Objects and lists stand at most 32 deep in each other."""

_NUMBER = re.compile(r"-?[0-9]{1,13}(\.[0-9]{1,30})?")
_BOM = "\ufeff"


def load_json(text: str | bytes) -> dict[str, Any]:
    """One JSON object as a dict, its numbers as `Decimal`.

    Numbers have at most 13 digits before the point and no exponent; a byte order mark at the start is skipped.
    Raises InvalidError, with `line` and `column` (from 1) in its details where the place is known.
    """
    data = _parsed(_decoded(text).removeprefix(_BOM))
    _check_depth(data)
    if not isinstance(data, dict):
        raise InvalidError(f"The document is {kind_of(data)}, not a JSON object.", hint='It begins with "{".')
    return data


def kind_of(value: object) -> str:
    """What JSON calls a value, with its article: `a list`."""
    names = {bool: "true or false", str: "a text", dict: "an object", list: "a list", type(None): "null"}
    return names.get(type(value), "a number")


def _decoded(text: str | bytes) -> str:
    if len(text) > MAX_BYTES:
        raise InvalidError("The document is larger than 10 MiB.", hint="Split it into several documents.")
    if isinstance(text, str):
        return text
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as error:
        before = text[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        raise InvalidError(
            f"The document is not UTF-8 text at line {line}, byte {column}.",
            hint="Save the file as UTF-8.",
            line=line,
            column=column,
        ) from None


def _parsed(text: str) -> Any:
    try:
        return json.loads(
            text,
            parse_int=_number,
            parse_float=_number,
            parse_constant=_refuse_number,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as error:
        raise InvalidError(
            f"The document is not JSON at line {error.lineno}, column {error.colno}: {error.msg}.",
            hint="Compare it with docs/document.md.",
            line=error.lineno,
            column=error.colno,
        ) from None
    except RecursionError:
        raise _too_deep() from None


def _number(text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        _refuse_number(text)
    return Decimal(text)


def _refuse_number(text: str) -> NoReturn:
    shown = text if len(text) <= 40 else text[:40] + "…"
    raise InvalidError(
        f"The number {shown} cannot be read exactly.",
        hint="Write at most 13 digits before the point and no exponent, as in 1180.00.",
    )


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        raise InvalidError(f"The key {json.dumps(_twice(pairs))} stands twice in one object.", hint="Keep one of them.")
    return result


def _twice(pairs: list[tuple[str, Any]]) -> str:
    counts = Counter(key for key, _ in pairs)
    return next(key[:40] for key, count in counts.items() if count > 1)


def _check_depth(data: Any) -> None:
    level = [data]
    for _ in range(MAX_DEPTH + 1):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return
    raise _too_deep()


def _children(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _too_deep() -> InvalidError:
    return InvalidError(f"The document is nested more than {MAX_DEPTH} deep.", hint="Compare it with docs/document.md.")

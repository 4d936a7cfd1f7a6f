"""Judging an e-invoice as the portal does: the field table first, then what fields say together."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from invo_cli.gst.einvoice import conditions, sums
from invo_cli.gst.einvoice.facts import Facts
from invo_cli.gst.einvoice.problems import Problem, Severity, joined
from invo_cli.gst.einvoice.schema import SCHEMA, Field, Need, Shape
from invo_cli.gst.money import EXACT
from invo_cli.gst.text import nearest

_JSON: dict[Shape, Any] = {
    Shape.TEXT: str,
    Shape.NUMBER: Decimal | int,
    Shape.OBJECT: Mapping,
    Shape.LIST: list,
}
_WORDS = {Shape.TEXT: "a text", Shape.NUMBER: "a number", Shape.OBJECT: "an object", Shape.LIST: "a list"}


def problems(document: Any, *, today: dt.date) -> list[Problem]:
    """Everything that is wrong with one e-invoice, in the order of the field table, warnings among it.

    `document` is a value of `wire.read`; `today` is the day in India.
    """
    if not isinstance(document, Mapping):
        return [_problem("", document, "type", "An e-invoice is an object.", "It begins with {.")]
    facts = Facts(document)
    return [*_section("", document, ""), *conditions.problems(facts, today=today), *sums.problems(facts)]


def bulk_problems(documents: Sequence[Any], *, today: dt.date) -> list[Problem]:
    """The problems of a bulk file, paths beginning with the place (`[3].DocDtls.No`); no document may stand twice."""
    found = [
        problem.below(f"[{place}]")
        for place, document in enumerate(documents)
        for problem in problems(document, today=today)
    ]
    return [*found, *_repeated(documents)]


def _repeated(documents: Sequence[Any]) -> Iterator[Problem]:
    seen: Counter[tuple[str, ...]] = Counter()
    for place, document in enumerate(documents):
        key = Facts(document).identity if isinstance(document, Mapping) else None
        if key is None:
            continue
        seen[key] += 1
        if seen[key] == 2:
            message = f"{key[2]} {key[3]} stands more than once in the file."
            yield _problem(f"[{place}].DocDtls.No", key[3], "duplicate", message, "The portal answers 2150: keep one.")


def _section(name: str, value: Mapping[str, Any], path: str) -> Iterator[Problem]:
    fields = {field.key: field for field in SCHEMA[name]}
    for key, field in fields.items():
        here = joined(path, key)
        if key in value:
            yield from _value(field, value[key], here, joined(name, key))
        elif field.need is Need.MUST:
            yield _problem(here, None, "missing", f"{here} is missing.", field.note or "It is mandatory.")
    for key in value.keys() - fields.keys():
        near = nearest(key, fields)
        hint = f"Did you mean {near}?" if near else "Leave it out."
        here = joined(path, key)
        yield _problem(here, value[key], "unknown", f"{here} is no key of INV-01.", hint, Severity.WARN)


def _value(field: Field, value: Any, path: str, section: str) -> Iterator[Problem]:
    if value is None and field.need is not Need.MUST:
        hint = "Leave the key out."
        yield _problem(path, value, "null", f"{path} is null.", hint, Severity.WARN)
    elif isinstance(value, bool) or not isinstance(value, _JSON[field.shape]):
        message = f"{path} is not {_WORDS[field.shape]}."
        yield _problem(path, value, "type", message, f"Write it as {_WORDS[field.shape]}.")
    elif field.shape is Shape.TEXT:
        yield from _text(field, value, path)
    elif field.shape is Shape.NUMBER:
        yield from _number(field, Decimal(value), path)
    elif field.shape is Shape.OBJECT:
        yield from _section(section, value, path)
    else:
        yield from _list(field, value, path, f"{section}[]")


def _text(field: Field, value: str, path: str) -> Iterator[Problem]:
    least, most = int(field.least or 0), int(field.most or 0)
    if not least <= len(value) <= most:
        message = f"{path} has {len(value)} characters instead of {_span(least, most)}."
        yield _problem(path, value, "length", message, field.note or "Lengthen or shorten it.")
    if field.regex and not field.regex.search(value):
        yield _problem(path, value, "pattern", f"{path} does not match {field.pattern}.", field.note or _advice(field))


def _number(field: Field, value: Decimal, path: str) -> Iterator[Problem]:
    least, most = field.limits
    if not least <= value <= most:
        yield _problem(path, value, "range", f"{path} is not within {least} and {most}.", field.note or "Correct it.")
    if value != EXACT.quantize(value, Decimal(1).scaleb(-field.places)):
        message = f"{path} has more than {field.places} decimals."
        yield _problem(path, value, "decimals", message, "Round it.")


def _list(field: Field, values: list[Any], path: str, section: str) -> Iterator[Problem]:
    if field.most is not None and not int(field.least or 0) <= len(values) <= int(field.most):
        message = f"{path} has {len(values)} entries instead of {field.least} to {field.most}."
        yield _problem(path, len(values), "count", message, field.note)
    for place, value in enumerate(values):
        here = f"{path}[{place}]"
        if isinstance(value, Mapping):
            yield from _section(section, value, here)
        else:
            yield _problem(here, value, "type", f"{here} is not an object.", "Write it as an object.")


def _span(least: int, most: int) -> str:
    return str(least) if least == most else f"{least} to {most}"


def _advice(field: Field) -> str:
    return "Leave double quotes and backslashes out." if '"' in str(field.pattern) else "Correct it."


def _problem(
    path: str, value: Any, rule: str, message: str, hint: str, severity: Severity = Severity.REFUSE
) -> Problem:
    return Problem(path=path, value=value, rule=rule, message=message, hint=hint, severity=severity)

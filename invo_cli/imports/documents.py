"""Documents of a file: several rows of a table that bear one number, or one object of JSON Lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from invo_cli.errors import InvalidError
from invo_cli.gst.reading import read_document
from invo_cli.gst.reading_values import decimal
from invo_cli.gst.records import DocumentRecord, Figures
from invo_cli.gst.shapes import Problem, ProblemsError

FIGURES = ("taxable_value", "cgst", "sgst", "igst", "cess", "total")
_MONEY = decimal("Stated amount", 2, negative=True).read
_NEEDS_A_KEY = Problem(
    "number",
    "A document needs the number it had, or an idempotency key.",
    "Otherwise a second run of the file could not know it.",
)
_NEEDS_A_DATE = Problem("date", "A document with a number of its own needs its date.", "Write it as YYYY-MM-DD.")


def from_object(data: Mapping[str, Any]) -> DocumentRecord:
    """The document of docs/document.md with the figures it states; ProblemsError says all that is wrong.

    Figures have the keys of the document that invo prints: `taxable_value`, `cgst`, …, `total` of it and of each line.
    """
    entered, problems = dict(data), list[Problem]()
    figures = _figures(entered, "", problems)
    if not isinstance(entered.get("round_off"), bool | None):
        figures |= _read({"round_off": entered.pop("round_off")}, "", problems)
    lines = entered.get("lines")
    stated: list[Figures] = []
    if isinstance(lines, list):
        entered["lines"] = copies = [dict(line) if isinstance(line, Mapping) else line for line in lines]
        stated = [
            _figures(line, f"lines[{place}].", problems) if isinstance(line, dict) else {}
            for place, line in enumerate(copies)
        ]
    return _record(entered, figures, stated, problems)


def from_rows(header: Mapping[str, Any], lines: Sequence[dict[str, Any]]) -> DocumentRecord:
    """The document of the rows of a table by the columns of the layout; what is blank is left out."""
    entered, problems = dict[str, Any](), list[Problem]()
    stated: dict[str, Any] = {}
    for key, value in header.items():
        if key in FIGURES:
            stated[key] = value
        elif key == "round_off_amount":
            stated["round_off"] = value
        else:
            _put(entered, key, value)
    _settle_customer(entered, problems)
    figures = _read(stated, "", problems)
    of_lines = []
    entered["lines"] = rows = [dict(line) for line in lines]
    for place, line in enumerate(rows):
        given = {key: line.pop(f"line_{key}") for key in FIGURES if f"line_{key}" in line}
        of_lines.append(_read(given, f"lines[{place}].", problems))
    return _record(entered, figures, of_lines, problems)


def _record(
    entered: Mapping[str, Any], figures: Figures, stated: Sequence[Figures], problems: list[Problem]
) -> DocumentRecord:
    try:
        document = read_document(entered)
    except ProblemsError as error:
        raise ProblemsError([*error.problems, *problems]) from None
    if document.number is None and document.idempotency_key is None:
        problems.append(_NEEDS_A_KEY)
    if document.number is not None and document.date is None:
        problems.append(_NEEDS_A_DATE)
    if problems:
        raise ProblemsError(problems)
    return DocumentRecord(document=document, figures=figures, lines=tuple(stated) if any(stated) else ())


def _put(entered: dict[str, Any], key: str, value: Any) -> None:
    """A header column at its place in the document."""
    if key == "document_discount":
        entered["discount"] = value
    elif key.startswith("customer_address_"):
        customer = entered.setdefault("customer_object", {})
        customer.setdefault("address", {})[key.removeprefix("customer_address_")] = value
    elif key.startswith("customer_"):
        entered.setdefault("customer_object", {})[key.removeprefix("customer_")] = value
    elif key.startswith("shipping_bill_"):
        entered.setdefault("shipping_bill", {})[key.removeprefix("shipping_bill_")] = value
    else:
        entered[key] = value


def _settle_customer(entered: dict[str, Any], problems: list[Problem]) -> None:
    """A customer is a code, or what the columns customer_name, customer_gstin, … say."""
    given = entered.pop("customer_object", None)
    if given is None:
        return
    if "customer" in entered:
        problems.append(
            Problem(
                "customer",
                "The customer is given by code and by name.",
                "Leave customer blank, or the columns that begin with customer_.",
            )
        )
    entered["customer"] = given


def _figures(holder: dict[str, Any], path: str, problems: list[Problem]) -> dict[str, Any]:
    """Take the stated figures out of an object."""
    return _read({key: holder.pop(key) for key in FIGURES if key in holder}, path, problems)


def _read(given: Mapping[str, Any], path: str, problems: list[Problem]) -> dict[str, Any]:
    found = {}
    for key, value in given.items():
        if value is None:
            continue
        try:
            found[key] = _MONEY(value, path + key)
        except InvalidError as error:
            problems.append(Problem(path + key, error.message, error.hint, str(value)[:80]))
    return found

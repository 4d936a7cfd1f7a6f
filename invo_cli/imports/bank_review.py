"""A review of bank lines that somebody went through: which lines are booked, for whom and against what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from invo_cli.errors import InvalidError
from invo_cli.gst.money import parse_counter_decimal
from invo_cli.gst.text import quoted
from invo_cli.imports.grids import grids, key_of
from invo_cli.imports.sources import Source

NEEDED = ("key", "customer", "invoices", "tds", "book")
_BOOKED, _LEFT = frozenset(("yes", "y", "true", "1")), frozenset(("", "no", "n", "false", "0"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """One line that is to be booked; `invoices` are numbers with amounts, None for as much as is owed."""

    key: str
    customer: str
    invoices: tuple[tuple[str, Decimal | None], ...]
    tds: Decimal


def read(source: Source) -> Iterator[Reviewed]:
    """The lines whose `book` says yes.

    Raises InvalidError for a file without the columns of a review, and for a line that cannot be read.
    """
    for grid in grids(source):
        rows = iter(grid.rows)
        _, headings = next(rows, (0, []))
        keys = [key_of(heading) for heading in headings]
        if set(NEEDED) - set(keys):
            break
        for line, cells in rows:
            values = dict(zip(keys, cells, strict=False))
            try:
                reviewed = _reviewed({name: values.get(name, "").removeprefix("'") for name in NEEDED})
            except InvalidError as error:
                raise InvalidError(f"{grid.place(line)} of the review: {error.message}", hint=error.hint) from error
            if reviewed is not None:
                yield reviewed
        return
    raise InvalidError(
        f"{source.name} is no review of a statement.",
        hint="Write one with: invo import payments FILE --match --review REVIEW.csv",
    )


def _reviewed(row: dict[str, str]) -> Reviewed | None:
    word = row["book"].lower()
    if word not in _BOOKED:
        if word not in _LEFT:
            raise InvalidError(f"{quoted(row['book'])} is neither yes nor no.", hint="Write yes in the column book.")
        return None
    if not row["customer"]:
        raise InvalidError("It has no customer.", hint="Write the code of who paid in the column customer.")
    return Reviewed(
        key=row["key"],
        customer=row["customer"],
        invoices=tuple(map(_part, row["invoices"].split())),
        tds=parse_counter_decimal(row["tds"] or "0", what="TDS", places=2),
    )


def _part(text: str) -> tuple[str, Decimal | None]:
    number, colon, amount = text.rpartition(":")
    return (number, parse_counter_decimal(amount, what="Amount", places=2)) if colon else (text, None)

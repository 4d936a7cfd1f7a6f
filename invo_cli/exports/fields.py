"""The fields of a data set, and how their values are written as text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, Protocol

Kind = Literal["text", "money", "date", "flag", "count"]
"""What the values of a field are: text, integer paise, a date, true or false, an integer."""


class Field(Protocol):
    """One field of a data set; None is allowed in each."""

    @property
    def name(self) -> str:
        """The heading, the key."""

    @property
    def kind(self) -> Kind:
        """What its values are."""


def money_text(paise: int) -> str:
    """Rupees with two decimals; the sign stands apart, since -35 // 100 is -1."""
    whole, rest = divmod(abs(paise), 100)
    return f"{'-' if paise < 0 else ''}{whole}.{rest:02}"


def converted(
    rows: Iterable[Sequence[Any]], fields: Sequence[Field], converters: Mapping[Kind, Callable[[Any], Any]]
) -> Iterator[list[Any]]:
    """The rows with the values of some kinds converted; None and every other kind stay as they are."""
    places = [(place, converters[field.kind]) for place, field in enumerate(fields) if field.kind in converters]
    for row in rows:
        cells = list(row)
        for place, convert in places:
            if cells[place] is not None:
                cells[place] = convert(cells[place])
        yield cells

"""The numbers of a chunk: those that documents had before, and the next of their series for the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy.orm import Session

from invo_cli.errors import ConflictError
from invo_cli.gst.document import Kind
from invo_cli.gst.numbering import NumberPattern
from invo_cli.gst.periods import FinancialYear
from invo_cli.services import issuing, series
from invo_cli.services.composing import Composed

Key = tuple[Kind, FinancialYear]


class Numbers:
    """Gives every document of a chunk the columns of its number; the caller holds the book."""

    def __init__(self, session: Session, business_id: int) -> None:
        self._session, self._business_id = session, business_id
        self._patterns: dict[Key, list[NumberPattern]] = {}

    def give(self, chunk: Sequence[Composed]) -> list[dict[str, Any]]:
        """The number columns of each; series go on after the numbers that documents had before.

        Raises ConflictError when the next number of a series is taken by a document outside of it.
        """
        columns: list[dict[str, Any]] = [{}] * len(chunk)
        without: defaultdict[Key, list[int]] = defaultdict(list)
        reached: defaultdict[tuple[Key, str], list[int]] = defaultdict(list)
        for place, composed in enumerate(chunk):
            document = composed.document
            key = (document.kind, FinancialYear.of(document.date))
            if document.number is None:
                without[key].append(place)
                continue
            found = series.place(document.number, key[1], self._among(key))
            columns[place] = issuing.number_columns(document.number, *(found or (None, None)))
            if found is not None:
                reached[key, found[0]].append(found[1])
        self._cover(reached)
        for key, places in without.items():
            for place, number in zip(places, self._next(key, len(places)), strict=True):
                columns[place] = number
        return columns

    def _among(self, key: Key) -> list[NumberPattern]:
        if key not in self._patterns:
            self._patterns[key] = series.patterns(self._session, self._business_id, *key)
        return self._patterns[key]

    def _cover(self, reached: dict[tuple[Key, str], list[int]]) -> None:
        for ((kind, year), pattern), serials in sorted(reached.items()):
            ends = {"first": min(serials), "last": max(serials)}
            series.cover(self._session, self._business_id, kind, year, series=pattern, **ends)

    def _next(self, key: Key, count: int) -> Iterable[dict[str, Any]]:
        taken = series.take_numbers(self._session, self._business_id, *key, count)
        numbers = [each.number for each in taken]
        used = issuing.numbers_used(self._session, self._business_id, *key, numbers)
        if used:
            raise ConflictError(
                f"The number {used[0]} is taken by an imported document.",
                hint="Choose another series: invo series set",
            )
        return [issuing.number_columns(each.number, each.series, each.serial) for each in taken]

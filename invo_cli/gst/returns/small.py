"""Small supplies to unregistered buyers: table 7 (b2cs) net of notes, and the rows of earlier periods (b2csa)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from invo_cli.gst.returns.books import Document, Filer
from invo_cli.gst.returns.figures import Breakdown, Figures
from invo_cli.gst.returns.json_text import amount, rate


class Place(NamedTuple):
    """What one record of b2csa stands for: a period, a place of supply, a share of the rate."""

    period: str
    pos: str
    differential: int | None


@dataclass(slots=True)
class SmallSupplies:
    """Sums by place and rate in the order of their first document; credit notes take back."""

    filer: Filer
    rows: dict[tuple[Place, int], Figures] = field(default_factory=dict)

    def add(self, document: Document, parts: Breakdown) -> None:
        """Count a document under its own period."""
        for row, figures in self._rows_of(document, parts):
            row.add(figures, document.sign)

    def touch(self, document: Document, parts: Breakdown) -> None:
        """Make sure that the rows of a document exist, if only with 0: what was reported is restated."""
        for _ in self._rows_of(document, parts):
            pass

    def texts(self) -> Iterator[str]:
        """The records of b2cs."""
        for (place, rt), figures in self.rows.items():
            intra = self._is_intra(place)
            yield (
                f'{{"sply_ty":"{supply_type(intra)}","rt":{rate(rt)},"typ":"OE","pos":"{place.pos}"'
                f'{_percent(place.differential)},"txval":{amount(figures.taxable)},{_taxes(figures, intra)}}}'
            )

    def restated_texts(self, places: Iterable[Place]) -> Iterator[str]:
        """The records of b2csa for the places that an amendment touched: each rate with its whole revised figure."""
        by_place: dict[Place, list[str]] = {place: [] for place in places}
        for (place, rt), figures in self.rows.items():
            if place in by_place:
                taxes = _taxes(figures, self._is_intra(place))
                by_place[place].append(f'{{"rt":{rate(rt)},"txval":{amount(figures.taxable)},{taxes}}}')
        for place, items in by_place.items():
            yield (
                f'{{"omon":"{place.period}","sply_ty":"{supply_type(self._is_intra(place))}","typ":"OE"'
                f',"pos":"{place.pos}"{_percent(place.differential)},"itms":[{",".join(items)}]}}'
            )

    def _is_intra(self, place: Place) -> bool:
        return place.pos == self.filer.state and not self.filer.is_sez

    def _rows_of(self, document: Document, parts: Breakdown) -> Iterator[tuple[Figures, Figures]]:
        """The row of each rate of a document, made at first sight, and what the document has at that rate."""
        place = place_of(document)
        for rt, figures in parts.rates.items():
            row = self.rows.get((place, rt))
            if row is None:
                row = self.rows[place, rt] = Figures()
            yield row, figures


def place_of(document: Document) -> Place:
    """The record of b2csa that a document belongs to."""
    return Place(document.period, document.pos, document.differential)


def supply_type(intra: bool) -> str:
    """`sply_ty` of b2cs, b2csa and the advances."""
    return "INTRA" if intra else "INTER"


def _taxes(figures: Figures, intra: bool) -> str:
    if intra:
        return f'"camt":{amount(figures.cgst)},"samt":{amount(figures.sgst)},"csamt":{amount(figures.cess)}'
    return f'"iamt":{amount(figures.igst)},"csamt":{amount(figures.cess)}'


def _percent(differential: int | None) -> str:
    return ',"diff_percent":0.65' if differential == 65000 else ""

"""Table 12: the supplies by HSN code, unit and rate, in the shape that the period asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from invo_cli.gst.returns.books import Books, Document, Line
from invo_cli.gst.returns.choice import is_foreign, ordinal
from invo_cli.gst.returns.figures import Figures
from invo_cli.gst.returns.json_text import amount, quantity, quoted_text, rate

RATES_SINCE, SPLIT_SINCE = 202105, 202505
SERVICE = "99"
_UNFIT = re.compile("[^ A-Za-z0-9_@./&-]")


@dataclass(slots=True)
class HsnRow:
    """One row: figures in paise, quantity in thousandths, the words of its first line."""

    words: str
    figures: Figures = field(default_factory=Figures)
    quantity: int = 0


Key = tuple[str, str, int]
"""HSN code, unit, rate in thousandths."""


@dataclass(slots=True)
class HsnSummary:
    """Rows in the order of their first line; credit notes take back. Lines without a code are in no row."""

    period: int
    """YYYYMM."""
    b2b: dict[Key, HsnRow] = field(default_factory=dict)
    b2c: dict[Key, HsnRow] = field(default_factory=dict)
    uncoded: Figures = field(default_factory=Figures)
    """What lines without a code come to."""

    @classmethod
    def of(cls, books: Books) -> HsnSummary:
        """An empty summary for the period of the books."""
        return cls(ordinal(books.period))

    def add(self, document: Document, lines: Iterable[Line], sign: int) -> None:
        """Count lines of a document; `sign` is -1 for what is taken back."""
        has_rates, rows = self.period >= RATES_SINCE, self._rows(document)
        for line in lines:
            code = line.hsn
            if not code:
                _count(self.uncoded, line, sign)
                continue
            is_service = code.startswith(SERVICE)
            key = (code, "NA" if is_service else line.uqc, line.rate if has_rates else 0)
            row = rows.get(key)
            if row is None:
                row = rows[key] = HsnRow(line.description)
            if not is_service:
                row.quantity += sign * line.quantity
            _count(row.figures, line, sign)

    def arrays(self, descriptions: dict[str, str]) -> Iterator[tuple[str, list[str]]]:
        """The members of `hsn` with their records."""
        if self.period >= SPLIT_SINCE:
            yield "hsn_b2b", list(self._texts(self.b2b, descriptions))
            yield "hsn_b2c", list(self._texts(self.b2c, descriptions))
        else:
            yield "data", list(self._texts(self.b2b, descriptions))

    def _rows(self, document: Document) -> dict[Key, HsnRow]:
        """B2B is every supply to a holder of a GSTIN or UIN, SEZ and deemed exports too; exports are not."""
        if self.period < SPLIT_SINCE or (document.gstin is not None and not is_foreign(document)):
            return self.b2b
        return self.b2c

    def _texts(self, rows: dict[Key, HsnRow], descriptions: dict[str, str]) -> Iterator[str]:
        for number, ((code, uqc, rt), row) in enumerate(rows.items(), 1):
            figures = row.figures
            words = self._words(row.words, descriptions.get(code))
            value = (
                f'"rt":{rate(rt)}' if self.period >= RATES_SINCE else f'"val":{amount(figures.taxable + figures.tax)}'
            )
            yield (
                f'{{"num":{number},"hsn_sc":{quoted_text(code)}{words},"uqc":{quoted_text(uqc)}'
                f',"qty":{quantity(row.quantity)},{value},"txval":{amount(figures.taxable)},"iamt":{amount(figures.igst)}'
                f',"samt":{amount(figures.sgst)},"camt":{amount(figures.cgst)},"csamt":{amount(figures.cess)}}}'
            )

    def _words(self, given: str, official: str | None) -> str:
        """`user_desc` is the filer's, `desc` the official text; before May 2021 `desc` was the filer's."""
        own = user_description(given)
        if self.period < RATES_SINCE:
            return f',"desc":{quoted_text(own)}' if own else ""
        official_text = f',"desc":{quoted_text(official)}' if official else ""
        is_split = self.period >= SPLIT_SINCE
        return (f',"user_desc":{quoted_text(own)}' if own and is_split else "") + official_text


def user_description(text: str) -> str:
    """What table 12 takes of the filer's words: 30 characters of letters, digits and ` _@./&-`."""
    return " ".join(_UNFIT.sub(" ", text).split())[:30].rstrip()


def _count(figures: Figures, line: Line, sign: int) -> None:
    figures.taxable += sign * line.taxable_paise
    figures.igst += sign * line.igst_paise
    figures.cgst += sign * line.cgst_paise
    figures.sgst += sign * line.sgst_paise
    figures.cess += sign * line.cess_paise

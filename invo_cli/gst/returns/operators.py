"""Table 14 (supeco) and 14A (supecoa): supplies through e-commerce operators, one row per operator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from invo_cli.gst.returns.books import Document
from invo_cli.gst.returns.figures import Breakdown, Figures
from invo_cli.gst.returns.json_text import amount, quoted_text

MEMBERS = {"52": ("clttx", "clttxa"), "9(5)": ("paytx", "paytxa")}
"""The members of supeco and supecoa by the section under which the operator collects or pays tax."""


class Operator(NamedTuple):
    """What one row stands for."""

    section: str
    """`52` or `9(5)`."""
    period: str
    gstin: str


@dataclass(slots=True)
class OperatorSupplies:
    """Sums by operator in the order of their first document; credit notes take back."""

    rows: dict[Operator, Figures] = field(default_factory=dict)

    def add(self, document: Document, parts: Breakdown, sign: int) -> None:
        """Count a document under its own period; `sign` 0 only makes sure that its row exists."""
        operator = operator_of(document)
        if operator is None:
            return
        row = self.rows.get(operator)
        if row is None:
            row = self.rows[operator] = Figures()
        row.add(parts.taxed, sign)
        # Untaxed lines of s.9(5) documents stand in table 8 alone.
        if parts.untaxed is not None and operator.section == "52":
            row.taxable += sign * parts.untaxed.total

    def texts(self, section: str) -> Iterator[str]:
        """The records of clttx (`52`) or paytx (`9(5)`)."""
        for operator, figures in self.rows.items():
            if operator.section == section:
                yield f'{{"etin":{quoted_text(operator.gstin)},{_amounts(figures)}}}'

    def restated_texts(self, section: str, touched: Iterable[Operator]) -> Iterator[str]:
        """The records of clttxa or paytxa for the rows that an amendment touched, each with its revised figure."""
        for operator in touched:
            if operator.section == section:
                etin = quoted_text(operator.gstin)
                figures = _amounts(self.rows.get(operator, Figures()))
                yield f'{{"omon":"{operator.period}","oetin":{etin},"etin":{etin},{figures}}}'


def operator_of(document: Document) -> Operator | None:
    """The row of table 14 that a document belongs to; None for a sale of one's own."""
    if document.ecommerce_gstin is None or document.ecommerce_section not in MEMBERS:
        return None
    return Operator(document.ecommerce_section, document.period, document.ecommerce_gstin)


def _amounts(figures: Figures) -> str:
    return (
        f'"suppval":{amount(figures.taxable)},"igst":{amount(figures.igst)},"cgst":{amount(figures.cgst)}'
        f',"sgst":{amount(figures.sgst)},"cess":{amount(figures.cess)}'
    )

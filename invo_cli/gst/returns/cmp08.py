"""CMP-08, the quarterly statement of a composition taxpayer: figures only, its file format is not public."""

from __future__ import annotations

from dataclasses import dataclass

from invo_cli.gst.document import Taxability
from invo_cli.gst.returns.books import Books
from invo_cli.gst.returns.figures import Figures


@dataclass(frozen=True, slots=True)
class Cmp08:
    """The rows of the statement in paise."""

    outward: Figures
    """Row 1: outward supplies, exempt ones included, with CGST and SGST at the flat rate."""
    inward: Figures
    """Row 2: inward supplies on which the filer pays the tax."""
    charged_paise: int
    """Tax found on documents: a composition taxpayer collects none, so this is 0 in right books."""

    @property
    def payable(self) -> Figures:
        """Row 3: the tax of rows 1 and 2; `taxable` is the value of both."""
        sum_of_rows = Figures(*self.outward.heads)
        sum_of_rows.add(self.inward)
        return sum_of_rows


def statement(books: Books, *, flat_rate: int, only_taxable: bool = False) -> Cmp08:
    """The statement of the documents of a quarter, notes taken back.

    `flat_rate` is the composition rate in thousandths of a per cent, CGST and SGST together (1000 for traders);
    `only_taxable` leaves exempt supplies out of the tax, though not out of the value, as the rate of traders does
    (CGST Rules, rule 7). Each half is rounded to the paisa once, half away from zero.
    """
    value = base = charged = 0
    for document in books.documents:
        if document.is_cancelled:
            continue
        for line in document.lines:
            amount = document.sign * line.taxable_paise
            value += amount
            base += amount if line.taxability is Taxability.TAXABLE or not only_taxable else 0
            charged += line.igst_paise + line.cgst_paise + line.sgst_paise
    half = _rounded(base * flat_rate, 200_000)
    inward = books.inward
    received = Figures(inward.taxable_paise, inward.igst_paise, inward.cgst_paise, inward.sgst_paise, inward.cess_paise)
    return Cmp08(Figures(value, 0, half, half), received, charged)


def _rounded(dividend: int, divisor: int) -> int:
    magnitude = (2 * abs(dividend) + divisor) // (2 * divisor)
    return -magnitude if dividend < 0 else magnitude

"""Sums of a return in integer paise: nothing is rounded here, because every amount was rounded in its document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from invo_cli.gst.document import Supply, Taxability
from invo_cli.gst.returns.books import Document, Line


@dataclass(slots=True)
class Figures:
    """A taxable value and its four taxes, in paise; `value` is the invoice value where a section has one."""

    taxable: int = 0
    igst: int = 0
    cgst: int = 0
    sgst: int = 0
    cess: int = 0
    value: int = 0

    def add(self, other: Figures, sign: int = 1) -> None:
        """Add the other figures, or with -1 take them back."""
        self.taxable += sign * other.taxable
        self.igst += sign * other.igst
        self.cgst += sign * other.cgst
        self.sgst += sign * other.sgst
        self.cess += sign * other.cess
        self.value += sign * other.value

    @property
    def tax(self) -> int:
        """The four taxes together."""
        return self.igst + self.cgst + self.sgst + self.cess

    @property
    def heads(self) -> tuple[int, int, int, int, int]:
        """Taxable value, IGST, CGST, SGST and cess."""
        return self.taxable, self.igst, self.cgst, self.sgst, self.cess


def total(parts: Iterable[Figures]) -> Figures:
    """The sum of several figures."""
    sum_of_parts = Figures()
    for part in parts:
        sum_of_parts.add(part)
    return sum_of_parts


@dataclass(slots=True)
class Untaxed:
    """What goes to table 8, in paise."""

    nil: int = 0
    exempt: int = 0
    non_gst: int = 0

    def add(self, other: Untaxed, sign: int = 1) -> None:
        """Add the other amounts, or with -1 take them back."""
        self.nil += sign * other.nil
        self.exempt += sign * other.exempt
        self.non_gst += sign * other.non_gst

    @property
    def total(self) -> int:
        """All three kinds together."""
        return self.nil + self.exempt + self.non_gst


@dataclass(slots=True)
class Breakdown:
    """One document by rate (thousandths, in the order of its lines), with what bears no tax apart."""

    rates: dict[int, Figures]
    untaxed: Untaxed | None
    taxed: Figures
    """Sum of `rates`; `value` is that of the document."""

    def telling(self) -> dict[int, Figures]:
        """The rates that a note states: those with any amount, or all when there is none."""
        return {rt: each for rt, each in self.rates.items() if each.taxable or each.tax} or self.rates


def breakdown(document: Document) -> Breakdown:
    """Lines of one rate merged: the portal's tool would keep only the last of them."""
    rates: dict[int, Figures] = {}
    untaxed: Untaxed | None = None
    for line in document.lines:
        if line.taxability is Taxability.TAXABLE:
            figures = rates.get(line.rate)
            if figures is None:
                rates[line.rate] = Figures(*line[2:7])
            else:
                _add_line(figures, line)
        else:
            untaxed = untaxed or Untaxed()
            _add_untaxed(untaxed, line)
    if len(rates) == 1:
        (only,) = rates.values()
        taxed = Figures(only.taxable, only.igst, only.cgst, only.sgst, only.cess, document.value_paise)
    else:
        taxed = total(rates.values())
        taxed.value = document.value_paise
    return Breakdown(rates, untaxed, taxed)


def is_intra(document: Document, state: str, is_sez_filer: bool) -> bool:
    """Whether CGST and SGST are due: place of supply at home, no SEZ, no export, no IGST by choice (§8 IGST Act)."""
    return (
        document.pos == state
        and not is_sez_filer
        and (document.supply is Supply.REGULAR or document.supply is Supply.DEEMED_EXPORT)
    )


def _add_line(figures: Figures, line: Line) -> None:
    figures.taxable += line.taxable_paise
    figures.igst += line.igst_paise
    figures.cgst += line.cgst_paise
    figures.sgst += line.sgst_paise
    figures.cess += line.cess_paise


def _add_untaxed(untaxed: Untaxed, line: Line) -> None:
    if line.taxability is Taxability.NIL_RATED:
        untaxed.nil += line.taxable_paise
    elif line.taxability is Taxability.EXEMPT:
        untaxed.exempt += line.taxable_paise
    else:
        untaxed.non_gst += line.taxable_paise

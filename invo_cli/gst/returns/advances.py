"""Tables 11A (at, ata) and 11B (txpd, txpda): advances received, and adjusted when their invoice came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from invo_cli.gst.returns.arrays import Array
from invo_cli.gst.returns.books import Advance, Filer
from invo_cli.gst.returns.figures import Figures
from invo_cli.gst.returns.json_text import amount, rate
from invo_cli.gst.returns.small import supply_type

NAMES = {(False, False): "at", (False, True): "ata", (True, False): "txpd", (True, True): "txpda"}
"""The section by whether advances are adjusted and whether an earlier period is restated."""


def name_of(advance: Advance) -> str:
    """The section of an advance."""
    return NAMES[advance.is_adjustment, advance.amended_period is not None]


def figures_of(advance: Advance) -> Figures:
    """Its amount as taxable value, and its taxes."""
    return Figures(advance.amount_paise, advance.igst_paise, advance.cgst_paise, advance.sgst_paise, advance.cess_paise)


def due_of(advance: Advance) -> Figures:
    """What an advance adds to the tax of the period: adjusted ones take back, restated ones count by the difference."""
    sign = -1 if advance.is_adjustment else 1
    due = Figures()
    due.add(figures_of(advance), sign)
    if advance.before is not None:
        due.add(figures_of(advance.before), -sign)
    return due


def write(array: Array, advances: Iterable[Advance], filer: Filer) -> None:
    """The records of one of the four sections: an object per place of supply, an item per rate. 0 is not reported."""
    for (pos, differential, period), rates in _by_place(advances).items():
        intra = pos == filer.state and not filer.is_sez
        percent = ',"diff_percent":0.65' if differential == 65000 else ""
        month = f'"omon":"{period}",' if period else ""
        items = ",".join(_item(rt, figures, intra, is_adjustment) for rt, is_adjustment, figures in rates)
        array.append(f'{{{month}"pos":"{pos}","sply_ty":"{supply_type(intra)}"{percent},"itms":[{items}]}}')


def _by_place(
    advances: Iterable[Advance],
) -> dict[tuple[str, int | None, str | None], list[tuple[int, bool, Figures]]]:
    sums: dict[tuple[str, int | None, str | None], dict[tuple[int, bool], Figures]] = {}
    for advance in advances:
        place = (advance.pos, advance.differential, advance.amended_period)
        rates = sums.setdefault(place, {})
        rates.setdefault((advance.rate, advance.is_adjustment), Figures()).add(figures_of(advance))
    kept = {place: list(_worth_telling(rates, place[2])) for place, rates in sums.items()}
    return {place: rates for place, rates in kept.items() if rates}


def _worth_telling(rates: dict[tuple[int, bool], Figures], amended: str | None) -> Iterator[tuple[int, bool, Figures]]:
    """A row of nothing is left out, but a restated place of which nothing is left says so."""
    is_empty = not any(figures.taxable for figures in rates.values())
    for (rt, is_adjustment), figures in rates.items():
        if figures.taxable or (amended and is_empty):
            yield rt, is_adjustment, figures


def _item(rt: int, figures: Figures, intra: bool, is_adjustment: bool) -> str:
    taxes = (
        f'"camt":{amount(figures.cgst)},"samt":{amount(figures.sgst)}' if intra else f'"iamt":{amount(figures.igst)}'
    )
    # The tool states a cess of 0 for advances received, and leaves it out for those adjusted.
    cess = "" if is_adjustment and not figures.cess else f',"csamt":{amount(figures.cess)}'
    return f'{{"rt":{rate(rt)},"ad_amt":{amount(figures.taxable)},{taxes}{cess}}}'

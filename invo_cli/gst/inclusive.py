"""From prices that include tax to taxable values (CGST Rules, rule 35)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_DOWN, Decimal

from invo_cli.gst.discounts import NOTHING
from invo_cli.gst.money import round_paise, split_by_running_total

_PAISA = Decimal("0.01")


def taxable_values(
    prices: Sequence[Decimal], cess_factors: Sequence[Decimal], *, head_factor: Decimal, head_count: int
) -> list[Decimal]:
    """Taxable value in rupees of every line of one GST rate, given the prices with tax.

    Factors are rates ÷ 100: `cess_factors` those of the ad valorem cess of each line, `head_factor` that of each head.
    """
    places = places_by(cess_factors)
    sums = [sum((prices[place] for place in chosen), NOTHING) for chosen in places.values()]
    solved = solve(sums, list(places), head_factor=head_factor, head_count=head_count)
    values = [NOTHING] * len(prices)
    for chosen, value in zip(places.values(), solved, strict=True):
        shares = split_by_running_total(value, [prices[place] for place in chosen])
        for place, share in zip(chosen, shares, strict=True):
            values[place] = share
    return values


def places_by(keys: Iterable[Decimal]) -> dict[Decimal, list[int]]:
    """Where each different key stands, in order of first appearance."""
    places: dict[Decimal, list[int]] = {}
    for place, key in enumerate(keys):
        places.setdefault(key, []).append(place)
    return places


def solve(
    prices: Sequence[Decimal], cess_factors: Sequence[Decimal], *, head_factor: Decimal, head_count: int
) -> list[Decimal]:
    """Split the prices of one GST rate, summed by cess rate, into value and tax; return the taxable values in rupees.

    They are the nearest values for which taxable + taxes = price. Where none exist they are the nearest to
    price ÷ (1 + rates), ties to the lower, and a few paise remain. With several cess rates the values are rounded by
    running total and only the largest is moved.
    """
    gst_factor = head_factor * head_count
    nearest = _rounded([price / (1 + gst_factor + cess) for price, cess in zip(prices, cess_factors, strict=True)])
    largest = nearest.index(max(nearest))
    price = sum(prices)

    def excess(values: Sequence[Decimal]) -> Decimal:
        taxable = sum(values)
        cess = sum(round_paise(value * factor) for value, factor in zip(values, cess_factors, strict=True))
        return taxable + head_count * round_paise(taxable * head_factor) + cess - price

    # A paisa more of value is at least a paisa more in all, so the first sum at or past the price decides.
    values, over = list(nearest), excess(nearest)
    step = -_PAISA if over > 0 else _PAISA
    while over * step < 0 and values[largest] + step >= 0:
        values[largest] += step
        over = excess(values)
    return nearest if over else values


def _rounded(exact: Sequence[Decimal]) -> list[Decimal]:
    """Round to paise by running total, ties to the lower."""
    rounded: list[Decimal] = []
    running = given = NOTHING
    for value in exact:
        running += value
        due = running.quantize(_PAISA, rounding=ROUND_HALF_DOWN)
        rounded.append(due - given)
        given = due
    return rounded

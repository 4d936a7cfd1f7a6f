"""Which documents an amount pays: one, a few together, one less the tax deducted at source. All in paise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from invo_cli.services.matching.owing import OpenInvoice

FEW = 3
"""So many documents are tried together, besides all and the oldest ones."""
MOST_TRIED = 15
"""Of a customer with more open documents only the oldest together are tried."""
# Income-tax Act s.194C 1 and 2 %, s.194J 2 and 10 %, s.194H and s.194-O; CGST Act s.51 2 %: on the value without tax.
TDS_RATES = (1, 2, 5, 10)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way in which an amount pays documents; `how` is whole, tds, part or more."""

    how: str
    parts: tuple[tuple[OpenInvoice, int], ...]
    tds: int = 0
    note: str = ""


def readings(paise: int, invoices: Sequence[OpenInvoice]) -> list[Reading]:
    """Every way in which the amount pays documents of one customer, the oldest first, to the paisa.

    Documents paid whole come before one paid less TDS, which is looked for only when there is no other way.
    """
    whole = [Reading("whole", tuple((each, each.owed) for each in some)) for some in _sums(paise, invoices)]
    return whole or [reading for invoice in invoices for reading in _less_tds(paise, [invoice])]


def reading_of_named(paise: int, invoices: Sequence[OpenInvoice]) -> Reading:
    """How an amount pays the documents that a line names: whole, less TDS, in part, or more than is owed."""
    owed = sum(invoice.owed for invoice in invoices)
    if paise != owed:
        less = list(_less_tds(paise, invoices))
        if len(less) == 1:
            return less[0]
    parts, left = [], paise
    for invoice in invoices:
        part = min(invoice.owed, left)
        left -= part
        if part:
            parts.append((invoice, part))
    return Reading("whole" if paise == owed else "part" if paise < owed else "more", tuple(parts))


def _sums(paise: int, invoices: Sequence[OpenInvoice]) -> Iterator[tuple[OpenInvoice, ...]]:
    """The sets of documents on which together exactly this is owed, each once."""
    few = invoices if len(invoices) <= MOST_TRIED else ()
    for size in range(1, FEW + 1):
        for some in combinations(few, size) if size > 1 else ((each,) for each in invoices):
            if sum(each.owed for each in some) == paise:
                yield some
    total = 0
    for count, invoice in enumerate(invoices, 1):
        total += invoice.owed
        if total >= paise:
            if total == paise and count > (FEW if few else 1):
                yield tuple(invoices[:count])
            return


def _less_tds(paise: int, invoices: Sequence[OpenInvoice]) -> Iterator[Reading]:
    """Documents on which nothing was paid yet, less TDS in paise or in whole rupees."""
    owed, taxable = sum(each.owed for each in invoices), sum(each.taxable for each in invoices)
    most = taxable * TDS_RATES[-1] // 100 + 100
    if not 0 < owed - paise <= most or any(each.owed != each.total for each in invoices):
        return
    for rate in TDS_RATES:
        exact = (taxable * rate + 50) // 100
        if owed - paise in (exact, (exact + 50) // 100 * 100):
            yield Reading("tds", tuple((each, each.owed) for each in invoices), owed - paise, f"{rate} %")

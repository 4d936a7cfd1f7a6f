"""What notes and invoices come to, worked out anew: values by quantity, tax by rate, the last note to the paisa."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from tests.ledger.model import Books, Line, Paper, RefusedError

MOST_ROUNDING = 50


def rounded(dividend: int, divisor: int) -> int:
    return (2 * dividend + divisor) // (2 * divisor)


def by_rate(lines: Iterable[Line]) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    for line in lines:
        found[line.rate] += line.value
    return found


def total_of(lines: Iterable[Line], *, round_off: bool = False) -> int:
    """CGST and SGST of half the rate each, once for each rate."""
    total = sum(value + 2 * rounded(value * rate, 200) for rate, value in by_rate(lines).items())
    return rounded(total, 100) * 100 if round_off else total


def taken(books: Books, number: str) -> dict[int, tuple[int, int]]:
    """Quantity and value that live credit notes took of each line."""
    found: dict[int, tuple[int, int]] = {}
    for line in credited(books, number):
        if line.of is not None:
            quantity, value = found.get(line.of, (0, 0))
            found[line.of] = quantity + line.quantity, value + line.value
    return found


def credited(books: Books, number: str) -> list[Line]:
    return [line for note in books.live_notes(number) if note.kind == "credit_note" for line in note.lines]


def added(books: Books, number: str) -> list[Line]:
    return [line for note in books.live_notes(number) if note.kind == "debit_note" for line in note.lines]


def part(books: Books, paper: Paper, of: int, quantity: int) -> Line:
    """A quantity of a line at the value it had."""
    line = paper.lines[of - 1]
    before, value_before = taken(books, paper.number).get(of, (0, 0))
    if not 0 < quantity <= line.quantity - before:
        raise RefusedError
    value = rounded(line.value * (before + quantity), line.quantity) - value_before
    return Line(line.rate, quantity, value, of)


def rest(books: Books, paper: Paper) -> list[Line]:
    """Everything that is left; free lines come off the first lines of their rate."""
    free = by_rate(line for line in credited(books, paper.number) if line.of is None)
    before = taken(books, paper.number)
    found = []
    for of, line in enumerate(paper.lines, 1):
        quantity, value = line.quantity - before.get(of, (0, 0))[0], line.value - before.get(of, (0, 0))[1]
        gone = min(value, free[line.rate]) if quantity else 0
        free[line.rate] -= gone
        if quantity and value > gone:
            found.append(Line(line.rate, quantity, value - gone, of))
    if not found:
        raise RefusedError
    return found


def credit_total(books: Books, paper: Paper, lines: list[Line]) -> int:
    """What a credit note of these lines comes to, never beyond what is left in all and at each rate."""
    own, debited, now = by_rate(paper.lines), by_rate(added(books, paper.number)), by_rate(lines)
    for rate, value in by_rate(credited(books, paper.number)).items():
        own[rate] -= value
    if any(value > own[rate] + debited[rate] for rate, value in now.items()):
        raise RefusedError
    total = total_of(lines)
    own_total = paper.total - sum(n.total for n in books.live_notes(paper.number) if n.kind == "credit_note")
    is_rest = all(now[rate] == max(own[rate], 0) for rate in own)
    if is_rest and abs(own_total - total) <= MOST_ROUNDING:
        total = own_total
    if not 0 <= total <= books.left(paper.number):
        raise RefusedError
    return total

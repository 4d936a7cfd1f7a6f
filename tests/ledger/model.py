"""The books kept the plain way: dated facts in lists, integer paise, every figure summed anew for the day asked for.

Nothing of the program is used here. A method that records something raises `RefusedError` where the program must too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

LATER = date.max


class RefusedError(Exception):
    """The books do not allow that."""


@dataclass
class Line:
    """Of an invoice: quantity and price. Of a note: the quantity and value it takes of a line, or of none."""

    rate: int
    quantity: int
    value: int
    of: int | None = None


@dataclass
class Paper:
    """An invoice, credit note or debit note."""

    number: str
    kind: str
    customer: str
    on: date
    due: date | None
    total: int
    lines: list[Line]
    against: str | None = None
    cancelled: date = LATER

    def stands(self, day: date) -> bool:
        return self.on <= day < self.cancelled


@dataclass
class Money:
    """A receipt, or a refund of the receipt or credit note `of`."""

    number: str
    customer: str
    on: date
    amount: int
    tds: int = 0
    of: str | None = None
    voided: date = LATER

    def stands(self, day: date) -> bool:
        return self.on <= day < self.voided


@dataclass
class Part:
    """So much of a receipt or credit note is set against a paper."""

    source: str
    paper: str
    amount: int
    on: date
    undone: date = LATER

    def stands(self, day: date) -> bool:
        return self.on <= day < self.undone


@dataclass
class Books:
    """Everything that happened, and `today`; `touched` is the earliest day on which the last act changed anything."""

    today: date
    papers: dict[str, Paper] = field(default_factory=dict)
    money: dict[str, Money] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    touched: date = LATER

    def side(self, number: str) -> Paper | Money:
        """A document or payment."""
        return self.money[number] if number in self.money else self.papers[number]

    def set_off(self, number: str, day: date) -> int:
        """What is set against a paper, or of a source, at the end of a day."""
        return sum(part.amount for part in self.parts if number in (part.source, part.paper) and part.stands(day))

    def owed(self, number: str, day: date) -> int:
        paper = self.papers[number]
        return paper.total - self.set_off(number, day) if paper.stands(day) and paper.kind != "credit_note" else 0

    def free(self, number: str, day: date) -> int:
        """What is left of a receipt or credit note at the end of a day."""
        given_back = sum(each.amount for each in self.money.values() if each.of == number and each.stands(day))
        if number in self.money:
            receipt = self.money[number]
            whole = receipt.amount + receipt.tds if receipt.stands(day) else 0
        else:
            whole = self.papers[number].total if self.papers[number].stands(day) else 0
        return whole - self.set_off(number, day) - given_back

    def sources(self) -> Iterator[str]:
        yield from (each.number for each in self.money.values() if each.of is None)
        yield from (each.number for each in self.papers.values() if each.kind == "credit_note")

    def movements(self, customer: str) -> Iterator[tuple[date, int, str, str, int]]:
        """Date, order on the day, kind, number, paise; above zero the customer owes more."""
        for paper in self.papers.values():
            if paper.customer == customer:
                paise = -paper.total if paper.kind == "credit_note" else paper.total
                yield paper.on, 0, paper.kind, paper.number, paise
                yield paper.cancelled, 1, "cancellation", paper.number, -paise
        for each in self.money.values():
            if each.customer == customer:
                paise = each.amount + each.tds if each.of else -each.amount - each.tds
                yield each.on, 2, "refund" if each.of else "payment", each.number, paise
                yield each.voided, 3, "void", each.number, -paise

    def balance(self, customer: str, day: date) -> int:
        return sum(paise for on, *_, paise in self.movements(customer) if on <= day)

    def unallocated(self, customer: str, day: date) -> int:
        return sum(self.free(number, day) for number in self.sources() if self.side(number).customer == customer)

    def ageing(self, day: date, bounds: tuple[int, ...], by: str) -> dict[str, tuple[list[int], int]]:
        """Buckets and what is unallocated, of every customer with either."""
        found: dict[str, list[int]] = defaultdict(lambda: [0] * (len(bounds) + 2))
        for paper in self.papers.values():
            owed = self.owed(paper.number, day)
            late = (day - ((paper.due or paper.on) if by == "due" else paper.on)).days
            place = 0 if late <= 0 else 1 + sum(late > bound for bound in bounds)
            if owed:
                found[paper.customer][place] += owed
        customers = {self.side(number).customer for number in (*self.papers, *self.money)}
        rows = {name: (found[name], self.unallocated(name, day)) for name in customers}
        return {name: row for name, row in rows.items() if any(row[0]) or row[1]}

    # Acts

    def begin(self, day: date | None = None) -> None:
        if day is not None and day > self.today:
            raise RefusedError
        self.touched = LATER

    def touch(self, day: date) -> date:
        self.touched = min(self.touched, day)
        return day

    def free_since(self, number: str) -> date:
        """No earlier day is free of what was undone later: a new part may not overlap with it."""
        side = self.side(number)
        undone = [part.undone for part in self.parts if number in (part.source, part.paper)]
        voided = [each.voided for each in self.money.values() if each.of == number]
        return max([side.on, *(day for day in undone + voided if day != LATER)])

    def allocate(self, source: str, paper: str, amount: int | None, on: date) -> None:
        owed, free = self.owed(paper, self.today), self.free(source, self.today)
        if self.papers[paper].kind == "credit_note" or self.side(source).customer != self.papers[paper].customer:
            raise RefusedError
        amount = min(owed, free) if amount is None else amount
        if not 0 < amount <= min(owed, free) or on > self.today:
            raise RefusedError
        since = max(on, self.free_since(source), self.free_since(paper))
        self.parts.append(Part(source, paper, amount, self.touch(since)))

    def allocate_oldest(self, source: str, on: date) -> None:
        places = {number: place for place, number in enumerate(self.papers)}
        mine = [paper for paper in self.papers.values() if paper.customer == self.side(source).customer]
        for paper in sorted(mine, key=lambda paper: (paper.on, places[paper.number])):
            if min(self.owed(paper.number, self.today), self.free(source, self.today)) > 0:
                self.allocate(source, paper.number, None, on)

    def unallocate(self, source: str, paper: str | None = None) -> None:
        for part in self.parts:
            if part.source == source and part.undone == LATER and paper in (None, part.paper):
                part.undone = self.touch(max(self.today, part.on))

    def check_live(self, source: str) -> None:
        side = self.side(source)
        if not side.stands(self.today) or (isinstance(side, Money) and side.of):
            raise RefusedError

    def refundable(self, source: str) -> int:
        free = self.free(source, self.today)
        if source not in self.money:
            return free
        back = sum(each.amount for each in self.money.values() if each.of == source and each.voided == LATER)
        return min(free, self.money[source].amount - back)

    def void(self, number: str) -> bool:
        """False when there is nothing to do."""
        each = self.money[number]
        if each.voided != LATER:
            return False
        if any(other.of == number and other.voided == LATER for other in self.money.values()):
            raise RefusedError
        self.unallocate(number)
        each.voided = self.touch(max(self.today, each.on))
        return True

    def live_notes(self, number: str) -> list[Paper]:
        return [each for each in self.papers.values() if each.against == number and each.cancelled == LATER]

    def left(self, number: str) -> int:
        """What credit notes may still take back."""
        notes = sum(note.total * (1 if note.kind == "debit_note" else -1) for note in self.live_notes(number))
        return self.papers[number].total + notes

    def cancel(self, number: str) -> bool:
        """False when there is nothing to do."""
        paper = self.papers[number]
        if paper.cancelled != LATER:
            return False
        if paper.kind == "credit_note":
            self._cancel_credit(paper)
        elif self._is_used(paper):
            raise RefusedError
        paper.cancelled = self.touch(self.today)
        return True

    def _is_used(self, paper: Paper) -> bool:
        """Paid, corrected by notes, or, of a debit note, credited through its invoice."""
        if self.set_off(paper.number, self.today) or self.live_notes(paper.number):
            return True
        return paper.against is not None and self.left(paper.against) < paper.total

    def _cancel_credit(self, note: Paper) -> None:
        elsewhere = [part for part in self.parts if part.source == note.number and part.undone == LATER]
        if any(part.paper != note.against for part in elsewhere):
            raise RefusedError
        if any(each.of == note.number and each.voided == LATER for each in self.money.values()):
            raise RefusedError
        self.unallocate(note.number)

    def breaches(self, day: date) -> list[str]:
        """What can never be, whatever happened."""
        found = [f"{number} owes less than nothing" for number in self.papers if self.owed(number, day) < 0]
        found += [f"{number} gave more than it had" for number in self.sources() if self.free(number, day) < 0]
        found += [f"more credited than billed on {number}" for number in self.papers if self.left(number) < 0]
        return found

"""The acts of a history: whatever numbers they draw, they lead somewhere, so any list of them is a history."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from invo_cli.services import allocations, invoice_lookup, invoices, payments, refunds
from invo_cli.services.acting import Act
from invo_cli.services.payments import Receipt
from tests.ledger import notes
from tests.ledger.model import LATER, Line, Money, Paper, RefusedError
from tests.ledger.twice import Twice, pick, rupees_of

RATES = (5, 18)


class History(Twice):
    """Invoices, notes, payments and their setting off, in any order, on days of the past and present."""

    def wait(self, count: int, *_: int) -> None:
        """Let days go by."""
        self.books.begin()
        self.books.today += timedelta(days=count % 40)
        if self.books.today not in self.days and len(self.days) < 9:
            self.days.append(self.books.today)

    def issue(self, who: int, price: int, quantity: int, when: int, due: int) -> None:
        """An invoice of one to three discounted lines, rounded to the rupee or not."""
        code, on = pick(list(self.customers), who), self.day(when)
        due_on = on + timedelta(days=due % 60) if due % 2 else None
        lines, given = [], []
        for place in range(1 + quantity % 3):
            rate, count, each = RATES[(who + place) % 2], 1 + (quantity + place) % 4, 9 + (price * (place + 7)) % 99_999
            lines.append(Line(rate, count, count * each - price % 9))
            given.append(_own_line(rate, each, quantity=str(count), discount=str(rupees_of(price % 9))))
        document = {
            "customer": code,
            "lines": given,
            "round_off": price % 2 == 0,
            "due_date": due_on and due_on.isoformat(),
        }
        total = notes.total_of(lines, round_off=price % 2 == 0)
        made = self.document(document | {"date": on.isoformat()}, lambda: None)
        assert made is not None
        self._store(Paper(made["number"], "tax_invoice", code, on, due_on, total, lines), made)

    def credit(self, which: int, how: int, amount: int, when: int, _: int) -> None:
        """A credit note: all that is left, a quantity of a line, or a line of its own."""
        self._note("credit_note", which, how, amount, self.day(when))

    def debit(self, which: int, _: int, amount: int, when: int, __: int) -> None:
        """A debit note with a line of its own."""
        self._note("debit_note", which, 2, amount, self.day(when))

    def pay(self, who: int, amount: int, how: int, when: int, which: int) -> None:
        """A receipt, with TDS or not, an advance or not, set against nothing, one document, or the oldest."""
        code, on = pick(list(self.customers), who), self.day(when)
        paise, tds = 1 + amount % 300_000, (amount % 2) * (amount % 5_000)
        numbers = [number for number, paper in self.books.papers.items() if paper.customer == code]
        wanted = [(pick(numbers, which), None)] if how % 4 == 1 and numbers else []
        receipt = Receipt(amount=rupees_of(paise), tds=rupees_of(tds), method="upi", on=on, is_advance=how % 5 == 0)
        oldest = how % 4 >= 2

        def expected() -> None:
            if tds > paise:
                raise RefusedError
            self.books.money["?"] = Money("?", code, self.books.touch(on), paise, tds)
            for number, part in wanted:
                self.books.allocate("?", number, part, on)
            if oldest:
                self.books.allocate_oldest("?", on)

        row = self.both(
            expected,
            lambda act: payments.create(
                self.session, self.business, self.customers[code], receipt, act=act, wanted=wanted, oldest=oldest
            ),
        )
        if row is None:
            return
        self.name_money(row["number"])
        self.check_parts(row)

    def allocate(self, which: int, paper: int, amount: int, when: int, how: int) -> None:
        """Set a receipt or credit note against a document, or the oldest ones."""
        found, on = list(self.books.sources()), self.day(when)
        if not found or not self.books.papers:
            return
        source, number = pick(found, which), pick(list(self.books.papers), paper)
        part = None if amount % 3 else 1 + amount % 100_000
        oldest = how % 3 == 0

        def expected() -> None:
            self.books.check_live(source)
            if oldest:
                self.books.allocate_oldest(source, on)
            else:
                self.books.allocate(source, number, part, on)

        wanted = [] if oldest else [(number, None if part is None else rupees_of(part))]
        row = self.both(
            expected,
            lambda act: allocations.allocate(
                self.session, self.business, source, wanted, act=act, on=on, oldest=oldest
            ),
        )
        if row is not None:
            self.check_parts(row)

    def unallocate(self, which: int, paper: int, how: int, *_: int) -> None:
        """Take back what a source is set against."""
        found = list(self.books.sources())
        if not found:
            return
        source = pick(found, which)
        number = pick(list(self.books.papers), paper) if how % 2 and self.books.papers else None

        def expected() -> None:
            self.books.check_live(source)
            self.books.unallocate(source, number)

        row = self.both(
            expected,
            lambda act: allocations.unallocate(self.session, self.business, source, act=act, invoice=number),
        )
        if row is not None:
            self.check_parts(row)

    def refund(self, which: int, amount: int, how: int, when: int, _: int) -> None:
        """Give back all or some of what is left of a source."""
        found, on = list(self.books.sources()), self.day(when)
        if not found:
            return
        source = pick(found, which)
        paise = None if how % 2 else 1 + amount % 50_000

        def expected() -> None:
            self.books.check_live(source)
            left = self.books.refundable(source)
            given = left if paise is None else paise
            if not 0 < given <= left or on < self.books.free_since(source):
                raise RefusedError
            customer = self.books.side(source).customer
            self.books.money["?"] = Money("?", customer, self.books.touch(on), given, of=source)

        row = self.both(
            expected,
            lambda act: refunds.refund(
                self.session,
                self.business,
                source,
                act=act,
                amount=None if paise is None else rupees_of(paise),
                method="cash",
                on=on,
                reference=None,
            ),
        )
        if row is not None:
            self.name_money(row["number"])

    def void(self, which: int, *_: int) -> None:
        """Take a receipt or refund back as if it had never been."""
        if not self.books.money:
            return
        number = pick(list(self.books.money), which)

        def acting(act: Act) -> dict[str, Any]:
            found = payments.get(self.session, self.business, number)
            return payments.void(self.session, self.business, found, act=act, reason="bounced")

        self.both(lambda: self.books.void(number), acting)

    def cancel(self, which: int, *_: int) -> None:
        """Cancel a document or note."""
        if not self.books.papers:
            return
        number = pick(list(self.books.papers), which)

        def acting(act: Act) -> invoices.Outcome:
            found = invoice_lookup.get(self.session, self.business, number)
            return invoices.cancel(self.session, self.business, found, act=act, reason="wrong")

        self.both(lambda: self.books.cancel(number), acting)

    def _note(self, kind: str, which: int, how: int, amount: int, on: date) -> None:
        papers = [paper for paper in self.books.papers.values() if paper.kind == "tax_invoice"]
        if not papers:
            return
        paper = pick(papers, which)
        given = {"kind": kind, "against": paper.number, "reason": "Returned", "date": on.isoformat()}
        lines: list[Line] = []
        totals: list[int] = []

        def expected() -> None:
            is_credit = kind == "credit_note"
            if paper.cancelled != LATER or on < paper.on or (is_credit and self.books.left(paper.number) <= 0):
                raise RefusedError
            lines.extend(self._noted(paper, how, amount))
            totals.append(notes.credit_total(self.books, paper, lines) if is_credit else notes.total_of(lines))

        made = self.document(given | {"lines": _given_lines(paper, how, amount)}, expected)
        if made is None:
            return
        owed = self.books.owed(paper.number, self.books.today)
        self._store(Paper(made["number"], kind, paper.customer, on, None, totals[0], lines, paper.number), made)
        if kind == "credit_note" and min(owed, totals[0]) > 0:
            self.books.allocate(made["number"], paper.number, min(owed, totals[0]), on)

    def _noted(self, paper: Paper, how: int, amount: int) -> list[Line]:
        if how % 3 == 0:
            return notes.rest(self.books, paper)
        if how % 3 == 1:
            return [notes.part(self.books, paper, 1 + amount % len(paper.lines), 1 + amount % 3)]
        return [Line(pick(paper.lines, amount).rate, 1, 1 + amount % 60_000)]

    def _store(self, paper: Paper, made: dict[str, Any]) -> None:
        assert rupees_of(paper.total) == Decimal(made["total"]), (made, paper)
        self.books.papers[paper.number] = paper
        self.books.touch(paper.on)


def _given_lines(paper: Paper, how: int, amount: int) -> list[dict[str, Any]]:
    if how % 3 == 0:
        return []
    if how % 3 == 1:
        return [{"against_line": 1 + amount % len(paper.lines), "quantity": str(1 + amount % 3)}]
    return [_own_line(pick(paper.lines, amount).rate, 1 + amount % 60_000)]


def _own_line(rate: int, paise: int, **more: str) -> dict[str, Any]:
    words = {"description": "Repair", "hsn": "998713", "gst_rate": str(rate)}
    return words | {"unit_price": str(rupees_of(paise))} | more

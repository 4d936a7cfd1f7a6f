"""One act on two books: the program's and the model's; both refuse it, or both do it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from invo_cli.errors import ConflictError, InvalidError
from invo_cli.gst.reading import read_document
from invo_cli.models import Business, Customer
from invo_cli.services import invoices
from invo_cli.services.acting import Act
from tests.ledger.model import LATER, Books, RefusedError

BEGIN = date(2026, 3, 20)
T = TypeVar("T")


class Twice:
    """A business and the model of its books; `days` are the dates that everything is asked for."""

    def __init__(self, session: Session, business: Business, customers: Sequence[Customer]) -> None:
        self.session, self.business = session, business
        self.customers = {customer.code: customer for customer in customers}
        self.books = Books(today=BEGIN)
        self.days = [BEGIN]
        self.seen: dict[tuple[date, str], Any] = {}
        self.refused = self.done = 0

    def both(self, expected: Callable[[], object], acting: Callable[[Act], Any]) -> Any:
        """What the program gave, or None when both refused."""
        before = deepcopy(self.books)
        self.books.begin()
        try:
            expected()
        except RefusedError:
            self.books, self.refused = before, self.refused + 1
            self.books.begin()
            with _refused(), self.session.begin_nested():
                acting(self._now())
            return None
        self.done += 1
        with self.session.begin_nested():
            return acting(self._now())

    def document(self, given: dict[str, Any], expected: Callable[[], object]) -> dict[str, Any] | None:
        """A document as the program made it, its lines adding up, or None when both refused."""
        entered = read_document(given)
        outcome = self.both(expected, lambda act: invoices.create(self.session, self.business, entered, act=act))
        if outcome is None:
            return None
        made: dict[str, Any] = outcome.document
        for key in ("taxable_value", "cgst", "sgst", "igst", "cess"):
            assert sum(Decimal(line[key]) for line in made["lines"]) == Decimal(made[key]), key
        return made

    def name_money(self, number: str) -> None:
        """Give the payment just recorded in the model the number that the program gave it."""
        mine = self.books.money.pop("?")
        mine.number = number
        self.books.money[number] = mine
        for part in self.books.parts:
            part.source = number if part.source == "?" else part.source

    def check_parts(self, row: dict[str, Any]) -> None:
        """A source is set against the same documents, from the same days on."""
        found = sorted((part["invoice"], paise_of(part["amount"]), part["date"]) for part in row["allocations"])
        live = [part for part in self.books.parts if part.source == row["number"] and part.undone == LATER]
        assert found == sorted((part.paper, part.amount, part.on.isoformat()) for part in live)
        assert paise_of(row["unallocated"]) == self.books.free(row["number"], self.books.today)

    def day(self, when: int) -> date:
        """Today, or one of the days before."""
        return self.books.today if when % 2 else pick(self.days, when // 2)

    def _now(self) -> Act:
        today = self.books.today
        at = datetime(today.year, today.month, today.day, 6, 30, tzinfo=UTC)
        return Act(actor="asha", os_user="asha", host="counter", at=at, today=today)


@contextmanager
def _refused() -> Iterator[None]:
    try:
        yield
    except (InvalidError, ConflictError):
        return
    raise AssertionError("the program did what the model refuses")


def pick(found: Sequence[T], which: int) -> T:
    """One of them, whatever the number."""
    return found[which % len(found)]


def rupees_of(paise: int) -> Decimal:
    """Rupees with two decimals."""
    return Decimal(paise).scaleb(-2)


def paise_of(text: str) -> int:
    """Paise of an amount as scripts see it."""
    return int(Decimal(text).scaleb(2))

"""Proposals over random books and statements: whatever comes, nothing is paid twice and nothing is guessed."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invo_cli.services.matching.evidence import compact, name_key, name_words
from invo_cli.services.matching.lines import fingerprint, identified
from invo_cli.services.matching.owing import OpenInvoice, Owing, Payer
from invo_cli.services.matching.proposing import propose

pytestmark = pytest.mark.unit
NAMES = ("Asha Traders", "Asha Trading Co", "Ravi Kumar", "Meera Stores Pvt Ltd")
TEXTS = ("UPI/{mobile}@ybl", "NEFT {number}", "NEFT {name}", "{number} {other}", "BY CASH", "{name} {number}")


@dataclass(frozen=True)
class Credit:
    line: int
    day: dt.date
    amount: Decimal
    reference: str
    narration: str


def owing(amounts: list[tuple[int, int]]) -> Owing:
    """Documents of `(customer, hundreds of rupees)`."""
    found = Owing()
    for customer, name in enumerate(NAMES):
        words = name_words(name)
        found.payers[customer] = Payer(f"C-{customer}", name)
        found.by_name[name_key(words)].append((customer, words))
        found.known[f"987654321{customer}"].add(customer)
    for at, (customer, hundreds) in enumerate(amounts):
        total = hundreds * 11800
        invoice = OpenInvoice(
            f"INV/26-27/{at:04}", "2026-27", customer, dt.date(2026, 10, 1), total, hundreds * 10000, total
        )
        found.by_number[compact(invoice.number)].append(invoice)
        found.by_customer[customer].append(invoice)
        found.by_owed[total].append(invoice)
    return found


def credit(line: int, draw: tuple[int, int, int, int], count: int) -> Credit:
    """A line that may or may not fit: which text, which customer, which document, how many hundreds."""
    text, customer, document, hundreds = draw
    narration = TEXTS[text].format(
        mobile=f"987654321{customer}",
        name=NAMES[customer].upper(),
        number=f"INV/26-27/{document % count:04}",
        other=f"INV/26-27/{(document + 1) % count:04}",
    )
    return Credit(line, dt.date(2026, 10, 2), Decimal(hundreds * 118), "", narration)


DOCUMENTS = st.lists(st.tuples(st.integers(0, 3), st.integers(1, 3)), min_size=1, max_size=8)
LINES = st.lists(
    st.tuples(st.integers(0, len(TEXTS) - 1), st.integers(0, 3), st.integers(0, 7), st.integers(1, 6)), max_size=8
)


@settings(max_examples=300, deadline=None)
@given(DOCUMENTS, LINES)
def test_what_is_proposed_never_exceeds_what_came_in_or_what_is_owed(
    documents: list[tuple[int, int]], drawn: list[tuple[int, int, int, int]]
) -> None:
    books = owing(documents)
    totals = {invoice.number: invoice.total for some in books.by_customer.values() for invoice in some}
    lines = list(identified(credit(at, draw, len(documents)) for at, draw in enumerate(drawn)))
    found = propose(lines, books)
    assert found.keys() == set(lines)
    paid: Counter[str] = Counter()
    for line, proposal in found.items():
        assert sum(paise for _, paise in proposal.parts) <= line.paise + proposal.tds
        assert {invoice.customer_id for invoice, _ in proposal.parts} <= {proposal.customer_id}
        if proposal.confidence != "unsure":
            assert proposal.parts
            paid.update({invoice.number: paise for invoice, paise in proposal.parts})
        if proposal.confidence == "certain":
            assert sum(paise for _, paise in proposal.parts) == line.paise
            assert proposal.tds == 0
    assert all(paise <= totals[number] for number, paise in paid.items())


@given(DOCUMENTS, st.integers(0, 3), st.integers(1, 6))
def test_two_equally_good_ways_are_never_booked(documents: list[tuple[int, int]], customer: int, hundreds: int) -> None:
    exact = [each for each in documents if each == (customer, hundreds)]
    (line,) = identified([credit(1, (0, customer, 0, hundreds), len(documents))])
    proposal = propose([line], owing(documents))[line]
    if len(exact) > 1:
        assert proposal.confidence == "unsure"
    if proposal.confidence == "certain":
        assert len(exact) == 1


def test_equal_lines_are_numbered_and_others_are_not() -> None:
    first = Credit(1, dt.date(2026, 10, 1), Decimal("5.00"), "000U1", "UPI  asha")
    same = Credit(7, dt.date(2026, 10, 1), Decimal("5"), "u1", "upi ASHA")
    other = Credit(8, dt.date(2026, 10, 1), Decimal("5.01"), "u1", "upi ASHA")
    assert fingerprint(first) == fingerprint(same) != fingerprint(other)
    assert [line.occurrence for line in identified([first, same, other])] == [1, 2, 1]

"""Advances corrected after a return had reported them: tables 11A and 11B of the earlier months are stated anew."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from invo_cli.errors import ConflictError, InvalidError
from invo_cli.gst.returns import gstr3b
from invo_cli.models import AdvanceAmendment, Business
from invo_cli.services import advance_amending, allocations, audit_payments, payments, refunds
from invo_cli.services.audit_chain import Tally
from tests.services.people import business_in
from tests.services.returned import act_on, advance, close, issue, made, text

pytestmark = pytest.mark.integration
FIRST = "PAY/26-27/0001"
DELHI_18 = {"place_of_supply": "07", "gst_rate": Decimal(18)}


@pytest.fixture
def business(db_session: Session) -> Business:
    found = business_in(db_session)
    issue(db_session, found, "2026-08-01")
    return found


@pytest.fixture
def reported(db_session: Session, business: Business) -> None:
    """Two advances of September for Delhi, 1000 and 500 before tax; the month is closed."""
    advance(db_session, business, "2026-09-10", "1180", **DELHI_18)
    advance(db_session, business, "2026-09-11", "590", **DELHI_18)
    close(db_session, business, "2026-10-02", "092026")


def correct(session: Session, business: Business, day: str, number: str = FIRST, **terms: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"rate": None, "place": None, "reason": "wrong"} | terms
    on = dt.date.fromisoformat(given.pop("on", day))
    payment = payments.get(session, business, number)
    return advance_amending.amend(session, business, payment, act=act_on(day), on=on, **given)


def use(session: Session, business: Business, day: str, number: str, price: str) -> None:
    """Invoice something and set the advance against it."""
    line = {"description": "Screen", "hsn": "998716", "unit_price": price, "gst_rate": "18"}
    invoice = issue(session, business, day, lines=[line])["number"]
    on = dt.date.fromisoformat(day)
    allocations.allocate(session, business, number, [(invoice, None)], act=act_on(day), on=on, oldest=False)


def sections(session: Session, business: Business, period: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text(session, business, period))
    assert not gstr3b.differences(made(session, business, period))
    return {name: found[name] for name in ("at", "ata", "txpd", "txpda") if name in found}


@pytest.mark.usefixtures("reported")
def test_the_place_of_a_reported_advance_is_stated_anew(db_session: Session, business: Business) -> None:
    before = text(db_session, business, "092026")
    row = correct(db_session, business, "2026-10-05", place="29")
    assert row["tax"]["place_of_supply"] == "07"
    assert row["amendments"] == [
        {
            "date": "2026-10-05",
            "gst_rate": "18",
            "place_of_supply": "29",
            "taxable_value": "1000.00",
            "cgst": "90.00",
            "sgst": "90.00",
            "igst": "0.00",
        }
    ]
    assert sections(db_session, business, "102026") == {
        "ata": [
            {
                "omon": "092026",
                "pos": "07",
                "sply_ty": "INTER",
                "itms": [{"rt": 18, "ad_amt": 500, "iamt": 90, "csamt": 0}],
            },
            {
                "omon": "092026",
                "pos": "29",
                "sply_ty": "INTRA",
                "itms": [{"rt": 18, "ad_amt": 1000, "camt": 90, "samt": 90, "csamt": 0}],
            },
        ]
    }
    assert text(db_session, business, "092026") == before
    assert made(db_session, business, "102026").outward.taxable.heads == (0, -18_000, 9_000, 9_000, 0)


@pytest.mark.usefixtures("reported")
def test_what_is_used_afterwards_is_taken_off_at_the_corrected_place(db_session: Session, business: Business) -> None:
    correct(db_session, business, "2026-10-05", place="29")
    use(db_session, business, "2026-11-05", FIRST, "1000")
    (row,) = sections(db_session, business, "112026")["txpd"]
    assert (row["pos"], row["itms"]) == ("29", [{"rt": 18, "ad_amt": 1000, "camt": 90, "samt": 90}])


@pytest.mark.usefixtures("reported")
def test_what_was_used_before_is_stated_anew_too(db_session: Session, business: Business) -> None:
    use(db_session, business, "2026-10-05", FIRST, "400")
    close(db_session, business, "2026-11-02", "102026")
    correct(db_session, business, "2026-11-05", rate=Decimal(5))
    found = sections(db_session, business, "112026")
    (received,) = [row for row in found["ata"] if row["omon"] == "092026"]
    assert [(item["rt"], item["ad_amt"]) for item in received["itms"]] == [(18, 500), (5, 1123.81)]
    (used,) = found["txpda"]
    assert (used["omon"], [(item["rt"], item["ad_amt"]) for item in used["itms"]]) == (
        "102026",
        [(5, 449.52)],
    )
    assert len(found["ata"]) == 1


@pytest.mark.usefixtures("reported")
def test_all_returns_together_come_to_what_is_left(db_session: Session, business: Business) -> None:
    use(db_session, business, "2026-10-05", FIRST, "400")
    close(db_session, business, "2026-11-02", "102026")
    correct(db_session, business, "2026-11-05", rate=Decimal(5), place="29")
    refunds.refund(
        db_session,
        business,
        FIRST,
        act=act_on("2026-12-05"),
        amount=Decimal(105),
        method="cash",
        on=dt.date(2026, 12, 5),
        reference=None,
    )
    sums = [0] * 5
    for month in ("09", "10", "11", "12"):
        found = made(db_session, business, f"{month}2026")
        for name in ("at", "txpd"):
            sums = [old + new for old, new in zip(sums, found.due[name].heads, strict=True)]
    # Left: 603 of the first at 5 % at home, and the second, untouched, at 18 % for Delhi.
    assert sums == [574_28 + 500_00, 90_00, 14_36, 14_36, 0]


@pytest.mark.usefixtures("reported")
def test_the_same_correction_again_changes_nothing(db_session: Session, business: Business) -> None:
    once = correct(db_session, business, "2026-10-05", place="29")
    assert correct(db_session, business, "2026-10-06", place="29") == once


@pytest.mark.usefixtures("reported")
def test_a_correction_changed_behind_the_program_is_found(db_session: Session, business: Business) -> None:
    correct(db_session, business, "2026-10-05", place="29")
    assert list(audit_payments.verify(db_session, business, Tally())) == []
    db_session.execute(update(AdvanceAmendment).values(place_of_supply="27"))
    (finding,) = audit_payments.verify(db_session, business, Tally())
    assert finding.problem.startswith("amendments is ")


@pytest.mark.usefixtures("reported")
@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"number": "PAY/26-27/0003", "place": "29"}, ConflictError, "is not reported yet"),
        ({"number": "PAY/26-27/0004", "place": "29"}, InvalidError, "is no advance"),
        ({"place": "29", "on": "2026-09-09"}, InvalidError, "is not between 2026-09-10 and today"),
        ({"place": "29", "on": "2026-09-20"}, ConflictError, "which is locked"),
        ({"rate": Decimal(17)}, InvalidError, "17"),
        ({"day": "2027-12-05", "place": "29"}, InvalidError, "could be corrected until 2027-11-30"),
    ],
)
def test_what_cannot_be_corrected_is_refused(
    db_session: Session, business: Business, change: dict[str, Any], error: type[Exception], words: str
) -> None:
    advance(db_session, business, "2026-10-03", "590")
    advance(db_session, business, "2026-10-03", "590", is_advance=False, place_of_supply=None)
    given = {"day": "2026-10-05"} | change
    with pytest.raises(error, match=words):
        correct(db_session, business, given.pop("day"), **given)


@pytest.mark.parametrize("seed", range(4))
def test_random_corrections_come_to_the_tax_of_what_is_left(db_session: Session, business: Business, seed: int) -> None:
    history, periods = _History(db_session, business, Random(seed)), ("082026", "092026", "102026", "112026")
    for month, period in enumerate(periods, 8):
        for day in range(2, 26, 4):
            history.step(month, f"2026-{month:02}-{day:02}")
        close(db_session, business, f"2026-{month + 1:02}-01", period)
    sums = [0] * 5
    for period in periods:
        found = made(db_session, business, period)
        assert not gstr3b.differences(found)
        for name in ("at", "txpd"):
            sums = [old + new for old, new in zip(sums, found.due[name].heads, strict=True)]
    expected = [_inside(amount, *history.terms[number]) for number, amount in history.left.items()]
    assert sums == [sum(heads) for heads in zip(*expected, strict=True)]


@dataclass
class _History:
    """Advances that are received, used, given back and corrected, with what is left of each and what it bears."""

    session: Session
    business: Business
    random: Random
    left: dict[str, Decimal] = field(default_factory=dict)
    terms: dict[str, tuple[str, Decimal]] = field(default_factory=dict)

    def step(self, month: int, day: str) -> None:
        older = [number for number, amount in self.left.items() if amount > 200]
        chance = self.random.random()
        if chance < 0.45 or not older:
            self.receive(day)
            return
        number, part = self.random.choice(older), Decimal(self.random.randint(1, 9_999)) / 100
        if chance < 0.6:
            _refund(self.session, self.business, day, number, part)
            self.left[number] -= part
        elif chance < 0.75:
            use(self.session, self.business, day, number, str(part))
            row = payments.as_row(self.session, payments.get(self.session, self.business, number))
            self.left[number] = Decimal(row["unallocated"])
        elif payments.get(self.session, self.business, number).dated_on.month < month:
            place, rate = self.terms[number] = _random_terms(self.random)
            correct(self.session, self.business, day, number, place=place, rate=rate)

    def receive(self, day: str) -> None:
        place, rate = _random_terms(self.random)
        amount = Decimal(self.random.randint(20_000, 300_000)) / 100
        row = advance(self.session, self.business, day, str(amount), place_of_supply=place, gst_rate=rate)
        self.left[row["number"]], self.terms[row["number"]] = amount, (place, rate)


def _random_terms(random: Random) -> tuple[str, Decimal]:
    return random.choice(("29", "07", "33")), Decimal(random.choice((5, 18, 40)))


def _refund(session: Session, business: Business, day: str, number: str, amount: Decimal) -> None:
    on = dt.date.fromisoformat(day)
    refunds.refund(session, business, number, act=act_on(day), amount=amount, method="cash", on=on, reference=None)


def _inside(amount: Decimal, place: str, rate: Decimal) -> tuple[int, int, int, int, int]:
    """Taxable value and taxes of an amount that includes them, in paise."""
    tax = amount * 100 * rate / (100 + rate)
    half, igst = (0, _rounded(tax)) if place != "29" else (_rounded(tax / 2), 0)
    return int(amount * 100) - igst - 2 * half, igst, half, half, 0


def _rounded(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))

"""Random histories of a business: statements, ageing and ledger agree with a plain model at every date, for ever."""

from __future__ import annotations

import random

import pytest
from sqlalchemy.orm import Session

from tests.factories import make_business, make_customer
from tests.ledger.agreement import check_accounts, check_ageing, check_documents
from tests.ledger.histories import History

pytestmark = pytest.mark.integration
ACTS = {
    "wait": 6,
    "issue": 8,
    "credit": 5,
    "debit": 2,
    "pay": 6,
    "allocate": 7,
    "unallocate": 5,
    "refund": 3,
    "void": 2,
    "cancel": 2,
}


def acted_out(session: Session, seed: int, length: int) -> History:
    """A history of so many acts on a business of its own, checked after every one of them."""
    chance = random.Random(seed)
    with session.begin_nested() as kept:
        business = make_business(session)
        history = History(session, business, [make_customer(session, business, name) for name in ("Asha", "Ravi")])
        done: list[tuple[str, tuple[int, ...]]] = []
        try:
            for name in chance.choices(list(ACTS), [*ACTS.values()], k=length):
                numbers = tuple(chance.randrange(1_000_000) for _ in range(5))
                done.append((name, numbers))
                getattr(history, name)(*numbers)
                check_ageing(history)
            check_accounts(history)
            check_documents(history)
        except BaseException as error:
            error.add_note(f"seed {seed}, {len(done)} acts: {done}")
            raise
        kept.rollback()
    return history


@pytest.mark.parametrize("seed", [0, 4, 7, 10])
def test_statements_ageing_and_ledger_agree_with_the_model(db_session: Session, seed: int) -> None:
    history = acted_out(db_session, seed, 45)
    assert history.done > history.refused


@pytest.mark.performance
@pytest.mark.parametrize("seed", range(100, 130))
def test_they_agree_in_many_long_histories(db_session: Session, seed: int) -> None:
    acted_out(db_session, seed, 100)

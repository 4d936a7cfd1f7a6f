"""After any honest history of documents, notes and payments the audit trail has nothing to say."""

from __future__ import annotations

import random

import pytest
from sqlalchemy.orm import Session

from invo_cli.services import audit_trail
from invo_cli.services.audit_chain import Tally
from tests.factories import make_business, make_customer
from tests.ledger.histories import History
from tests.ledger.test_histories import ACTS

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_an_honest_history_has_no_findings(db_session: Session, seed: int) -> None:
    chance = random.Random(seed)
    business = make_business(db_session)
    history = History(db_session, business, [make_customer(db_session, business, name) for name in ("Asha", "Ravi")])
    for name in chance.choices(list(ACTS), [*ACTS.values()], k=60):
        getattr(history, name)(*(chance.randrange(1_000_000) for _ in range(5)))
    db_session.flush()
    tally = Tally()
    assert list(audit_trail.verify(db_session, tally)) == []
    assert min(tally.events, tally.documents, tally.payments, tally.allocations) > 5

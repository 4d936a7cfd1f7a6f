"""SIGKILL at random instants of an upgrade: the old version or the new one, and the next run completes."""

from __future__ import annotations

import json
from random import Random

import pytest

from invo_cli.db.head import HEAD, REVISIONS
from tests.conftest import ON_POSTGRESQL, Invo
from tests.db import schema_facts as facts
from tests.faults.books import Books, differences, home, leftovers, without
from tests.faults.running import KILLED, Zygote
from tests.faults.test_kills import SEED

pytestmark = pytest.mark.integration
OLD = REVISIONS[2]
UPGRADE = ("db", "upgrade", "-q")
TRAIL = ("audit_events", "books")
"""What tells of the upgrades themselves, which may have been two."""


@pytest.mark.parametrize("kills", [2, pytest.param(40, marks=pytest.mark.performance)], ids=["few", "many"])
def test_a_killed_upgrade_leaves_a_version_and_the_next_one_completes(
    kills: int, shop: Invo, books: Books, zygote: Zygote
) -> None:
    zygote.run("db", "downgrade", OLD, "--yes", "-q").require(0)
    kept = books.keep()
    last = zygote.instants(*UPGRADE)
    wanted, schema = without(books.state(), *TRAIL), _schema(books)
    allowed = REVISIONS[2:] if ON_POSTGRESQL else (OLD, HEAD)
    for instant in sorted(Random(f"{SEED} upgrade").sample(range(1, last), kills)):
        said = f"INVO_TEST_SEED={SEED}: killed at {instant} of {last}"
        books.put_back(kept)
        assert zygote.run(*UPGRADE, fault=f"kill:{instant}").status in (KILLED, 0), said
        books.be_left_alone()
        standing = json.loads(zygote.run("db", "current", "-o", "json").require(0).stdout)
        assert standing["revision"] in allowed, said
        zygote.run(*UPGRADE).require(0)
        found = without(books.state(), *TRAIL)
        assert found == wanted, (said, differences(found, wanted))
        assert _schema(books) == schema, said
        books.check(shop)
    assert not leftovers(home())


def _schema(books: Books) -> tuple[object, ...]:
    return facts.tables(books.url), facts.indexes(books.url), facts.triggers(books.url)

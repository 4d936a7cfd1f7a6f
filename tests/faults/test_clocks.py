"""A clock that jumps back over midnight, the year's end or decades: numbers go on, the trail stays in order."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Invo
from tests.faults.books import Books
from tests.faults.conftest import ASHA, LINE
from tests.faults.running import Zygote

pytestmark = pytest.mark.integration
ISSUE = ("invoice", "create", *ASHA, "--line", LINE, "-o", "json")
JUMPS = {
    "midnight": ("2026-10-21T00:00:01+05:30", "2026-10-20T23:59:59+05:30", "2026-10-21T00:00:02+05:30"),
    "financial year": ("2027-04-01T00:00:01+05:30", "2027-03-31T23:59:58+05:30", "2027-04-01T00:00:05+05:30"),
    "utc": ("2027-03-31T18:30:00Z", "2027-03-31T18:29:59Z", "2027-03-31T18:30:01Z"),
    "decades": ("2026-10-20T13:00:00+05:30", "2018-01-01T00:00:00+05:30", "2026-10-20T13:00:01+05:30"),
}


@pytest.mark.parametrize("jump", JUMPS)
def test_numbers_and_events_keep_their_order_whatever_the_clock_says(
    jump: str, shop: Invo, books: Books, zygote: Zygote, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    for now in JUMPS[jump] * 2:
        monkeypatch.setenv("INVO_NOW", now)
        done = zygote.run(*ISSUE).require(0)
        made.append(json.loads(done.stdout))
    serials: dict[str, list[int]] = {}
    for document in made:
        serials.setdefault(document["financial_year"], []).append(int(document["number"].rsplit("/", 1)[1]))
    for year, found in serials.items():
        assert found == list(range(found[0], found[0] + len(found))), (year, found)
    assert serials[made[0]["financial_year"]][0] == (3 if made[0]["financial_year"] == "2026-27" else 1)
    books.check(shop)


def test_a_clock_behind_the_newest_record_is_said(
    shop: Invo, books: Books, zygote: Zygote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INVO_NOW", "2026-10-19T12:00:00+05:30")
    done = zygote.run("invoice", "create", *ASHA, "--line", LINE).require(0)
    assert "clock" in done.stderr


def test_backups_and_jobs_do_not_care_for_the_clock(
    shop: Invo, books: Books, zygote: Zygote, monkeypatch: pytest.MonkeyPatch
) -> None:
    for now in ("2031-01-01T00:00:00Z", "2018-01-01T00:00:00Z", "2018-01-01T00:00:00Z"):
        monkeypatch.setenv("INVO_NOW", now)
        zygote.run("db", "backup").require(0)
    listed = json.loads(zygote.run("db", "backup", "list", "-o", "json").require(0).stdout)
    assert [row["status"] for row in listed] == ["ok"] * 3
    assert len({row["file"] for row in listed}) == 3

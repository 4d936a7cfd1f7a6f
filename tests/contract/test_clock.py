"""INVO_NOW: a frozen clock for tests and replays."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Invo, Process
from tests.contract.running import ASHA, LINE, record, refusal

pytestmark = pytest.mark.contract  # the shape of the command line, whatever the engine

DRY = ("invoice", "create", *ASHA, "--line", LINE, "--dry-run", "-o", "json")


@pytest.mark.parametrize(
    ("moment", "day", "year"),
    [
        ("2026-10-05", "2026-10-05", "2026-27"),
        ("2026-10-05T10:00:00+05:30", "2026-10-05", "2026-27"),
        ("2026-10-05T23:59:59", "2026-10-05", "2026-27"),
        ("2026-10-05T18:29:59Z", "2026-10-05", "2026-27"),
        ("2026-10-05T18:30:00Z", "2026-10-06", "2026-27"),
        ("2026-10-05 18:30:00z", "2026-10-06", "2026-27"),
        ("2026-10-05T18:30", "2026-10-05", "2026-27"),
        ("2026-10-05T23:00:00-08:00", "2026-10-06", "2026-27"),
        ("2027-03-31T23:59:58", "2027-03-31", "2026-27"),
        ("2027-03-31T18:30:00.123456Z", "2027-04-01", "2027-28"),
        ("2028-02-29", "2028-02-29", "2027-28"),
    ],
)
def test_today_is_the_day_in_india(
    shop: Process, invo: Invo, monkeypatch: pytest.MonkeyPatch, moment: str, day: str, year: str
) -> None:
    import json

    monkeypatch.setenv("INVO_NOW", moment)
    document = json.loads(invo(*DRY).stdout)
    assert (document["date"], document["financial_year"]) == (day, year)


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Asia/Tokyo", "UTC"])
def test_the_time_zone_of_the_machine_changes_nothing(
    shop: Process, monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    monkeypatch.setenv("TZ", zone)
    monkeypatch.setenv("INVO_NOW", "2026-10-05T23:30:00")
    assert record(shop(*DRY))["date"] == "2026-10-05"


@pytest.mark.parametrize(
    "moment",
    [
        "today", "0", "1790000000", "2026-10", "2026-02-29", "2026-13-01", "20261005", "2026-W40-1", "2026-10-05T25:00",
        "2026-10-05T10:00:00+25:00", "05-10-2026", "२०२६-१०-०५", "2026-10-05T10:00:00+05:30 ", "0000-01-01",
    ],
)  # fmt: skip
def test_anything_else_is_a_usage_error(
    shop: Process, invo: Invo, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    monkeypatch.setenv("INVO_NOW", moment)
    for command in (DRY[:-2], ("invoice", "list")):
        refused = invo(*command)
        assert (refused.exit_code, refused.stdout) == (2, "")
        assert refused.stderr.startswith("error: INVO_NOW")


def test_a_wrong_clock_through_the_process(shop: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_NOW", "tomorrow")
    assert "INVO_NOW" in refusal(shop("invoice", "list"), 2)


def test_a_protected_profile_refuses_a_frozen_clock(
    shop: Process, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_text("[profiles.production]\nprotected = true\n[profiles.play]\n")
    monkeypatch.setenv("INVO_NOW", "2026-10-05")
    assert "protected" in refusal(shop("--profile", "production", *DRY[:-2]), 2)
    assert record(shop("--profile", "play", *DRY))["date"] == "2026-10-05"


def test_a_clock_earlier_than_the_newest_record_is_a_warning(shop: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    shop("invoice", "create", *ASHA, "--line", LINE)
    monkeypatch.setenv("INVO_NOW", "2026-10-05")
    done = shop(*DRY)
    assert done.returncode == 0
    assert "warning: ORD-02" in done.stderr

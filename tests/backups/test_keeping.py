"""Which backups may go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from invo_cli.backups import keeping

pytestmark = pytest.mark.unit


def row(at: datetime, database: str = "a", reason: str | None = None) -> dict[str, Any]:
    name = f"{database}-{at:%Y%m%dT%H%M}"
    return {"file": name, "made_at": at.isoformat(), "database": database, "reason": reason, "status": "ok"}


def kept(rows: list[dict[str, Any]], plan: str) -> list[str]:
    gone = {one["file"] for one in keeping.superfluous(rows, keeping.parse(plan))}
    return [one["file"] for one in rows if one["file"] not in gone]


NOON = datetime(2026, 10, 5, 6, 30, tzinfo=UTC)
DAILY = [row(NOON - timedelta(days=days)) for days in range(400)]


def test_the_newest_of_each_day_week_and_month_stays() -> None:
    left = kept(DAILY, "7d,4w,12m")
    assert left[:7] == [one["file"] for one in DAILY[:7]]
    # The last day of each of the months before; weeks end on Sunday.
    assert "a-20260930T0630" in left
    assert "a-20251130T0630" in left
    assert "a-20251031T0630" not in left
    assert "a-20260927T0630" in left
    assert len(left) == 7 + 2 + 10


def test_a_day_without_a_backup_uses_up_no_rule() -> None:
    rows = [row(NOON), row(NOON - timedelta(days=30)), row(NOON - timedelta(days=60))]
    assert kept(rows, "2d") == [rows[0]["file"], rows[1]["file"]]


def test_a_day_ends_at_midnight_in_india() -> None:
    rows = [row(datetime(2026, 10, 5, 18, 40, tzinfo=UTC)), row(datetime(2026, 10, 5, 18, 20, tzinfo=UTC))]
    assert kept(rows, "2d") == [one["file"] for one in rows]


def test_the_backups_of_one_database_do_not_count_for_another() -> None:
    rows = [row(NOON), row(NOON - timedelta(days=90), database="b")]
    assert kept(rows, "1d") == [one["file"] for one in rows]


def test_what_has_no_manifest_or_was_made_before_an_upgrade_is_not_judged() -> None:
    nothing = {"made_at": None, "database": None, "status": "no manifest"}
    unknown = row(NOON - timedelta(days=9)) | nothing | {"file": "unknown"}
    rows = [row(NOON), row(NOON - timedelta(days=8), reason="upgrade"), unknown]
    assert kept(rows, "1d") == [one["file"] for one in rows]


def test_a_backup_that_is_not_whole_never_stands_for_a_whole_one() -> None:
    broken = [row(NOON) | {"status": "missing"}, row(NOON - timedelta(hours=1)) | {"status": "other size"}]
    whole = row(NOON - timedelta(hours=2))
    assert whole["file"] in kept([*broken, whole], "1d")

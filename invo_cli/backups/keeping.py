"""Which backups may go: the newest of each of the last days, weeks, months and years stays."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from invo_cli.backups import manifests
from invo_cli.errors import InvalidError

Plan = Mapping[str, int]
_INDIA = ZoneInfo("Asia/Kolkata")
_RULE = re.compile("([1-9][0-9]{0,3})([dwmy])")
_PERIODS: dict[str, Callable[[date], tuple[int, ...]]] = {
    "d": lambda day: (day.year, day.month, day.day),
    "w": lambda day: day.isocalendar()[:2],
    "m": lambda day: (day.year, day.month),
    "y": lambda day: (day.year,),
}
LAST_AUTOMATIC = 5


def parse(text: str) -> Plan:
    """Read `7d,4w,12m`: the newest backup of each of so many days, weeks, months or years (y)."""
    found = [_RULE.fullmatch(part.strip()) for part in text.split(",")]
    letters = [match[2] for match in found if match]
    if not all(found) or len(set(letters)) < len(found):
        raise InvalidError("That says not what to keep.", hint="Such as 7d,4w,12m: days, weeks, months, years (y).")
    return {match[2]: int(match[1]) for match in found if match}


def superfluous(rows: Iterable[Mapping[str, Any]], plan: Plan) -> list[Mapping[str, Any]]:
    """The backups that no rule keeps, oldest first; those of each database are judged by themselves.

    Backups that are not whole (`status`), and those made before an upgrade, are not judged: they neither go nor keep
    another one from staying. The newest always stays.
    """
    judged = [row for row in rows if row["status"] == manifests.WHOLE and not row["reason"]]
    gone: list[Mapping[str, Any]] = []
    for _, group in groupby(sorted(judged, key=_database), key=_database):
        newest_first = sorted(group, key=_age, reverse=True)
        kept = {str(row["file"]) for row in _kept(newest_first, plan)}
        gone += [row for row in reversed(newest_first) if row["file"] not in kept]
    return gone


def outnumbered(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The backups made before upgrades and the like, but for the last few of each database."""
    automatic = sorted((row for row in rows if row["made_at"] and row["reason"]), key=_database)
    gone: list[Mapping[str, Any]] = []
    for _, group in groupby(automatic, key=_database):
        gone += sorted(group, key=_age, reverse=True)[LAST_AUTOMATIC:]
    return gone


def remove(rows: Iterable[Mapping[str, Any]]) -> None:
    """Delete backups with their manifests; the manifest last, so that a killed run leaves no unknown file."""
    for row in rows:
        backup = Path(row["file"])
        backup.unlink(missing_ok=True)
        manifests.beside(backup).unlink(missing_ok=True)


def _kept(newest_first: list[Mapping[str, Any]], plan: Plan) -> list[Mapping[str, Any]]:
    kept = newest_first[:1]
    for letter, number in plan.items():
        first_of: dict[tuple[int, ...], Mapping[str, Any]] = {}
        for row in newest_first:
            first_of.setdefault(_PERIODS[letter](_day(row)), row)
        kept += list(first_of.values())[:number]
    return kept


def _day(row: Mapping[str, Any]) -> date:
    return datetime.fromisoformat(row["made_at"]).astimezone(_INDIA).date()


def _age(row: Mapping[str, Any]) -> tuple[datetime, str]:
    return datetime.fromisoformat(row["made_at"]), str(row["file"])


def _database(row: Mapping[str, Any]) -> str:
    return str(row["database"])

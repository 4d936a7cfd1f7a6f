"""The jobs that may run by themselves: what each runs, when, and which role its token needs."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

STAGGER = 7
"""Minutes between export jobs, so that they do not all begin at once."""
FIRST_EXPORT = 130
"""Minutes after midnight: after the backup."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A command line (without `invo`) and when it runs, both as cron and as systemd say it."""

    name: str
    summary: str
    arguments: tuple[str, ...]
    cron: str
    calendar: str
    delay: str
    """How far systemd may spread it, so that many machines do not run at one moment."""
    role: str
    """The weakest role whose token is enough."""
    problem: str | None = None
    """Why it cannot run by itself; None when it can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a job must be told, since neither cron nor systemd has the environment of a shell."""

    program: tuple[str, ...]
    environment: Mapping[str, str]
    tokens: Path | None
    """Folder with one file for each role; None when nobody has to sign in."""
    user: str


def of_the_program(metrics_file: Path) -> Iterator[Job]:
    """Backup, reminders, verification and metrics."""
    yield Job(
        name="backup",
        summary="A backup each night, and the old ones pruned",
        arguments=("db", "backup", "--keep", "7d,4w,12m"),
        cron="15 1 * * *",
        calendar="*-*-* 01:15:00",
        delay="10min",
        role="admin",
    )
    yield Job(
        name="remind",
        summary="Payment reminders on working days",
        arguments=("remind", "run"),
        cron="30 10 * * 1-6",
        calendar="Mon..Sat *-*-* 10:30:00",
        delay="5min",
        role="operator",
    )
    yield Job(
        name="verify",
        summary="The books recomputed and the audit trail proved each Sunday",
        arguments=("verify",),
        cron="40 3 * * 0",
        calendar="Sun *-*-* 03:40:00",
        delay="30min",
        role="exporter",
    )
    yield Job(
        name="metrics",
        summary="Figures for Prometheus every five minutes",
        arguments=("metrics", "--out", str(metrics_file)),
        cron="*/5 * * * *",
        calendar="*-*-* *:00/5:00",
        delay="30s",
        role="exporter",
    )


def exports(rows: Iterable[Mapping[str, object]]) -> Iterator[Job]:
    """The export jobs, each night, some minutes apart; those of a business name it."""
    for place, row in enumerate(rows):
        minutes = FIRST_EXPORT + place * STAGGER % (20 * 60)
        hour, minute = minutes // 60, minutes % 60
        name, business = str(row["name"]), row["business"]
        limit = () if business is None else ("--business", str(business))
        yield Job(
            name=name,
            summary=f"The export job {name} each night",
            arguments=("export", "job", "run", name, "--quiet-if-empty", *limit),
            cron=f"{minute} {hour} * * *",
            calendar=f"*-*-* {hour:02}:{minute:02}:00",
            delay="5min",
            role="exporter",
            problem="says nowhere where it writes" if row["out"] is None else None,
        )


def surroundings(tokens: Path | None) -> Surroundings:
    """This program, its home and its profile; a database URL holds a password and belongs into config.toml."""
    from invo_cli.commands import context
    from invo_cli.settings import get_settings, home

    environment = {"INVO_HOME": str(home().absolute()), "INVO_NO_INPUT": "1"}
    if get_settings().profile:
        environment["INVO_PROFILE"] = str(get_settings().profile)
    usual = home().absolute() / "tokens"
    folder = tokens.absolute() if tokens is not None else usual if usual.is_dir() else None
    return Surroundings(program=_program(), environment=environment, tokens=folder, user=context.first_act().os_user)


def _program() -> tuple[str, ...]:
    """How this program is called by its full path."""
    beside = Path(sys.executable).with_name("invo")
    return (str(beside),) if os.access(beside, os.X_OK) else (sys.executable, "-m", "invo_cli")

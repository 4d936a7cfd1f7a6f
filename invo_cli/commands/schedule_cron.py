"""The lines of a crontab (crontab(5)): settings first, then one line a job."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator

from invo_cli.commands.schedule_jobs import Job, Surroundings

_HEAD = (
    "# invo: what runs by itself. The times are those of this machine.",
    "# Two runs of one job at once do no harm: the second ends with status 7.",
    "# cron mails whatever is said: -q leaves the complaints, MAILTO says who gets them.",
)


def lines(jobs: Iterable[Job], around: Surroundings) -> Iterator[str]:
    """The crontab of a user."""
    found = list(jobs)
    yield from _HEAD
    yield "SHELL=/bin/sh"
    yield f"MAILTO={around.user}"
    yield from (f'{name}="{value}"' for name, value in around.environment.items())
    yield from tokens_needed(found, around)
    for job in found:
        yield f"# {job.summary}"
        yield f"{job.cron} {_escaped(_command(job, around))}"


def tokens_needed(jobs: Iterable[Job], around: Surroundings) -> Iterator[str]:
    """How to make the tokens that the jobs show."""
    if around.tokens is None:
        yield "# Nobody signs in here. Once there are users, make tokens and print this again with --tokens DIR."
        return
    for role in sorted({job.role for job in jobs}):
        made = f"invo token create --name schedule-{role} --role {role} --expires 365d -o json --fields token"
        yield f"# {made}"
        yield f"#   its token goes, alone, into {around.tokens / role} (mode 600)"


def _command(job: Job, around: Surroundings) -> str:
    shown = "" if around.tokens is None else f'INVO_TOKEN="$(cat {shlex.quote(str(around.tokens / job.role))})" '
    return shown + shlex.join([*around.program, *job.arguments, "-q"]) + " >/dev/null"


def _escaped(command: str) -> str:
    """A per cent sign would end the command, and begin its standard input."""
    return command.replace("%", "\\%")

"""A service and a timer of systemd for each job (systemd.service(5), systemd.timer(5), systemd.exec(5))."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator

from invo_cli.commands.schedule_cron import tokens_needed
from invo_cli.commands.schedule_jobs import Job, Surroundings

FINAL = "1 2 3 4 5 6 8 9 10"
"""The exit statuses after which nothing is gained by another try; 7 is what passes."""
_SANDBOX = (
    "UMask=0077",
    "NoNewPrivileges=yes",
    "PrivateTmp=yes",
    "ProtectKernelModules=yes",
    "ProtectKernelTunables=yes",
    "RestrictSUIDSGID=yes",
)


def units(jobs: Iterable[Job], around: Surroundings) -> dict[str, list[str]]:
    """The lines of each file by its name."""
    found: dict[str, list[str]] = {}
    for job in jobs:
        found[f"invo-{job.name}.service"] = list(_service(job, around))
        found[f"invo-{job.name}.timer"] = list(_timer(job))
    return found


def _service(job: Job, around: Surroundings) -> Iterator[str]:
    yield from tokens_needed([job], around)
    yield "[Unit]"
    yield f"Description=invo: {_literal(job.summary)}"
    yield "Wants=network-online.target"
    yield "After=network-online.target"
    yield "StartLimitIntervalSec=15min"
    yield "StartLimitBurst=5"
    yield ""
    yield "[Service]"
    yield "Type=oneshot"
    yield f"User={around.user}"
    yield from (f"Environment={_quoted(f'{name}={value}')}" for name, value in around.environment.items())
    yield "Environment=INVO_LOG=json"
    if around.tokens is not None:
        yield f"LoadCredential=invo-token:{_literal(str(around.tokens / job.role))}"
    yield f"ExecStart={_start(job, around)}"
    yield "Restart=on-failure"
    yield f"RestartPreventExitStatus={FINAL}"
    yield "RestartSec=60"
    yield from _SANDBOX


def _timer(job: Job) -> Iterator[str]:
    yield "[Unit]"
    yield f"Description=invo: {_literal(job.summary)}"
    yield ""
    yield "[Timer]"
    yield f"OnCalendar={job.calendar}"
    yield f"RandomizedDelaySec={job.delay}"
    yield "Persistent=true"
    yield ""
    yield "[Install]"
    yield "WantedBy=timers.target"


def _start(job: Job, around: Surroundings) -> str:
    """The command itself, or through a shell that reads the token, since an argument would be seen by everybody."""
    words = [*around.program, *job.arguments, "-q"]
    if around.tokens is None:
        return " ".join(map(_quoted, words))
    script = f'INVO_TOKEN="$(cat "$CREDENTIALS_DIRECTORY/invo-token")" exec {shlex.join(words)}'
    return f"/bin/sh -c {_quoted(script)}"


def _quoted(text: str) -> str:
    """One word for systemd: % begins a specifier there and $ a variable, so each is doubled."""
    inner = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{inner}"' if inner != text or not text or any(mark in text for mark in " \t'\";") else text


def _literal(text: str) -> str:
    return text.replace("%", "%%")

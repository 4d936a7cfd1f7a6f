"""One line of JSON on stderr for each run, for log collectors: INVO_LOG=json.

It tells what ran, not with what: arguments may hold names, amounts and secrets.
"""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from invo_cli.errors import InvoError
from invo_cli.options import RUN, rows_shown

_facts: ContextVar[dict[str, Any] | None] = ContextVar("what is known of this run", default=None)
_command: ContextVar[str | None] = ContextVar("the words of the command", default=None)


def name(noun: str, command: Any, arguments: list[str]) -> None:
    """Keep the words that lead to the command, such as `invoice list`, and nothing that was given to it."""
    words = [noun]
    for word in arguments:
        command = getattr(command, "commands", {}).get(word)
        if command is None:
            break
        words.append(word)
    _command.set(" ".join(words))


def command() -> str:
    """The words of this run, such as `invoice list`; none before the command is known."""
    return _command.get() or ""


def remember() -> None:
    """Keep what the settings and the door know, before they forget the run."""
    with suppress(MemoryError):  # whatever ends the run has been told; its log line may fail
        if _is_wanted():
            _facts.set(_known())


def write(status: int, began: float) -> None:
    """Write the line of a run that ends with this status; `began` is a reading of time.perf_counter."""
    facts = _facts.get()
    if facts is None or sys.stderr is None:
        return
    line = {
        "event": "run",
        "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "run": RUN,
        "command": _command.get(),
        **facts,
        "duration_ms": round((time.perf_counter() - began) * 1000),
        "rows": rows_shown.get(),
        "exit_status": status,
    }
    # ASCII alone: whatever somebody typed, it stays on one line and moves no cursor.
    with suppress(OSError, MemoryError):
        sys.stderr.write(json.dumps(line) + "\n")
        sys.stderr.flush()


def _is_wanted() -> bool:
    """Whether the line is asked for; a run that needs no settings only looks at the environment."""
    settings = sys.modules.get("invo_cli.settings")
    if settings is None:
        return os.environ.get("INVO_LOG") == "json"
    with suppress(InvoError):
        return bool(settings.get_settings().log == "json")
    return False


def _known() -> dict[str, Any]:
    """Business and actor, as far as the run came to know them."""
    facts: dict[str, Any] = {"business": None, "actor": None, "via": None}
    settings, entering = (sys.modules.get(f"invo_cli.{each}") for each in ("settings", "commands.entering"))
    with suppress(InvoError):
        if settings is not None:
            facts["business"] = settings.get_settings().business
        principal = entering.known() if entering is not None else None
        if principal is not None:
            facts |= {"actor": principal.name or _nobody(), "via": principal.key}
    return facts


def _nobody() -> str:
    """Who acts while there are no users."""
    from invo_cli.commands import context

    return context.first_act().actor

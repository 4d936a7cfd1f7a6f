"""What invo says beside the result: notes, warnings and errors, on stderr."""

from __future__ import annotations

import json
import os
import re
import sys
import traceback
from contextlib import suppress
from typing import Any

from invo_cli.errors import InvoError
from invo_cli.options import current
from invo_cli.views.text import safe

_SECRET = re.compile("(invo_[st]_)[A-Za-z0-9_-]{8,}")
"""A sign-in or a token that somebody typed where something else belongs."""


def note(sentence: str) -> None:
    """Say something useful that is not the result; silent with -q."""
    if not current.get().quiet:
        _line(sentence)


def warn(sentence: str) -> None:
    """Say that something is doubtful though it was done; silent with -q."""
    if not current.get().quiet:
        _line(f"warning: {sentence}")


def error(problem: InvoError) -> None:
    """Print a refusal: two lines for people, one JSON line for programs."""
    if (current.get().output or os.environ.get("INVO_OUTPUT")) in ("json", "jsonl"):
        body: dict[str, Any] = {"code": problem.error_code, "message": problem.message, "hint": problem.advice}
        if problem.details:
            body["details"] = problem.details
        _print(json.dumps({"error": body, "exit_code": problem.exit_status}, ensure_ascii=False, default=str))
        return
    _line(f"error: {problem.message}")
    _line(f"hint: {problem.advice}")


def trace(problem: BaseException) -> None:
    """Print where an error came from, for --debug; what it quotes can neither pass for a line of invo nor harm."""
    for line in "".join(traceback.format_exception(problem)).splitlines():
        _line(f"debug: {line}")


def _line(sentence: str) -> None:
    _print(safe(sentence))


def _print(line: str) -> None:
    # Without a stderr `print` would write into the result.
    if sys.stderr is not None:
        # A full stderr is no reason to fail what may be done already.
        with suppress(OSError):
            print(_SECRET.sub(r"\1***", line), file=sys.stderr, flush=True)

"""The global options of one run, as typed before or after the command; flags win over every other setting."""

from __future__ import annotations

import os
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GlobalOptions:
    """What stood on the command line; None means: not given there."""

    output: str | None = None
    fields: str | None = None
    business: str | None = None
    profile: str | None = None
    no_input: bool = False
    yes: bool = False
    quiet: bool = False
    verbose: int = 0
    debug: bool = False
    no_color: bool = False
    max_lag: int | None = None
    """Of the commands that read on a standby only."""


is_stored: ContextVar[bool] = ContextVar("is_stored", default=False)
"""Whether this run has committed anything: what it did then stands, whatever becomes of its output."""
rows_shown: ContextVar[int] = ContextVar("rows_shown", default=0)
"""How many records this run has printed."""
RUN = os.urandom(6).hex()
"""What the log lines of one run have in common."""
current: ContextVar[GlobalOptions] = ContextVar("current", default=GlobalOptions())  # noqa: B039 - frozen

"""The global options of one run, as typed before or after the command; flags win over every other setting."""

from __future__ import annotations

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


is_stored: ContextVar[bool] = ContextVar("is_stored", default=False)
"""Whether this run has committed anything: what it did then stands, whatever becomes of its output."""
current: ContextVar[GlobalOptions] = ContextVar("current", default=GlobalOptions())  # noqa: B039 - frozen

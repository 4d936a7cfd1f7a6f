"""Instants of a run that can be named: the N-th event that Python's profiler sees, the same in every run.

A call, a return, a call of C or its return is an event, so every statement, write, rename and commit has one before and
one after it. Runs inside the process that suffers.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any

SIGNALS = {"kill": signal.SIGKILL, "int": signal.SIGINT, "term": signal.SIGTERM, "stop": signal.SIGSTOP}
CPU_SECONDS = 20
"""Far more than a command takes whose memory is limited."""
LIMITS = {"fsize": resource.RLIMIT_FSIZE}
Profiler = Callable[[FrameType, str, Any], None]


def arm(fault: str | None) -> None:
    """Prepare one fault: `kill:1234` (also int, term, stop), `fsize:4096`, `memory:1000000` or `count:FILE`."""
    if fault is None:
        return
    kind, _, value = fault.partition(":")
    if kind == "count":
        sys.setprofile(_counter(Path(value)))
    elif kind == "memory":
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + int(value),) * 2)
        # psycopg asks without end whether libpq's buffer of a COPY can grow.
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS,) * 2)
    elif kind in LIMITS:
        resource.setrlimit(LIMITS[kind], (int(value),) * 2)
    else:
        sys.setprofile(_sender(SIGNALS[kind], int(value)))


def _counter(path: Path) -> Profiler:
    """Keep the number of events in a file, which is complete when the process leaves by sys.exit."""
    events = count(1)

    def note(frame: FrameType, event: str, argument: Any) -> None:
        number = next(events)
        if event == "c_call" and argument is sys.exit:
            sys.setprofile(None)
            path.write_text(str(number))

    return note


def _sender(number: signal.Signals, instant: int) -> Profiler:
    """Send this process a signal at the given event."""
    left = iter(range(instant - 1))

    def wait(frame: FrameType, event: str, argument: Any) -> None:
        if next(left, None) is None:
            sys.setprofile(None)
            os.kill(os.getpid(), number)

    return wait

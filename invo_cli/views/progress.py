"""How far a long run is: one line on stderr that is written over, and only for a person who watches."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from invo_cli.options import current

_PAUSE = 0.2
_CLEAR = "\r\x1b[K"


def is_watched(target: str = "") -> bool:
    """Whether to show anything: stderr is a terminal, -q was not given, and the result (-) is not on it, too."""
    is_terminal = sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    return is_terminal and not current.get().quiet and not (target == "-" and sys.stdout.isatty())


@contextmanager
def watched(what: str, count: int, target: str) -> Iterator[Callable[[int], None]]:
    """The same as `shown` where somebody watches; else what is called does nothing."""
    if not is_watched(target):
        yield lambda _done: None
        return
    with shown(what, count) as show:
        yield show


@contextmanager
def shown(what: str, count: int) -> Iterator[Callable[[int], None]]:
    """A function to call with the number of rows that are done; what it shows is wiped when the block ends."""
    begun = last = time.monotonic()

    def show(done: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _PAUSE and now > begun:
            last = now
            print(_CLEAR + line(what, done, count, now - begun), end="", file=sys.stderr, flush=True)

    try:
        yield show
    finally:
        print(_CLEAR, end="", file=sys.stderr, flush=True)


def line(what: str, done: int, count: int, seconds: float) -> str:
    """Rows, rate and the time that is left."""
    rate = done / seconds if seconds else 0
    left = max(count - done, 0) / rate if rate else 0
    share = f"{100 * done // count} %" if count else ""
    return f"{what}: {done:,} of {count:,} rows  {share}  {rate:,.0f}/s  {int(left) // 60}:{int(left) % 60:02} left"

"""The terminal: whether somebody watches, and a rich console that obeys no markup found in data."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from invo_cli.options import current

if TYPE_CHECKING:
    from rich.console import Console


def is_watched() -> bool:
    """Whether stdout is a terminal."""
    return sys.stdout.isatty()


def console() -> Console:
    """A console on stdout: NO_COLOR and TERM=dumb win over everything, data is never markup."""
    from rich.console import Console

    plain = current.get().no_color or bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    return Console(file=sys.stdout, markup=False, highlight=False, emoji=False, no_color=plain or None, soft_wrap=False)

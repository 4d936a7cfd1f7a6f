"""A table on the terminal: as wide as its figures need, since a cut amount is a wrong amount."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from invo_cli.views.terminal import console
from invo_cli.views.text import safe

Heading = tuple[str, bool, bool]
"""The words, whether the column is set to the right, and whether its text may be broken into lines."""


def print_table(headings: Sequence[Heading], rows: Iterable[Sequence[str]]) -> None:
    """Print a table; where the terminal is too narrow for the figures, its lines run over rather than lose digits."""
    from rich.box import SIMPLE_HEAD
    from rich.measure import Measurement
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for words, right, wraps in headings:
        table.add_column(
            words,
            justify="right" if right else "left",
            no_wrap=not wraps,
            overflow="fold",
            min_width=12 if wraps else None,
        )
    for row in rows:
        table.add_row(*(Text(safe(cell)) for cell in row))
    target = console()
    needed = Measurement.get(target, target.options.update(width=10_000), table).minimum
    target.width = max(target.width, needed)
    target.print(table, crop=False)

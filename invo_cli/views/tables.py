"""A table on the terminal: as wide as its figures need, since a cut amount is a wrong amount."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from invo_cli.views.terminal import console
from invo_cli.views.text import safe

if TYPE_CHECKING:
    from rich.console import Console

Heading = tuple[str, bool, bool]
"""The words, whether the column is set to the right, and whether its text may be broken into lines."""


def print_table(headings: Sequence[Heading], rows: Iterable[Sequence[str]], target: Console | None = None) -> None:
    """Print a table on a console, by default on stdout; where it is too narrow for the figures, lines run over."""
    from rich.box import SIMPLE_HEAD
    from rich.cells import cell_len
    from rich.measure import Measurement
    from rich.table import Table
    from rich.text import Text

    cells = [[Text(safe(cell)) for cell in row] for row in rows]
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for place, (words, right, wraps) in enumerate(headings):
        table.add_column(
            words,
            justify="right" if right else "left",
            no_wrap=not wraps,
            overflow="fold",
            # rich thinks that a cell may be cut at its spaces even where it must not wrap.
            min_width=12 if wraps else max([cell_len(words), *(row[place].cell_len for row in cells)]),
        )
    for row in cells:
        table.add_row(*row)
    target = target or console()
    needed = Measurement.get(target, target.options.update(width=10_000), table).minimum
    target.width = max(target.width, needed)
    target.print(table, crop=False)

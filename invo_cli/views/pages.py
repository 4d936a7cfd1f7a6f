"""Pages for one record: a heading and its fields, one a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from invo_cli.views.listing import as_text
from invo_cli.views.terminal import console
from invo_cli.views.text import safe


def print_fields(heading: str, row: Mapping[str, Any], *, skip: tuple[str, ...] = ()) -> None:
    """Print what is known of a record; empty fields are left out."""
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2))
    for label, value in _flat(row, skip):
        grid.add_row(Text(label, style="dim"), Text(safe(value)))
    target = console()
    target.print(Text(safe(heading), style="bold"))
    target.print(grid)


def _flat(row: Mapping[str, Any], skip: tuple[str, ...], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in row.items():
        if value is None or key in skip:
            continue
        label = f"{prefix}{key.replace('_', ' ')}"
        if isinstance(value, Mapping):
            yield from _flat(value, (), f"{label} ")
        else:
            yield label, as_text(value)

"""A report as a page for a person: heading, table, chart; on the terminal, or as HTML and SVG."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from invo_cli.views.listing import Listing, Row, cell
from invo_cli.views.tables import print_table
from invo_cli.views.terminal import console
from invo_cli.views.text import safe

if TYPE_CHECKING:
    from rich.console import Console

PAGE_WIDTH = 100
"""Columns of a page in a file; a wider table makes it wider."""
Draw = Callable[["Console", bool], None]
"""Draws on a console; the flag says whether to keep to ASCII."""

# rich's own templates frame the picture as a terminal and fetch a font from the network.
_HTML = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<title>%s</title>
<style>
{stylesheet}
body {{ color: {foreground}; background-color: {background}; }}
pre {{ font-family: Menlo, 'DejaVu Sans Mono', Consolas, monospace; line-height: 1.2; }}
</style>
</head>
<body>
<pre><code style="font-family:inherit">{code}</code></pre>
</body>
</html>
"""
_SVG = """<svg viewBox="0 0 {terminal_width} {terminal_height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{
  font: {char_height}px Menlo, 'DejaVu Sans Mono', Consolas, monospace; line-height: {line_height}px;
}}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal"><rect width="{terminal_width}" height="{terminal_height}"/></clipPath>
{lines}
</defs>
<rect width="100%" height="100%" fill="#ffffff"/>
<g clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A report; `total` is the last line of its table."""

    title: str
    listing: Listing
    rows: Sequence[Row]
    total: Row | None = None
    chart: Draw | None = None

    @property
    def lines(self) -> Sequence[Row]:
        """The rows and the total."""
        return self.rows if self.total is None else [*self.rows, self.total]

    def draw(self, target: Console, in_ascii: bool) -> None:
        """Draw it."""
        heading(self.title, target)
        draw_table(self.listing, self.lines, target)
        if self.chart is not None:
            self.chart(target, in_ascii)


def heading(words: str, target: Console) -> None:
    """A line in bold."""
    from rich.text import Text

    target.print(Text(safe(words), style="bold"), soft_wrap=True)


def draw_table(listing: Listing, rows: Sequence[Row], target: Console) -> None:
    """All columns of a listing."""
    columns = listing.chosen(None)
    headings = [(column.heading, column.money or column.right, column.wraps) for column in columns]
    print_table(headings, ([cell(row.get(column.key), column) for column in columns] for row in rows), target)


def show(draw: Draw) -> None:
    """Draw on the terminal."""
    draw(console(), os.environ.get("TERM") == "dumb")


def as_html(title: str, draw: Draw) -> str:
    """The page as an HTML document that needs nothing else."""
    import html

    return _recorded(draw).export_html(code_format=_HTML % _escaped(html.escape(title)))


def as_svg(title: str, draw: Draw) -> str:
    """The page as a picture that needs nothing else; the same page is the same picture."""
    from rich.terminal_theme import DEFAULT_TERMINAL_THEME

    return _recorded(draw).export_svg(title=title, code_format=_SVG, theme=DEFAULT_TERMINAL_THEME)


def _recorded(draw: Draw) -> Console:
    import io

    from rich.console import Console

    target = Console(
        file=io.StringIO(),
        record=True,
        width=PAGE_WIDTH,
        force_terminal=True,
        color_system="truecolor",
        no_color=False,
        markup=False,
        highlight=False,
        emoji=False,
        _environ={},
    )
    draw(target, False)
    return target


def _escaped(text: str) -> str:
    """For a template of str.format."""
    return text.replace("{", "{{").replace("}", "}}")

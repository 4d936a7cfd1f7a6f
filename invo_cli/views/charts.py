"""Bars and sparklines made of characters: blocks, or ASCII on a terminal that cannot show them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from invo_cli.gst.money import format_indian
from invo_cli.views.text import safe

if TYPE_CHECKING:
    from rich.console import Console

BARS = 12
"""How many rows are drawn: the last of a series, else the largest."""
POINTS = 60
_BAR_WIDTH, _LABEL_WIDTH = 30, 28
_EIGHTHS = "▏▎▍▌▋▊▉█"
_HEIGHTS = "▁▂▃▄▅▆▇█"
_ASCII_HEIGHTS = "_.-:=+*#"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What is drawn of the rows of a report: an amount for each label."""

    labels: tuple[str, ...]
    """The fields that say what a bar stands for; those of one label are added up."""
    amount: str
    is_series: bool = False
    """The label is a month or a day: there is a sparkline, too."""


def draw(chart: Chart, rows: Sequence[Mapping[str, Any]], target: Console, in_ascii: bool) -> None:
    """Draw the rows; one bar alone is no chart."""
    points = _points(chart, rows)
    if len(points) < 2:
        return
    if chart.is_series:
        target.print()
        _draw_line(points[-POINTS:], target, in_ascii)
        points = points[-BARS:]
    draw_bars(points[:BARS], target, in_ascii)


def draw_bars(points: Sequence[tuple[str, Decimal]], target: Console, in_ascii: bool) -> None:
    """A line for each point, after an empty one: its label, a bar, the amount."""
    from rich.cells import cell_len, set_cell_size
    from rich.text import Text

    largest = max((amount for _, amount in points), default=Decimal(0))
    labels = [safe(label) for label, _ in points]
    width = min(_LABEL_WIDTH, max(map(cell_len, labels), default=0))
    target.print()
    figures = [format_indian(amount) for _, amount in points]
    for label, (_, amount), figure in zip(labels, points, figures, strict=True):
        drawn = bar(amount, largest, in_ascii=in_ascii).ljust(_BAR_WIDTH)
        line = Text(set_cell_size(label, width)) + Text(f"  {drawn}  ", style="cyan")
        target.print(line + Text(figure.rjust(max(map(len, figures)))), soft_wrap=True)


def bar(amount: Decimal, largest: Decimal, *, in_ascii: bool) -> str:
    """A bar in proportion, the largest as wide as there is room; nothing for what is not above zero."""
    if amount <= 0:
        return ""
    eighths = max(1, int(amount * _BAR_WIDTH * 8 / largest))
    if in_ascii:
        return "#" * max(1, eighths // 8)
    return _EIGHTHS[-1] * (eighths // 8) + (_EIGHTHS[eighths % 8 - 1] if eighths % 8 else "")


def sparkline(amounts: Sequence[Decimal], *, in_ascii: bool) -> str:
    """One character for each amount, as high as it is large; negative ones lie on the ground."""
    heights = _ASCII_HEIGHTS if in_ascii else _HEIGHTS
    largest = max([*amounts, Decimal(0)])
    return "".join(heights[int(max(amount, Decimal(0)) * 7 / largest) if largest else 0] for amount in amounts)


def _draw_line(points: Sequence[tuple[str, Decimal]], target: Console, in_ascii: bool) -> None:
    from rich.text import Text

    drawn = sparkline([amount for _, amount in points], in_ascii=in_ascii)
    line = Text(f"{points[0][0]} ") + Text(drawn, style="cyan") + Text(f" {points[-1][0]}")
    target.print(line, soft_wrap=True)


def _points(chart: Chart, rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, Decimal]]:
    """Every month or day from the first to the last, or the labels with the largest amounts first."""
    found: dict[str, Decimal] = {}
    for row in rows:
        label = " ".join(str(row[key]) for key in chart.labels if row[key] is not None)
        found[label] = found.get(label, Decimal(0)) + Decimal(row[chart.amount])
    if chart.is_series and found:
        return [(label, found.get(label, Decimal(0))) for label in _between(min(found), max(found))]
    return sorted(found.items(), key=lambda point: point[1], reverse=True)


def _between(first: str, last: str) -> Iterator[str]:
    """The months YYYY-MM, or the days YYYY-MM-DD, from one to another."""
    if len(first) > len("2026-10"):
        begin, end = date.fromisoformat(first), date.fromisoformat(last)
        yield from (str(begin + timedelta(days=number)) for number in range((end - begin).days + 1))
        return
    start, stop = (int(label[:4]) * 12 + int(label[5:]) - 1 for label in (first, last))
    yield from (f"{month // 12:04}-{month % 12 + 1:02}" for month in range(start, stop + 1))

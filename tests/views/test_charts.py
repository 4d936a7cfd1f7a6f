"""Bars and sparklines."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from rich.console import Console

from invo_cli.views.charts import BARS, Chart, bar, draw, sparkline

pytestmark = pytest.mark.unit


def drawn(chart: Chart, rows: list[dict[str, str | None]], *, in_ascii: bool = False) -> list[str]:
    target = Console(file=io.StringIO(), width=80, markup=False, color_system=None)
    draw(chart, rows, target, in_ascii)
    assert isinstance(target.file, io.StringIO)
    return target.file.getvalue().splitlines()


@pytest.mark.parametrize(
    ("amount", "blocks", "ascii"),
    [(240, "█" * 30, "#" * 30), (120, "█" * 15, "#" * 15), (1, "▏", "#"), (9, "█▏", "#"), (0, "", ""), (-5, "", "")],
)
def test_a_bar_is_as_long_as_its_amount(amount: int, blocks: str, ascii: str) -> None:
    assert bar(Decimal(amount), Decimal(240), in_ascii=False) == blocks
    assert bar(Decimal(amount), Decimal(240), in_ascii=True) == ascii


def test_a_sparkline_is_as_high_as_its_amounts() -> None:
    amounts = [Decimal(amount) for amount in (0, 1, 4, 7, -3)]
    assert sparkline(amounts, in_ascii=False) == "▁▂▅█▁"
    assert sparkline(amounts, in_ascii=True) == "_.=#_"
    assert sparkline([Decimal(0)] * 3, in_ascii=False) == "▁▁▁"
    assert sparkline([Decimal(-1)] * 2, in_ascii=False) == "▁▁"


def test_a_month_without_anything_is_drawn_too() -> None:
    chart = Chart(labels=("month",), amount="net", is_series=True)
    lines = drawn(chart, [{"month": "2026-11", "net": "5.00"}, {"month": "2027-01", "net": "10.00"}])
    assert lines[1] == "2026-11 ▄▁█ 2027-01"
    assert [line[:7] for line in lines[3:]] == ["2026-11", "2026-12", "2027-01"]


def test_rows_of_one_label_are_one_bar_and_the_largest_come_first() -> None:
    chart = Chart(labels=("code", "name"), amount="net")
    rows: list[dict[str, str | None]] = [
        {"code": "A", "name": "x", "net": "1.00"},
        {"code": "B", "name": None, "net": "2.00"},
        {"code": "A", "name": "x", "net": "3.00"},
    ]
    assert [line.split() for line in drawn(chart, rows, in_ascii=True)[1:]] == [
        ["A", "x", "#" * 30, "4.00"],
        ["B", "#" * 15, "2.00"],
    ]


def test_one_bar_is_no_chart_and_many_are_cut() -> None:
    chart = Chart(labels=("code",), amount="net")
    rows: list[dict[str, str | None]] = [{"code": f"C{place}", "net": f"{place}.00"} for place in range(40)]
    assert drawn(chart, rows[:1]) == drawn(chart, []) == []
    lines = drawn(chart, rows)
    assert len(lines) == 1 + BARS
    assert lines[1].startswith("C39")


def test_wide_letters_and_long_names_keep_the_bars_in_line() -> None:
    chart = Chart(labels=("name",), amount="net")
    lines = drawn(chart, [{"name": "山" * 40, "net": "2.00"}, {"name": "x\x1b[31m", "net": "1.00"}])
    assert lines[1].startswith("山" * 14 + "  █")
    assert "\x1b" not in "".join(lines)
    assert lines[2].index("█") == 30

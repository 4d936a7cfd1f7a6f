"""Measuring: CPU of whole processes in round robin, medians of per-round ratios, and a table of results."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

IS_FULL = bool(os.environ.get("INVO_BENCH_FULL"))
"""Whether to measure at the sizes that the targets are about, and not at those that take minutes together."""
TOP = Path(__file__).resolve().parents[1]
ROUNDS = 11
"""Rounds that count; one more goes before them to warm the caches of the machine."""
Seconds = list[float]


def environment(home: Path) -> dict[str, str]:
    """The environment of a measured process: this checkout, a home of its own, and no settings of the developer."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("INVO_", "COV_", "PYTHON")) and name not in ("DATABASE_URL", "DB_URL")
    }
    return kept | {"INVO_HOME": str(home), "PYTHONPATH": str(TOP), "COLUMNS": "120", "NO_COLOR": "1"}


def output(argv: Sequence[str], env: Mapping[str, str]) -> str:
    """What a command prints; it must succeed."""
    return subprocess.run(argv, env=env, check=True, capture_output=True, text=True, encoding="utf-8").stdout


def cpu(argv: Sequence[str], env: Mapping[str, str]) -> float:
    """User and system CPU seconds of one process that must succeed."""
    with subprocess.Popen(argv, env=env, stdout=subprocess.DEVNULL) as child:
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{' '.join(argv)} ended with {child.returncode}")
    return usage.ru_utime + usage.ru_stime


def round_robin(commands: Mapping[str, Sequence[str]], env: Mapping[str, str]) -> dict[str, Seconds]:
    """The CPU seconds of each command in each round, so that a busy machine is busy for all of them."""
    found: dict[str, Seconds] = {name: [] for name in commands}
    for _ in range(ROUNDS + 1):
        for name, argv in commands.items():
            found[name].append(cpu(argv, env))
    return {name: seconds[1:] for name, seconds in found.items()}


def ratio(measured: Sequence[float], yardstick: Sequence[float]) -> float:
    """The median of the ratios of the rounds."""
    return median(one / other for one, other in zip(measured, yardstick, strict=True))


def show(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table: the first column to the left, figures to the right."""
    widths = [max(map(len, column)) for column in zip(headings, *rows, strict=True)]
    print(f"\n{title}")
    for row in (headings, *rows):
        cells = [cell.rjust(width) for cell, width in zip(row, widths, strict=True)]
        print("  ".join([row[0].ljust(widths[0]), *cells[1:]]).rstrip())

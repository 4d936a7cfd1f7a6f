"""The CPU of whole commands: against an empty Python, and against a bare script that lists the same invoices."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks import books, measure
from benchmarks.books import INVO

ROWS = 20
EMPTY, BARE = "python -c pass", "bare script, 20 rows"
# What a command may cost: how many times which yardstick.
TARGETS = {"invo --help": (16.0, EMPTY), "invo invoice list -o table": (1.3, BARE)}
COMMANDS = (
    "invo --version",
    "invo --help",
    "invo completion bash",
    "invo invoice --help",
    "invo invoice list -o table",
    "invo invoice list -o plain",
    "invo invoice show D-1 -o table",
    "invo invoice create --customer C-0001 --line Fan:1:100 --dry-run",
)


def run() -> None:
    """Measure every command in round robin and print its cost beside the two yardsticks."""
    with TemporaryDirectory(prefix="invo-bench-") as folder:
        home = Path(folder)
        issue = books.issuer(books.prepare(home))
        for _ in range(ROWS - 1):
            issue()
        env = measure.environment(home)
        commands = _commands(home / "invo.db")
        _require_same_rows(commands, env)
        spent = measure.round_robin(commands, env)
    measure.show(
        f"Start-up: CPU of a whole process, SQLite, median of {measure.ROUNDS} rounds",
        ("command", "ms", "x empty", "x bare", "at most"),
        [_row(name, spent) for name in commands],
    )


def _commands(database: Path) -> dict[str, Sequence[str]]:
    bare = str(Path(__file__).with_name("bare_list.py"))
    yardsticks = {EMPTY: (sys.executable, "-c", "pass"), BARE: (sys.executable, bare, str(database))}
    return yardsticks | {name: (*INVO, *name.split()[1:]) for name in COMMANDS}


def _require_same_rows(commands: Mapping[str, Sequence[str]], env: Mapping[str, str]) -> None:
    """Stop when the bare script does not print what invo prints: then it is no yardstick."""
    ours, bare = (
        {" ".join(line.split()) for line in measure.output(commands[name], env).splitlines() if "INV/" in line}
        for name in ("invo invoice list -o table", BARE)
    )
    if ours != bare or len(ours) != ROWS:
        sys.exit(f"The bare script prints other rows: {sorted(ours ^ bare)[:2]}")


def _row(name: str, spent: Mapping[str, measure.Seconds]) -> tuple[str, ...]:
    limit, yardstick = TARGETS.get(name, (None, None))
    costs = {against: measure.ratio(spent[name], spent[against]) for against in (EMPTY, BARE)}
    target = "" if yardstick is None else f"{limit:g} x {'empty' if yardstick == EMPTY else 'bare'}"
    return (name, f"{median(spent[name]) * 1000:.0f}", f"{costs[EMPTY]:.1f}", f"{costs[BARE]:.2f}", target)

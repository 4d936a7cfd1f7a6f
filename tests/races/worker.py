"""One of many processes that work on the same database: `python -m tests.races.worker TIMES COMMAND...`.

It says `ready`, waits for a line on stdin, and runs the command that many times (0: until it is killed), all in this
process. `{n}` in an argument is the number of the run; several commands are divided by `+` and take turns.
"""

from __future__ import annotations

import sys
from itertools import count

from invo_cli.cli import app, load


def run(arguments: list[str]) -> int:
    """One command; its exit code."""
    try:
        app(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)
    raise AssertionError("the program always leaves with an exit code")


def commands(words: list[str]) -> list[list[str]]:
    """The words divided at each `+`."""
    found: list[list[str]] = [[]]
    for word in words:
        if word == "+":
            found.append([])
        else:
            found[-1].append(word)
    return found


def main() -> int:
    times, turns = int(sys.argv[1]), commands(sys.argv[2:])
    load(turns[0][0])
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    failed = 0
    for number in range(times) if times else count():
        arguments = [word.replace("{n}", str(number)) for word in turns[number % len(turns)]]
        failed += run(arguments) != 0
        sys.stdout.flush()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

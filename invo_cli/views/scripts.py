"""Files for other programs, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def text(lines: Iterable[str]) -> str:
    """The whole file."""
    return "".join(f"{line}\n" for line in lines)


def show(lines: Iterable[str]) -> None:
    """Print one file on stdout."""
    print(text(lines), end="")


def show_files(files: Mapping[str, Iterable[str]]) -> None:
    """Print several files on stdout, each under its name."""
    for place, (name, lines) in enumerate(files.items()):
        print("" if place == 0 else "\n", "# ", name, sep="")
        show(lines)

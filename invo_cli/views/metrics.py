"""Metrics as Prometheus reads them: its text format, version 0.0.4."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

Families = Iterable[tuple[str, str, str, Iterable[tuple[Mapping[str, str], int | Decimal]]]]
"""Name, type, help and samples of each metric."""
_LABEL = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n"})
_HELP = str.maketrans({"\\": "\\\\", "\n": "\\n"})


def text(families: Families) -> str:
    """The whole page; a metric without samples still has its HELP and TYPE lines."""
    return "".join(f"{line}\n" for line in _lines(families))


def show(families: Families) -> None:
    """Print the page on stdout."""
    print(text(families), end="")


def _lines(families: Families) -> Iterator[str]:
    for name, kind, meaning, samples in families:
        yield f"# HELP {name} {meaning.translate(_HELP)}"
        yield f"# TYPE {name} {kind}"
        for labels, value in samples:
            yield f"{name}{_labels(labels)} {value}"


def _labels(labels: Mapping[str, str]) -> str:
    inner = ",".join(f'{key}="{value.translate(_LABEL)}"' for key, value in labels.items())
    return f"{{{inner}}}" if inner else ""

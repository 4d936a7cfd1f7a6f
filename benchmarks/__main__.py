"""python -m benchmarks [NAME ...]: run these benchmarks, or all; with INVO_BENCH_FULL=1 at the sizes of the targets."""

from __future__ import annotations

import sys
from importlib import import_module

NAMES = (
    "startup",
    "auth",
    "finding",
    "reports",
    "money",
    "pdf",
    "returns",
    "exporting",
    "importing",
    "auditing",
    "numbering",
)


def main() -> int:
    """Run the benchmarks named on the command line, one after the other."""
    wanted = sys.argv[1:] or NAMES
    unknown = [name for name in wanted if name not in NAMES]
    if unknown:
        print(f"There is no benchmark {unknown[0]}. There are: {', '.join(NAMES)}.", file=sys.stderr)
        return 2
    for name in wanted:
        import_module(f"benchmarks.{name}").run()
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""python -m invo_cli, and the installed `invo`."""

from __future__ import annotations

import gc
import os
import signal
import sys
from types import FrameType

IMPORTED_OBJECTS = 200_000
"""More than the imports of any command make: looking for garbage among them would take a tenth of a short run."""


def main() -> None:
    """Run one command and leave with its exit code; a closed pipe is silent, a full output is never success."""
    gc.set_threshold(IMPORTED_OBJECTS)
    from invo_cli.cli import app

    signal.signal(signal.SIGTERM, _terminated)
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - stays open until the process ends
        _leave(_cannot_write("it is closed"))
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    if sys.stderr is not None:
        sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        status = _run(app)
        sys.stdout.flush()
    except BrokenPipeError:
        status = 141
    except OSError as error:
        status = _cannot_write(error.strerror or str(error))
    _leave(status)


def _run(app: object) -> int:
    try:
        app()  # type: ignore[operator]
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    return 0


def _terminated(number: int, _frame: FrameType | None) -> None:
    # An exception, so that transactions roll back and half-written files are removed.
    raise SystemExit(128 + number)


def _cannot_write(reason: str) -> int:
    from invo_cli.errors import UnavailableError
    from invo_cli.views import remarks

    problem = UnavailableError(f"The output cannot be written: {reason}.", hint="Free some space, then run it again.")
    remarks.error(problem)
    return problem.exit_status


def _leave(status: int) -> None:
    # What is left in the buffer of a broken stdout must not raise again while Python shuts down.
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    # Nor needs anything be searched for garbage now that all memory is given back: a sixth of a short run.
    gc.freeze()
    sys.exit(status)


if __name__ == "__main__":
    main()

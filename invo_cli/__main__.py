"""python -m invo_cli, and the installed `invo`."""

from __future__ import annotations

import gc
import os
import signal
import sys
from types import FrameType

from invo_cli import __version__

IMPORTED_OBJECTS = 200_000
"""More than the imports of any command make: looking for garbage among them would take a tenth of a short run."""

_UNWRITABLE = "The output cannot be written:"


def main() -> None:
    """Run one command and leave with its exit code; a closed pipe is silent, a full output is never success."""
    gc.set_threshold(IMPORTED_OBJECTS)
    signal.signal(signal.SIGTERM, _terminated)
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - stays open until the process ends
        _leave(_refused(f"{_UNWRITABLE} it is closed.", "Give it a file or a pipe."))
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    if sys.stderr is not None:
        sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        status = _run()
        sys.stdout.flush()
    except BrokenPipeError:
        status = 141
    except OSError as error:
        status = _cannot(error)
    _leave(status)


def _run() -> int:
    if sys.argv[1:] == ["--version"]:
        print(f"invo {__version__}")  # noqa: T201 - asked by installers and scripts: nothing else is worth loading
        return 0
    from invo_cli.cli import app

    try:
        app()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    return 0


def _terminated(number: int, _frame: FrameType | None) -> None:
    # An exception, so that transactions roll back and half-written files are removed.
    raise SystemExit(128 + number)


def _cannot(error: OSError) -> int:
    """Only stdout has no name: every other file is told by it."""
    if error.filename is None:
        return _refused(f"{_UNWRITABLE} {error.strerror or error}.", "Free some space, then run it again.")
    return _refused(f"{error.filename} cannot be used: {error.strerror}.", "Check the path and its rights.")


def _refused(sentence: str, hint: str) -> int:
    from invo_cli.errors import UnavailableError
    from invo_cli.views import remarks

    problem = UnavailableError(sentence, hint=hint)
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

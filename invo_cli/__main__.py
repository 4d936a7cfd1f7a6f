"""python -m invo_cli, and the installed `invo`."""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from contextlib import suppress
from types import FrameType

from invo_cli import __version__

IMPORTED_OBJECTS = 200_000
"""More than the imports of any command make: looking for garbage among them would take a tenth of a short run."""

_reserve = bytearray(4 * 1024 * 1024)
"""Given back when memory runs out, so that it can be said; never written to, so it takes address space alone."""

_BEGAN = time.perf_counter()
_UNWRITABLE = "The output cannot be written:"
_STOPPED = {129: "Stopped: the terminal was closed.", 130: "Stopped by Ctrl-C.", 143: "Stopped by SIGTERM."}


def main() -> None:
    """Run one command and leave with its exit code; a closed pipe is silent, a full output is never success."""
    gc.set_threshold(IMPORTED_OBJECTS)
    _listen()
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - stays open until the process ends
        _leave(_refuse_closed())
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    if sys.stderr is not None:
        sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    status = _outcome()
    if status in _STOPPED:
        _say_stopped(status)
    _leave(status)


def _outcome() -> int:
    """Run the command; whatever it may end by, as an exit code."""
    try:
        _run()
        sys.stdout.flush()
    except BrokenPipeError:
        return 141
    except OSError as error:
        return _cannot(error)
    except (MemoryError, SystemError):  # the latter is Python without memory for the former
        _reserve.clear()
        return _out_of_memory()
    except KeyboardInterrupt:
        return 130
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    return 0


def _run() -> None:
    if sys.argv[1:] == ["--version"]:
        # Asked by installers and scripts: nothing else is worth loading.
        sys.stdout.write(f"invo {__version__}\n")
        return
    from invo_cli.cli import app

    app()


def _listen() -> None:
    signal.signal(signal.SIGTERM, _terminated)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup asks to outlive the terminal
        signal.signal(signal.SIGHUP, _terminated)


def _terminated(number: int, _frame: FrameType | None) -> None:
    # An exception, so that transactions roll back and half-written files are removed.
    raise SystemExit(128 + number)


def _out_of_memory() -> int:
    from invo_cli.options import is_stored

    if is_stored.get():
        return _refused_though_done("The memory is exhausted.")
    return _refused("The memory is exhausted.", "Close other programs, then run it again; nothing was changed.")


def _cannot(error: OSError) -> int:
    """Only stdout has no name: every other file is told by it."""
    from invo_cli.options import is_stored

    if error.filename is None and is_stored.get():
        return _refused_though_done(f"The result cannot be written: {error.strerror or error}.")
    if error.filename is None:
        return _refused(f"{_UNWRITABLE} {error.strerror or error}.", "Free some space, then run it again.")
    return _refused(f"{error.filename} cannot be used: {error.strerror}.", "Check the path and its rights.")


def _refuse_closed() -> int:
    from invo_cli.errors import InvoError
    from invo_cli.hoisting import hoist
    from invo_cli.options import current

    with suppress(InvoError):  # only the form of the refusal depends on the command line
        current.set(hoist(sys.argv[1:])[0])
    return _refused(f"{_UNWRITABLE} it is closed.", "Give it a file or a pipe.")


def _say_stopped(status: int) -> None:
    from invo_cli.errors import StoppedError
    from invo_cli.views import remarks

    remarks.error(StoppedError(_STOPPED[status], status))


def _refused_though_done(sentence: str) -> int:
    return _refused(f"{sentence} What was asked is done.", "Do not run it again: look at the record.", again=False)


def _refused(sentence: str, hint: str, *, again: bool = True) -> int:
    """Say so and give the exit code; `again` when the same command may be run again."""
    from invo_cli.errors import InvoError, UnavailableError
    from invo_cli.views import remarks

    problem = (UnavailableError if again else InvoError)(sentence, hint=hint)
    remarks.error(problem)
    return problem.exit_status


def _leave(status: int) -> None:
    if "invo_cli.commands.run_log" in sys.modules:
        from invo_cli.commands import run_log

        run_log.write(status, _BEGAN)
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

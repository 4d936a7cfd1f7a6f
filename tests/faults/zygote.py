"""A process that has imported the program and forks for each command: `python -m tests.faults.zygote`.

A command costs a tenth of a new process, so many can be killed. One JSON request a line on stdin, one answer a line on
stdout: `{"start": {…}}` gives the process id, `{"wait": ID}` its exit code (negative: the signal), `{"halted": ID}`
waits until it has stopped itself.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any

from invo_cli.__main__ import main
from invo_cli.cli import NOUNS, load
from tests.faults.instants import arm


def warm_up() -> None:
    """Import what commands import when they run."""
    import alembic.command
    import alembic.runtime.migration  # noqa: F401
    import psycopg  # noqa: F401
    import sqlalchemy.dialects.postgresql.psycopg
    import sqlalchemy.dialects.sqlite.pysqlite  # noqa: F401

    from invo_cli.backups import automatic, restoring  # noqa: F401
    from invo_cli.commands import entering  # noqa: F401
    from invo_cli.db import schema, session  # noqa: F401
    from invo_cli.services import importing, invoices, issuing, payments  # noqa: F401

    for noun in NOUNS:
        load(noun)


def serve() -> None:
    """Answer requests until stdin ends."""
    while line := sys.stdin.readline():
        request = json.loads(line)
        if "start" in request:
            answer = _start(request["start"])
        elif "wait" in request:
            answer = os.waitstatus_to_exitcode(os.waitpid(request["wait"], 0)[1])
        else:
            answer = _is_halted(request["halted"])
        sys.stdout.write(f"{json.dumps(answer)}\n")
        sys.stdout.flush()


def _start(wanted: dict[str, Any]) -> int:
    child = os.fork()
    if child == 0:
        _become(wanted)
    return child


def _is_halted(child: int) -> bool:
    # WNOWAIT: who has ended instead is still there to be waited for.
    found = os.waitid(os.P_PID, child, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
    return found is not None and found.si_code == os.CLD_STOPPED


def _become(wanted: dict[str, Any]) -> None:
    """Be the command; never returns."""
    os.environ.clear()
    os.environ.update(wanted["environment"])
    os.chdir(wanted["folder"])
    for descriptor, path in enumerate(wanted["streams"]):
        if path is None:
            os.close(descriptor)
            continue
        opened = os.open(path, os.O_RDONLY if descriptor == 0 else os.O_WRONLY | os.O_CREAT, 0o600)
        os.dup2(opened, descriptor)
        os.close(opened)
    if wanted["streams"][1] is None:
        sys.stdout = None
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    sys.argv = ["invo", *wanted["arguments"]]
    arm(wanted["fault"])
    main()


if __name__ == "__main__":
    warm_up()
    serve()

"""Commands that are started to be hurt, and what they say."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
CANARY = "c4nary"
KILLED = 137
STATUSES = {0, 3, 5, 7, 8, 10, 129, 130, 143}
"""What a command that suffered a fault may leave with: never 1, which is a bug, and never a signal of its own."""


@dataclass(frozen=True)
class Done:
    """How a run ended, with the status as a shell gives it: 137 when it was killed."""

    status: int
    stdout: str
    stderr: str

    def require(self, *statuses: int) -> Done:
        """It ended as documented, told it in one or two lines and kept its secrets."""
        assert self.status in (statuses or STATUSES), (self.status, self.stdout, self.stderr)
        for word in ("Traceback", "this is a bug", "Exception ignored", CANARY):
            assert word not in self.stdout + self.stderr, self.stderr
        return self


class Run:
    """A command on its way."""

    def __init__(self, zygote: Zygote, pid: int, outputs: tuple[Path, Path]) -> None:
        self._zygote, self.pid, self._outputs = zygote, pid, outputs

    def is_halted(self) -> bool:
        """Wait for the instant at which it stops itself; False when it has ended before."""
        return bool(self._zygote.ask("halted", self.pid))

    def go_on(self) -> None:
        """Let it continue."""
        self.send(signal.SIGCONT)

    def send(self, number: signal.Signals) -> None:
        """Send it a signal; it is not reaped before `end`, so the id is still its own."""
        os.kill(self.pid, number)

    def end(self) -> Done:
        """Wait for it."""
        status = self._zygote.ask("wait", self.pid)
        texts = [path.read_text(encoding="utf-8", errors="replace") for path in self._outputs]
        for path in self._outputs:
            path.unlink()
        # Python itself may leave by SIGINT: a Ctrl-C in the middle of exec() is noted even when it is caught.
        return Done(status if status >= 0 else 128 - status, *texts)


class Zygote:
    """The process that forks for each command; see `tests.faults.zygote`."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.zygote"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._folder = tempfile.TemporaryDirectory(prefix="invo-faults-")
        self._serial = 0

    def ask(self, what: str, value: Any) -> Any:
        """One request, one answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({what: value}) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def start(
        self, *arguments: str, fault: str | None = None, stdout: str | None = "", folder: Path | None = None
    ) -> Run:
        """Start a command with the environment of this test; `stdout` None is closed."""
        self._serial += 1
        outputs = tuple(Path(self._folder.name) / f"{self._serial}.{name}" for name in ("out", "err"))
        for path in outputs:
            path.touch()
        streams = [os.devnull, stdout if stdout is None else stdout or str(outputs[0]), str(outputs[1])]
        wanted = {
            "arguments": arguments,
            "environment": dict(os.environ),
            "fault": fault,
            "streams": streams,
            "folder": str(folder or ROOT),
        }
        return Run(self, self.ask("start", wanted), (outputs[0], outputs[1]))

    def run(self, *arguments: str, fault: str | None = None, **options: Any) -> Done:
        """Run a command to its end."""
        return self.start(*arguments, fault=fault, **options).end()

    def instants(self, *arguments: str, **options: Any) -> int:
        """How many instants a run of this command has; it is run for that."""
        path = Path(self._folder.name) / "instants"
        path.unlink(missing_ok=True)
        self.run(*arguments, fault=f"count:{path}", **options).require(0)
        return int(path.read_text())

    def close(self) -> None:
        """End it."""
        self._process.communicate()
        self._folder.cleanup()

"""Children that die with their parent, run by an account that PostgreSQL accepts (it refuses root)."""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
# Loaded before any fork: a forked child may not load libraries.
LIBC = ctypes.CDLL(None, use_errno=True)
HAS_DEATH_SIGNAL = sys.platform == "linux"


@dataclass(frozen=True)
class Account:
    """A user of the operating system."""

    uid: int
    gid: int


def unprivileged_account() -> Account | None:
    """The user to become when this process is root; otherwise None: the process stays what it is."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise RuntimeError("PostgreSQL does not run as root, and there is no user `postgres` or `nobody` to run it.")


@dataclass
class Child:
    """A running server; `watchdog` holds the pipe that tells it of its parent's death where the kernel does not."""

    process: subprocess.Popen[bytes]
    watchdog: subprocess.Popen[bytes] | None

    @property
    def pid(self) -> int:
        """The process id."""
        return self.process.pid

    def ended(self) -> bool:
        """Whether it is over."""
        return self.process.poll() is not None

    def stop(self, how: signal.Signals, seconds: float) -> None:
        """Send one signal, to this process only, and wait; a child that stays is killed."""
        if self.watchdog is not None:
            self.watchdog.kill()
            self.watchdog.communicate()
        self.process.send_signal(how)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start(
    command: Sequence[str], account: Account | None, folder: Path, log: IO[bytes], *, watch: bool = not HAS_DEATH_SIGNAL
) -> Child:
    """Start a command that gets SIGQUIT when this process dies, however it dies.

    In its own session, so that Ctrl-C on the terminal does not reach it before its user is done.
    """
    with warnings.catch_warnings():
        # Python 3.12 warns of forking beside threads; `_death_signal` only makes two system calls.
        warnings.simplefilter("ignore", DeprecationWarning)
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=_environment(),
            start_new_session=True,
            preexec_fn=None if watch else _death_signal(os.getpid()),
            **_identity(account),
        )
    return Child(process, _watchdog(process.pid) if watch else None)


def run(command: Sequence[str], account: Account | None, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a short command to its end."""
    return subprocess.run(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        env=_environment(),
        **_identity(account),
    )


def can_run(program: Path, account: Account | None) -> bool:
    """Whether the account can execute a program: a venv may lie in a folder that only its owner enters."""
    try:
        return run([str(program), "--version"], account, Path("/")).returncode == 0
    except PermissionError:
        return False


def _identity(account: Account | None) -> dict[str, Any]:
    return {} if account is None else {"user": account.uid, "group": account.gid, "extra_groups": []}


def _environment() -> dict[str, str]:
    # PGPORT, PGDATA and the like would speak into the server's own settings.
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def _death_signal(parent: int) -> Callable[[], None]:
    def ask_the_kernel() -> None:
        # After the change of user, which would clear it; before the exec, which keeps it.
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGQUIT, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return ask_the_kernel


def _watchdog(pid: int) -> subprocess.Popen[bytes]:
    # Its standard input ends when this process does.
    script = f"cat >/dev/null; kill -QUIT {pid}"
    return subprocess.Popen(["/bin/sh", "-c", script], stdin=subprocess.PIPE, start_new_session=True)

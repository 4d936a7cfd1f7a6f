"""A PostgreSQL server that belongs to one test run and is gone with it, even after SIGKILL.

    python -m tests.harness.postgres [--version 16] -- COMMAND ...

runs COMMAND with TEST_DB_URL set and ends with its exit status. A TEST_DB_URL that is set already is used as it is.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg

from tests.harness import binaries, folders, parenthood

SUPERUSER = "postgres"
DATABASE = "invo_test"
PORT = 5432
START_SECONDS = 60
STOP_SECONDS = 30

SETTINGS = {
    "listen_addresses": "",  # the socket lies in a private folder: nobody else can reach it
    "max_connections": "200",
    "timezone": "UTC",
}
# A throw-away server needs no disk: what a crash of the machine would lose is lost anyway.
CARELESS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "max_wal_size": "128MB",
}


class PostgresCluster:
    """One server with its own data; `durable` keeps every commit, for tests that kill it.

    `start` and `stop` may alternate on the same data. Leaving the `with` block removes everything. Start it from the
    main thread: on Linux the server ends with the thread that started it.
    """

    def __init__(self, version: int | None = None, *, durable: bool = False) -> None:
        self.account = parenthood.unprivileged_account()
        self.installation = self._usable(binaries.find(version))
        self.folder = folders.create(self.account, root=folders.fastest())
        self._settings = SETTINGS | ({} if durable else CARELESS)
        self._server: parenthood.Child | None = None

    def __enter__(self) -> Self:
        try:
            self._initialise()
            self.start()
            self.execute(f"CREATE DATABASE {DATABASE}")
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.remove()

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.folder / "data"

    @property
    def pid(self) -> int:
        """The postmaster's process id."""
        assert self._server is not None, "the server is not running"
        return self._server.pid

    def url(self, database: str = DATABASE) -> str:
        """SQLAlchemy URL of a database, for psycopg."""
        return f"postgresql+psycopg://{SUPERUSER}@/{database}?host={self.folder}&port={PORT}"

    def execute(self, statement: str) -> None:
        """Run one statement outside a transaction, such as CREATE DATABASE."""
        with self._connect() as connection:
            connection.execute(statement.encode())

    def value(self, query: str) -> Any:
        """The first value that a query finds, outside a transaction."""
        with self._connect() as connection:
            row = connection.execute(query.encode()).fetchone()
            return None if row is None else row[0]

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = [part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")]
        command = ["-D", str(self.data), "-k", str(self.folder), "-p", str(PORT), *options]
        with self._log.open("ab") as log:
            self._server = parenthood.start(self._program("postgres", *command), self.account, self.folder, log)
        self._wait_until_ready(self._server)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it: SIGINT rolls back what is open and closes the data properly, SIGQUIT is a crash."""
        server, self._server = self._server, None
        if server is not None:
            server.stop(how, STOP_SECONDS)

    def remove(self) -> None:
        """Stop the server and delete its data."""
        self.stop(signal.SIGQUIT)
        folders.remove(self.folder)

    @property
    def _log(self) -> Path:
        return self.folder / "server.log"

    def _program(self, name: str, *arguments: str) -> list[str]:
        return [str(self.installation.bin / name), *arguments]

    def _usable(self, found: binaries.Installation) -> binaries.Installation:
        if parenthood.can_run(found.bin / "postgres", self.account):
            return found
        return binaries.readable_copy(found)

    def _initialise(self) -> None:
        command = ["--no-sync", "--locale=C", "--encoding=UTF8", "--auth=trust", f"--username={SUPERUSER}"]
        done = parenthood.run(self._program("initdb", *command, "-D", str(self.data)), self.account, self.folder)
        if done.returncode:
            raise RuntimeError(f"initdb failed:\n{done.stdout}{done.stderr}")

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.folder), port=PORT, user=SUPERUSER, dbname="postgres", autocommit=True, connect_timeout=5
        )

    def _wait_until_ready(self, server: parenthood.Child) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                return self._connect().close()
            except psycopg.OperationalError as error:
                if server.ended() or time.monotonic() > deadline:
                    self.stop(signal.SIGQUIT)
                    raise RuntimeError(f"PostgreSQL did not start:\n{self._log.read_text()}") from error
            time.sleep(0.02)


def run_with_server(command: Sequence[str], version: int | None = None) -> int:
    """Run a command with TEST_DB_URL; its exit status, as a shell gives it."""
    if os.environ.get("TEST_DB_URL"):
        return _status(command, os.environ)
    with PostgresCluster(version) as cluster:
        return _status(command, {**os.environ, "TEST_DB_URL": cluster.url()})


def _status(command: Sequence[str], environment: Mapping[str, str]) -> int:
    child = subprocess.Popen(command, env=environment)
    # Ctrl-C reaches the command by itself; this program only has to outlive it.
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    status = child.wait()
    return status if status >= 0 else 128 - status


def main() -> int:
    """Entry point of `python -m tests.harness.postgres`."""
    parser = argparse.ArgumentParser(prog="python -m tests.harness.postgres", description=__doc__)
    parser.add_argument("--version", type=int, help="major version of the server")
    parser.add_argument("command", nargs="+")
    arguments = parser.parse_args()
    return run_with_server(arguments.command, arguments.version)


if __name__ == "__main__":
    sys.exit(main())

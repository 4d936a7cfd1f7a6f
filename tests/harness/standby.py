"""A hot standby of a test's own server: a copy of its data that follows it by streaming replication."""

from __future__ import annotations

import time
from typing import Self

from tests.harness import parenthood
from tests.harness.postgres import PORT, START_SECONDS, SUPERUSER, PostgresCluster


class PrimaryCluster(PostgresCluster):
    """A server that another one can follow: what is committed is in its log at once."""

    def __init__(self) -> None:
        super().__init__()
        self._settings |= {"synchronous_commit": "on", "full_page_writes": "on"}


class StandbyCluster(PostgresCluster):
    """A second server that takes no writes; it has the databases and roles of its primary, as of a moment ago."""

    def __init__(self, primary: PostgresCluster) -> None:
        super().__init__(primary.installation.version)
        self._primary = primary

    def __enter__(self) -> Self:
        try:
            self._initialise()
            self.start()
        except BaseException:
            self.remove()
            raise
        return self

    def pause(self) -> None:
        """Receive what the primary writes and show nothing of it."""
        self.execute("SELECT pg_wal_replay_pause()")
        until = time.monotonic() + START_SECONDS
        while self.value("SELECT pg_get_wal_replay_pause_state()") != "paused":
            assert time.monotonic() < until, "replay was not paused"
            time.sleep(0.01)

    def resume(self) -> None:
        """Go on, and show all that the primary has."""
        self.execute("SELECT pg_wal_replay_resume()")
        self.catch_up()

    def catch_up(self) -> None:
        """Wait until everything is shown that the primary has written."""
        position = self._primary.value("SELECT pg_current_wal_lsn()::text")
        until = time.monotonic() + START_SECONDS
        while not self.value(f"SELECT pg_last_wal_replay_lsn() >= '{position}'::pg_lsn"):
            assert time.monotonic() < until, "the standby does not follow"
            time.sleep(0.01)

    def _initialise(self) -> None:
        source = ["-h", str(self._primary.folder), "-p", str(PORT), "-U", SUPERUSER]
        manner = ["--checkpoint=fast", "--wal-method=stream", "--write-recovery-conf", "--no-sync"]
        command = self._program("pg_basebackup", *source, *manner, "-D", str(self.data))
        done = parenthood.run(command, self.account, self.folder)
        if done.returncode:
            raise RuntimeError(f"pg_basebackup failed:\n{done.stdout}{done.stderr}")

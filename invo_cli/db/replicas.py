"""The hot standby that reports, lists and exports read from: how far it is behind, told by the primary's own clock.

A read waits a moment for everything that the primary had written when the command began, so that nobody misses what
they have just stored. What has not arrived by then is known by age: a standby remembers when the newest transaction
that it shows was committed. It may be less behind than that, never more.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from invo_cli.db.engines import engine_for
from invo_cli.db.urls import is_postgresql, normalise
from invo_cli.errors import InvalidError, UnavailableError

WAIT = 2.0
"""Seconds in which the standby may catch up before its lag counts."""
STEP = 0.02
WORTH_SAYING = 1.0
"""A lag of more seconds is said."""
_RAISE = "Wait until it has caught up, raise it with --max-lag, or unset INVO_REPLICA_URL."
_NAME = "Name a hot standby of the primary, or unset INVO_REPLICA_URL."
_POSITION = """
    SELECT (SELECT system_identifier FROM pg_control_system()), pg_postmaster_start_time(), clock_timestamp(),
    (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END)::text"""
_PROGRESS = """
    SELECT (SELECT system_identifier FROM pg_control_system()), pg_postmaster_start_time(), pg_is_in_recovery(),
    coalesce(pg_last_wal_replay_lsn() >= CAST(%(position)s AS pg_lsn), false), pg_last_xact_replay_timestamp()"""


@dataclass(frozen=True, slots=True)
class Position:
    """Where the primary was at one moment: which cluster and server it is, its clock, and its write-ahead log."""

    cluster: int
    started: datetime
    at: datetime
    written: str


@dataclass(frozen=True, slots=True)
class Replica:
    """A standby to read from, as of a position of its primary."""

    engine: Engine
    primary: Position
    max_lag: float
    """In seconds."""
    late: Callable[[float], None]
    """Told by how many seconds at most the standby is behind, where that is worth saying."""

    def wait(self, connection: Connection) -> None:
        """Wait until the standby shows what the primary had; UnavailableError when it is too far behind.

        The connection is in no transaction, neither before nor after: the next snapshot is newer than what was asked.
        """
        began = time.monotonic()
        while (lag := self._lag(connection)) is not None:
            waited = time.monotonic() - began
            if waited > WAIT:
                self._judge(lag + waited)
                return
            time.sleep(STEP)

    def _lag(self, connection: Connection) -> float | None:
        """Seconds between the newest transaction replayed and the position; None when everything has arrived."""
        with connection.begin():
            found = connection.exec_driver_sql(_PROGRESS, {"position": self.primary.written}).one()
        cluster, started, is_standby, has_arrived, newest = found
        if cluster != self.primary.cluster or not (is_standby or started == self.primary.started):
            raise UnavailableError("INVO_REPLICA_URL names a server that is no standby of the primary.", hint=_NAME)
        if has_arrived or not is_standby:
            return None
        return float("inf") if newest is None else max(0.0, (self.primary.at - newest).total_seconds())

    def _judge(self, lag: float) -> None:
        if lag > self.max_lag:
            behind = "too far" if lag == float("inf") else f"{lag:.0f} seconds"
            raise UnavailableError(
                f"The replica is {behind} behind the primary; {self.max_lag:.0f} are allowed (INVO_MAX_LAG).",
                hint=_RAISE,
            )
        if lag > WORTH_SAYING:
            self.late(lag)


def engine(primary: Engine, url: str) -> Engine:
    """The engine of a replica; InvalidError unless it and the primary are PostgreSQL."""
    if primary.dialect.name != "postgresql" or not is_postgresql(normalise(url)):
        raise InvalidError("Only PostgreSQL has a replica to read from.", hint=_NAME)
    return engine_for(url)


def position(session: Session) -> Position:
    """Where the primary is now."""
    row: Any = session.connection().exec_driver_sql(_POSITION).one()
    return Position(*row)

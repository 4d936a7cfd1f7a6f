"""The shared session module: `read(work)` and `write(work)` run a function in one transaction.

Everything inside `work` commits together or not at all. `write` runs `work` again when the database refused it for
a reason that passes (lock, deadlock, serialization, connection lost before COMMIT), so `work` must have no effect
outside the database: ask before it, tell after it.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from invo_cli.db import faults
from invo_cli.db.engines import engine_for
from invo_cli.db.head import require_head
from invo_cli.db.replicas import Replica
from invo_cli.options import is_stored
from invo_cli.settings import get_settings

T = TypeVar("T")
ATTEMPTS = 6
PATIENCE = 30.0
"""Seconds after which a transaction that was refused is not run again."""
LOCK_TIMEOUT = "10s"
STATEMENT_TIMEOUT = "60s"


def write(work: Callable[[Session], T], *, dry_run: bool = False) -> T:
    """Run `work` in one writing transaction and commit it; with `dry_run` roll it back and return its result.

    Raises UnavailableError when the database stays locked or away, SchemaError when it is not at head.
    """
    until = time.monotonic() + PATIENCE
    with faults.translated():
        for attempt in range(1, ATTEMPTS):
            try:
                return _write_once(work, dry_run)
            except DBAPIError as error:
                if not faults.is_passing(error) or time.monotonic() > until:
                    raise
                # Jitter, so that the writers that collided do not collide again.
                time.sleep(random.uniform(0, 0.05 * 2**attempt))
        return _write_once(work, dry_run)


def read(work: Callable[[Session], T], replica: Replica | None = None) -> T:
    """Run `work` in one read-only transaction over one consistent snapshot; once more if the connection was lost.

    With a replica that is where it reads, as `stream` and `snapshot` do.
    """
    with faults.translated():
        try:
            return _read_once(work, replica)
        except OperationalError as error:
            if not faults.is_passing(error):
                raise
            return _read_once(work, replica)


def stream(
    work: Callable[[Session], Iterator[T]], *, patient: bool = False, replica: Replica | None = None
) -> Iterator[T]:
    """Yield the rows of `work` from one read-only snapshot without holding them all; `patient` lifts the timeouts."""
    with faults.translated(), _reading(patient, replica) as session:
        yield from work(session)


@contextmanager
def snapshot(replica: Replica | None = None) -> Iterator[Session]:
    """A read-only session whose statements all see the same moment, without time limits, until the block ends."""
    with faults.translated(), _reading(patient=True, replica=replica) as session:
        yield session


def database() -> Engine:
    """The engine of the configured database."""
    return engine_for(get_settings().database_url)


def _write_once(work: Callable[[Session], T], dry_run: bool) -> T:
    with database().connect().execution_options(invo_writes=True) as connection:
        with connection.begin() as transaction, Session(connection, join_transaction_mode="control_fully") as session:
            _open(session)
            result = work(session)
            session.flush()
            session.expunge_all()
            if dry_run:
                transaction.rollback()
            else:
                with faults.outcome_unknown():
                    transaction.commit()
                is_stored.set(True)
        return result


def _read_once(work: Callable[[Session], T], replica: Replica | None) -> T:
    with _reading(replica=replica) as session:
        return work(session)


@contextmanager
def _reading(patient: bool = False, replica: Replica | None = None) -> Iterator[Session]:
    engine = replica.engine if replica else database()
    options = (
        {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    )
    with engine.connect().execution_options(**options) as connection, Session(connection, autoflush=False) as session:
        if replica:
            replica.wait(connection)
        _open(session, patient)
        yield session


def _open(session: Session, patient: bool = False) -> None:
    """The first statement of every transaction: the schema gate and, on PostgreSQL, the time limits."""
    connection = session.connection()
    query = "SELECT version_num FROM alembic_version"
    if connection.dialect.name == "postgresql":
        lock, statement = ("0", "0") if patient else (LOCK_TIMEOUT, STATEMENT_TIMEOUT)
        # set_config(…, true) is SET LOCAL: nothing outlives the transaction, as a pooler demands.
        query = (
            f"SELECT (SELECT max(version_num) FROM alembic_version), set_config('lock_timeout', '{lock}', true),"
            f" set_config('statement_timeout', '{statement}', true)"
        )
    require_head(faults.or_none_without_table(partial(_first, session, query)))


def _first(session: Session, query: str) -> str | None:
    row = session.connection().exec_driver_sql(query).first()
    return None if row is None else row[0]

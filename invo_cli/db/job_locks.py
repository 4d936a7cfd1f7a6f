"""One run of a job at a time: a row lock that ends with its transaction, or a locked file beside an SQLite database.

Neither outlives a killed process, neither needs a session of its own on a pooler, and neither is what keeps an export
right: the cursor moves only from where it was read.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Engine, Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from invo_cli.db import faults
from invo_cli.db.engines import sqlite_path
from invo_cli.db.session import database
from invo_cli.errors import UnavailableError

_OPENING = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
_LOCK_NOT_AVAILABLE = "55P03"


@contextmanager
def held(name: str, book: int, row: Select[int]) -> Iterator[None]:
    """Keep every other run of a job of a book out while the block runs; `row` selects the row that stands for it.

    Raises UnavailableError at once when another run holds it. `name` becomes a part of a file name.
    """
    engine = database()
    if engine.dialect.name == "sqlite":
        path = sqlite_path(engine.url)
        with _file_locked(path.with_name(f".{path.name}.job-{book}-{name}.lock"), name):
            yield
        return
    with faults.translated(), _row_locked(engine, name, row):
        yield


@contextmanager
def _row_locked(engine: Engine, name: str, row: Select[int]) -> Iterator[None]:
    with engine.connect() as connection, Session(connection) as session:
        # The rows that refer to it can still be written by this run, in transactions of their own.
        statement = row.with_for_update(nowait=True, key_share=True)
        try:
            session.execute(statement).all()
        except DBAPIError as error:
            if faults.sqlstate(error) == _LOCK_NOT_AVAILABLE:
                raise _busy(name) from error
            raise
        yield
        # What was done stands, whatever has become of the connection that only held the lock.
        with suppress(DBAPIError):
            session.rollback()


@contextmanager
def _file_locked(path: Path, name: str) -> Iterator[None]:
    descriptor = _claim(path, name)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)  # while it is still locked: afterwards it may be another run's
        os.close(descriptor)


def _claim(path: Path, name: str) -> int:
    """Open and lock the file; again when the run that held it has removed it meanwhile."""
    while True:
        try:
            descriptor = os.open(path, _OPENING, 0o600)
        except OSError as error:
            raise UnavailableError(
                f"{path} cannot be written: {error.strerror}.", hint="A run keeps others out by a file there."
            ) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(descriptor), path.lstat()):
                    return descriptor
        except BlockingIOError:
            os.close(descriptor)
            raise _busy(name) from None
        os.close(descriptor)


def _busy(name: str) -> UnavailableError:
    return UnavailableError(f"Another run of {name} is under way.", hint="Wait until it has ended.")

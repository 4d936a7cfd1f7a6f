"""What went wrong in the database, told apart by SQLSTATE and made into invo's own refusals."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from invo_cli.errors import ConflictError, InvoError, SchemaError, UnavailableError

T = TypeVar("T")
# serialization_failure, deadlock_detected, lock_not_available
_PASSING = {"40001", "40P01", "55P03"}
_TIMED_OUT = {"57014": "The database took too long", "55P03": "The database is locked by another run"}
_SQLITE_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_SQLITE_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
_SQLITE_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


class OutcomeUnknownError(UnavailableError):
    """The connection was lost while committing: the work may or may not be stored."""

    code = "outcome_unknown"


def sqlstate(error: DBAPIError) -> str | None:
    """The five-character SQLSTATE of a PostgreSQL error, if the server sent one."""
    return getattr(error.orig, "sqlstate", None)


def is_lost_connection(error: DBAPIError) -> bool:
    """Whether the server went away: known by invalidation or SQLSTATE class 08 and 57P, never by text."""
    state = sqlstate(error) or ""
    if error.connection_invalidated or state.startswith(("08", "57P")):
        return True
    # psycopg gives no SQLSTATE for a connection that broke or could not be made.
    return (
        error.orig.__class__.__module__.startswith("psycopg")
        and type(error.orig).__name__ == "OperationalError"
        and not state
    )


def is_passing(error: DBAPIError) -> bool:
    """Whether running the whole transaction again may succeed."""
    return (
        sqlstate(error) in _PASSING
        or _sqlite_code(error) in _SQLITE_BUSY
        or (is_lost_connection(error) and bool(error.connection_invalidated))
    )


def or_none_without_table(query: Callable[[], T]) -> T | None:
    """Run the version query; None when the table is not there, which means: not an invo database."""
    try:
        return query()
    except DBAPIError as error:
        missing = sqlstate(error) == "42P01" or "no such table: alembic_version" in str(error.orig)
        if missing:
            return None
        raise


@contextmanager
def outcome_unknown() -> Iterator[None]:
    """Around COMMIT: a connection lost there leaves the outcome open, so nothing is run again."""
    try:
        yield
    except DBAPIError as error:
        if not is_lost_connection(error):
            raise
        raise OutcomeUnknownError(
            "The connection was lost while saving: whether the work was stored is not known.",
            hint="Look for the record first; with --idempotency-key the same command can be run again safely.",
        ) from error


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's errors into refusals of one sentence; what is a bug stays as it is."""
    try:
        yield
    except DBAPIError as error:
        raise _refusal(error) from error


def _refusal(error: DBAPIError) -> InvoError | SQLAlchemyError:
    state, code = sqlstate(error) or "", _sqlite_code(error)
    if code in _SQLITE_DAMAGED:
        return SchemaError(
            "The file is damaged or is not an SQLite database.", hint="Restore a backup, or name another file."
        )
    if code in _SQLITE_FULL or state in ("53100", "53200"):
        return UnavailableError("The disk is full or cannot be written.", hint="Free some space, then run it again.")
    if code == sqlite3.SQLITE_READONLY or state == "25006":
        return UnavailableError(
            "The database can only be read.", hint="Check the permissions of the file and its folder."
        )
    if code in _SQLITE_BUSY or state in _TIMED_OUT or state in _PASSING:
        sentence = _TIMED_OUT.get(state, "The database is locked by another run")
        return UnavailableError(f"{sentence}.", hint="Run it again in a moment.")
    if is_lost_connection(error) or code == sqlite3.SQLITE_CANTOPEN:
        return _unreachable(error)
    if isinstance(error, IntegrityError):
        return ConflictError(
            "The database refused the change: it contradicts a record that is there.",
            hint="Look at the record and try again.",
        )
    return _server_refusal(state) or error


def _unreachable(error: DBAPIError) -> UnavailableError:
    # libpq's first line names host and port, never the password.
    reason = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else "no answer"
    return UnavailableError(
        f"The database cannot be reached: {reason.rstrip('.')}.",
        hint="Check that it runs and INVO_DATABASE_URL, or wait for it with: invo db wait",
    )


def _server_refusal(state: str) -> InvoError | None:
    if state.startswith("53"):
        return UnavailableError("The database server is out of resources.", hint="Run it again in a moment.")
    if state == "42501":
        return UnavailableError(
            "The database role may not do this.", hint="Ask whoever owns the database for the rights."
        )
    return None


def _sqlite_code(error: DBAPIError) -> int | None:
    code = getattr(error.orig, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF

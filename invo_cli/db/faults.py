"""What went wrong in the database, told apart by SQLSTATE and made into invo's own refusals."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy.exc import DBAPIError, IntegrityError

from invo_cli.errors import ConflictError, InvalidError, InvoError, SchemaError, UnavailableError, behind

T = TypeVar("T")
# serialization_failure, deadlock_detected, lock_not_available
_PASSING = {"40001", "40P01", "55P03"}
# read_only_sql_transaction, insufficient_privilege
_UNWRITABLE = {"25006", "42501"}
_SQLITE_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_SQLITE_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
_SQLITE_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_SOON = "Run it again in a moment."


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
    return _is_psycopg(error, "OperationalError") and not state


def stop_behind(error: BaseException) -> BaseException | None:
    """The Ctrl-C or signal while whose work was given up the error came: drivers forget it when that fails."""
    return behind(error, KeyboardInterrupt, SystemExit)


def is_passing(error: DBAPIError) -> bool:
    """Whether running the whole transaction again may succeed."""
    return stop_behind(error) is None and (
        sqlstate(error) in _PASSING
        or _sqlite_code(error.orig) in _SQLITE_BUSY
        or (is_lost_connection(error) and bool(error.connection_invalidated))
    )


def is_read_only(error: BaseException | None) -> bool:
    """Whether nothing may be written: a replica, a file without the right, or a role without it."""
    if isinstance(error, DBAPIError):
        return sqlstate(error) in _UNWRITABLE or _sqlite_code(error.orig) == sqlite3.SQLITE_READONLY
    return False


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
    except (DBAPIError, sqlite3.Error) as error:  # sqlite3's own while a file is made
        if stop := stop_behind(error):
            raise stop from None
        refusal = _refusal(error)
        if refusal is None:
            raise
        raise refusal from error


def _refusal(error: DBAPIError | sqlite3.Error) -> InvoError | None:
    if isinstance(error, sqlite3.Error):
        return _sqlite_refusal(error)
    return _sqlite_refusal(error.orig) or _postgresql_refusal(error) or _contradiction(error)


def _sqlite_refusal(error: BaseException | None) -> InvoError | None:
    code = _sqlite_code(error)
    if code in _SQLITE_DAMAGED:
        return SchemaError(
            "The file is damaged or is not an SQLite database.", hint="Restore a backup, or name another file."
        )
    if code in _SQLITE_FULL:
        return _full()
    if code == sqlite3.SQLITE_READONLY:
        return _read_only()
    if code in _SQLITE_BUSY:
        return _locked()
    if code == sqlite3.SQLITE_CANTOPEN:
        return UnavailableError(
            "The database file cannot be opened.", hint="Check that you may read and write the file and its folder."
        )
    return None


def _postgresql_refusal(error: DBAPIError) -> InvoError | None:
    state = sqlstate(error) or ""
    if state in _POSTGRESQL:
        return _POSTGRESQL[state]()
    if is_lost_connection(error):
        return _unreachable(error)
    if state.startswith("53"):
        return UnavailableError("The database server is out of resources.", hint=_SOON)
    if not state and _is_psycopg(error, "ProgrammingError"):
        # libpq names the option of the URL that it does not know, and quotes nothing else of it.
        return InvalidError("The database URL has an option that PostgreSQL does not know.", hint="Look behind its ?.")
    return None


def _contradiction(error: DBAPIError) -> InvoError | None:
    if not isinstance(error, IntegrityError):
        return None
    return ConflictError(
        "The database refused the change: it contradicts a record that is there.",
        hint="Look at the record and try again.",
    )


def _unreachable(error: DBAPIError) -> UnavailableError:
    # libpq's first line names host and port, never the password.
    reason = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else "no answer"
    return UnavailableError(
        f"The database cannot be reached: {reason.rstrip('.')}.",
        hint="Check that it runs and INVO_DATABASE_URL or INVO_REPLICA_URL, or wait for it with: invo db wait",
    )


def _full() -> UnavailableError:
    return UnavailableError("The disk is full or cannot be written.", hint="Free some space, then run it again.")


def _read_only() -> UnavailableError:
    return UnavailableError(
        "The database can only be read.", hint="Check the rights of the file and its folder, or name the primary."
    )


def _locked() -> UnavailableError:
    return UnavailableError("The database is locked by another run.", hint=_SOON)


def _too_long() -> UnavailableError:
    return UnavailableError("The database took too long.", hint=_SOON)


def _no_rights() -> UnavailableError:
    return UnavailableError("The database role may not do this.", hint="Ask whoever owns the database for the rights.")


_POSTGRESQL: dict[str, Callable[[], InvoError]] = {
    **dict.fromkeys(_PASSING, _locked),
    "57014": _too_long,
    "53100": _full,
    "25006": _read_only,
    "42501": _no_rights,
}


def _is_psycopg(error: DBAPIError, name: str) -> bool:
    return error.orig.__class__.__module__.startswith("psycopg") and type(error.orig).__name__ == name


def _sqlite_code(error: BaseException | None) -> int | None:
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF

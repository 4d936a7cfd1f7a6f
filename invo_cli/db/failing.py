"""What is said when a migration fails: which revision, why, what stands now, and how to go back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from invo_cli.db.scripts import BASE
from invo_cli.db.urls import is_postgresql, normalise
from invo_cli.db.watching import Watch
from invo_cli.errors import ConflictError, InvoError, SchemaError, StoppedError
from invo_cli.settings import get_settings


@contextmanager
def explained(watch: Watch, done: list[str]) -> Iterator[None]:
    """Tell of a revision that fails what an operator has to know; `done` are those that were run before it."""
    from alembic.util import CommandError

    try:
        yield
    except (CommandError, StoppedError):
        raise
    except InvoError as error:
        if isinstance(error, ConflictError) and isinstance(error.__cause__, DBAPIError):
            raise _failed(error.__cause__, watch, done) from error
        if watch.backup is not None:
            error.hint = f"{error.advice} {_standing(watch, done)}"
        raise
    except Exception as error:
        raise _failed(error, watch, done) from error


def _failed(error: Exception, watch: Watch, done: list[str]) -> SchemaError:
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    # The first line: those below it quote values of the row that is in the way.
    reason = (str(cause).strip().splitlines() or [type(cause).__name__])[0].rstrip(".")
    return SchemaError(f"{_step(watch, done)} failed: {reason}.", hint=_standing(watch, done))


def _step(watch: Watch, done: list[str]) -> str:
    """The revision of the chain that was not done."""
    if len(done) >= len(watch.chain):
        return "The migration"
    return f"{'Undoing revision' if watch.is_down else 'Revision'} {watch.chain[len(done)]}"


def _standing(watch: Watch, done: list[str]) -> str:
    stands = f"The database stands at {_reached(watch, done)}"
    if watch.backup is None:
        return f"{stands}, as a whole."
    return f"{stands}, as a whole; its backup can be restored with: invo db restore {watch.backup} --to URL"


def _reached(watch: Watch, done: list[str]) -> str:
    """PostgreSQL keeps each revision that was done, SQLite all of them or none."""
    if not done or not is_postgresql(normalise(get_settings().database_url)):
        return watch.found or BASE
    return watch.chain[len(done)] if watch.is_down and len(done) < len(watch.chain) else done[-1]

"""New databases, made by the migrations, for rows that come from elsewhere."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import inspect
from sqlalchemy.engine import URL

from invo_cli.db import engines, faults, scripts
from invo_cli.db.copying import servers, tables
from invo_cli.db.copying.servers import spelled
from invo_cli.db.head import REVISIONS, require_known
from invo_cli.db.urls import is_postgresql, normalise, redacted
from invo_cli.errors import ConflictError, SchemaError, UnavailableError


def of_file(path: Path) -> str:
    """The URL of a SQLite file."""
    return URL.create("sqlite", database=str(path)).render_as_string()


@contextmanager
def new_database(text_of_url: str) -> Iterator[str]:
    """The URL under which a database may be filled; it is the one named once the block has ended well.

    A SQLite file is filled beside its place and put there at the end. A PostgreSQL database is made when it is not
    there, and then goes again when the block fails. Raises ConflictError for a file that is there.
    """
    url = normalise(text_of_url)
    if is_postgresql(url):
        with servers.new_database(url):
            yield spelled(url)
        return
    path = engines.sqlite_path(url)
    with _being_made(path) as part:
        yield spelled(url.set(database=str(part)))


def migrate(url: str, revision: str | None) -> None:
    """Make the tables of a revision in an empty database, or go on where a run was killed that made them.

    Raises ConflictError for a database with other tables, or with rows.
    """
    from alembic import command

    require_known(revision)
    if revision is None:
        raise SchemaError("The source is empty or is not an invo database.", hint="Name another one.")
    _require_without_tables(url, revision)
    with scripts.refused():
        command.upgrade(scripts.config(database_url=url), revision)


def is_without_tables(url: str) -> bool:
    """Whether a PostgreSQL database has no table."""
    with faults.translated(), engines.engine_for(url).connect() as connection:
        return not inspect(connection).get_table_names()


def _require_without_tables(url: str, revision: str) -> None:
    """Tables of this revision or of one on the way to it may stay while they hold no row: nobody has worked there."""
    if not is_postgresql(normalise(url)) or is_without_tables(url):
        return
    with faults.translated(), engines.engine_for(url).connect() as connection:
        names = inspect(connection).get_table_names()
        found = tables.revision(connection) if tables.VERSION in names else None
        if found is None and names == [tables.VERSION]:
            return  # it was killed before the first of them, or somebody went back to base
        on_the_way = REVISIONS[: REVISIONS.index(revision) + 1]
        if found not in on_the_way or tables.filled(connection) is not None:
            raise refused(url)


def refused(url: str) -> ConflictError:
    """What is said about a target that is in use."""
    return ConflictError(
        f"The database {redacted(normalise(url))} has tables already.", hint="Name a new one; nothing was changed."
    )


@contextmanager
def _being_made(path: Path) -> Iterator[Path]:
    """A file beside `path` that takes its place, which must be free, when the block ends well."""
    part = path.with_name(f".{path.name}.invo-part")
    with _explained(path), _locked(path.with_name(f".{path.name}.invo-lock")):
        _require_free(path)
        _remove(part)
        try:
            yield part
            _settle(part)
            _require_free(path)
            os.rename(part, path)
        finally:
            _remove(part)


def _require_free(path: Path) -> None:
    if path.exists() or path.is_symlink():
        raise ConflictError(f"{path} is there already.", hint="Name a new file; nothing is ever overwritten.")


def _settle(part: Path) -> None:
    """Bring the journal into the file, and the file onto the disk."""
    with closing(engines.connect_file(part)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    descriptor = os.open(part, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(part: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        part.with_name(part.name + ending).unlink(missing_ok=True)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise UnavailableError(
            f"The database file {path} cannot be made: {error.strerror}.", hint="Check the path, its rights and space."
        ) from error


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise UnavailableError("Another run is making this file.", hint="Wait until it has ended.") from None
    try:
        yield
    finally:
        path.unlink(missing_ok=True)  # while it is still locked: afterwards it may be another run's
        os.close(descriptor)

"""Where the database stands, and moving it from one revision to another."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError

from invo_cli.db import engines, failing, faults, migrating, scripts
from invo_cli.db.head import HEAD, REVISIONS, require_known
from invo_cli.db.scripts import BASE, Dropped
from invo_cli.db.urls import is_postgresql, normalise, redacted
from invo_cli.db.watching import Prepare, Watch
from invo_cli.errors import SchemaError, UnavailableError
from invo_cli.settings import get_settings

OnStep = Callable[[str], None]
"""Called with a revision when it was run."""


class Moved(NamedTuple):
    """What was done to a database."""

    run: list[str]
    """The revisions that were run or undone, in this order."""
    previous: str | None
    """The revision before."""
    backup: Path | None
    rows: int
    """How many rows it held before."""


def current() -> str | None:
    """The revision of the database, without loading Alembic; None for one without a schema.

    Raises SchemaError when there is no SQLite file.
    """
    with faults.translated(), engines.engine_for(get_settings().database_url).connect() as connection:
        query = "SELECT max(version_num) FROM alembic_version"
        return faults.or_none_without_table(lambda: connection.exec_driver_sql(query).scalar())


def exists() -> bool:
    """Whether there is a database to look at: a server always counts as one, SQLite needs its file."""
    url = normalise(get_settings().database_url)
    return is_postgresql(url) or engines.sqlite_path(url).is_file()


def place() -> str:
    """The database, as it may be shown: its URL without secrets."""
    return redacted(normalise(get_settings().database_url))


def engine() -> str:
    """The kind of the database: sqlite or postgresql."""
    return "postgresql" if is_postgresql(normalise(get_settings().database_url)) else "sqlite"


def pending(found: str | None) -> tuple[str, ...]:
    """The revisions between the database and this program."""
    require_known(found)
    return REVISIONS if found is None else REVISIONS[REVISIONS.index(found) + 1 :]


def upgrade(
    revision: str = "head",
    *,
    on_step: OnStep = lambda _: None,
    prepare: Prepare = lambda: None,
    timeout: float = migrating.LOCK_WAIT_SECONDS,
) -> Moved:
    """Bring the database to a revision, and tell what was run; makes a missing SQLite file.

    `prepare` is called under the lock, before anything is changed in a database with tables. Raises SchemaError for a
    database of another or a newer program and for a revision that fails, UnavailableError when it stays locked for
    `timeout` seconds.
    """
    from alembic import command

    target = scripts.resolve(revision)
    _refuse_foreign()
    watch = Watch(target, is_down=False, prepare=prepare)
    return _run(lambda config: command.upgrade(config, target), watch, on_step, timeout)


def downgrade(
    revision: str,
    *,
    on_step: OnStep = lambda _: None,
    prepare: Prepare = lambda: None,
    timeout: float = migrating.LOCK_WAIT_SECONDS,
) -> Moved:
    """Take the database back to a revision (or to `base`), as `upgrade` brings it there."""
    from alembic import command

    target = scripts.resolve(revision)
    require_known(current())
    watch = Watch(target, is_down=True, prepare=prepare)
    return _run(lambda config: command.downgrade(config, target), watch, on_step, timeout)


def stamp(revision: str) -> str:
    """Record a revision without running anything, and return it."""
    from alembic import command

    target = scripts.resolve(revision)
    current()  # a missing file is not made by stamping it
    config = scripts.config()
    with scripts.refused():
        command.stamp(config, target, purge=True)
    return target


def losses(revision: str) -> list[tuple[Dropped, int]]:
    """What a downgrade would remove, each with the number of rows, or of values in a column, that it holds."""
    found = current()
    require_known(found)
    target = scripts.resolve(revision)
    order = (BASE, *REVISIONS)
    if found is None or order.index(target) >= order.index(found):
        return []
    return [(drop, _rows(drop)) for drop in scripts.dropped(found, target)]


def wait(timeout: float, *, pause: float = 0.5) -> None:
    """Ask until the database answers; UnavailableError with the last reason when it does not within `timeout` seconds.

    A SQLite file that is not there yet needs no waiting.
    """
    deadline = time.monotonic() + timeout
    while exists():
        try:
            return _answer()
        except UnavailableError:
            if time.monotonic() + pause > deadline:
                raise
            time.sleep(pause)


def _answer() -> None:
    url = normalise(get_settings().database_url)
    if is_postgresql(url):
        # A host that does not answer at all must not use up the time of several attempts.
        url = url.update_query_dict({"connect_timeout": "3"})
    with faults.translated(), engines.engine_for(url.render_as_string(hide_password=False)).connect() as connection:
        connection.exec_driver_sql("SELECT 1")


def _run(move: Callable[[Any], None], watch: Watch, on_step: OnStep, timeout: float) -> Moved:
    """Run an Alembic command, again while a lock is in the way; what was committed before stays."""
    done: list[str] = []

    def note(*, step: Any, **_: Any) -> None:
        done.append(step.up_revision_id)
        on_step(step.up_revision_id)

    attributes: dict[str, Any] = {
        "on_step": note,
        "lock_wait": timeout,
        "on_locked": watch.on_locked,
        "on_done": watch.on_done,
    }
    config, deadline, pause = scripts.config(**attributes), time.monotonic() + timeout, 0.5
    while True:
        try:
            with scripts.refused(), failing.explained(watch, done):
                move(config)
            return Moved(done, watch.found, watch.backup, watch.rows)
        except UnavailableError as error:
            if not _passes(error) or time.monotonic() + pause > deadline:
                raise
            time.sleep(random.uniform(0.5, 1) * pause)
            pause = min(2 * pause, 4)


def _passes(error: UnavailableError) -> bool:
    """Whether PostgreSQL refused for a reason that passes; SQLite has waited long enough by itself."""
    cause = error.__cause__
    return isinstance(cause, DBAPIError) and bool(faults.sqlstate(cause)) and faults.is_passing(cause)


def _refuse_foreign() -> None:
    """Refuse a newer database, and one that holds the tables of another program."""
    if not exists():
        return
    found = current()
    require_known(found)
    if found is not None:
        return
    with faults.translated(), engines.engine_for(get_settings().database_url).connect() as connection:
        tables = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
    if tables:
        raise SchemaError(
            f"The database holds tables of another program ({', '.join(sorted(tables)[:3])}).",
            hint="Name an empty database in INVO_DATABASE_URL; nothing was changed.",
        )


def _rows(drop: Dropped) -> int:
    """How many rows of a table there are, or have a value in a column."""
    with faults.translated(), engines.engine_for(get_settings().database_url).connect() as connection:
        return int(connection.exec_driver_sql(f"SELECT count({drop.column or '*'}) FROM {drop.table}").scalar() or 0)


def is_at_head() -> bool:
    """Whether commands can work on the database."""
    return exists() and current() == HEAD

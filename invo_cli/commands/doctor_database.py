"""What `invo doctor` looks at in the database, without asking who somebody is: no books are shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from invo_cli import clock
from invo_cli.commands.doctor_checks import FAIL, OK, WARN, Check, permissions
from invo_cli.errors import InvoError

if TYPE_CHECKING:
    from invo_cli.db.health import Books, Health, Run

SLOW_MS = 500
OLDEST = {"sqlite": (3, 35), "postgresql": (15,)}
LARGE_WAL = 256 << 20
LARGE_FILE = 512 << 20
LONG_SECONDS = 60
"""A transaction of ours that is open for longer stands in the way of others."""
BACKUP_EVERY = timedelta(days=2)
PROVED_EVERY = timedelta(days=31)
_DAY = timedelta(days=1)


def checks() -> Iterator[Check]:
    """Everything about the database; the rest is left out where it does not answer or is not at the head."""
    from invo_cli.db import health

    try:
        found = health.measure()
    except InvoError as problem:
        yield Check("database", FAIL, problem.message, problem.advice)
        return
    yield _answer(found)
    yield from _sqlite_file(found) if found.engine == "sqlite" else _role(found)
    try:
        yield from _schema()
    except InvoError as problem:
        yield Check("books", FAIL, problem.message, problem.advice)
    yield from _replica()


def _answer(found: Health) -> Check:
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[found.engine]
    detail = f"{name} {found.version}, {_size(found.bytes)}, answered in {found.milliseconds:.0f} ms"
    version = tuple(int(part) for part in found.version.split(" ")[0].split(".") if part.isdigit())
    if version < OLDEST[found.engine]:
        wanted = ".".join(str(part) for part in OLDEST[found.engine])
        return Check("database", FAIL, detail, f"invo needs {name} {wanted} or later.")
    slow = found.milliseconds > SLOW_MS
    return Check("database", WARN if slow else OK, detail, "Look at the network between here and it." if slow else None)


def _sqlite_file(found: Health) -> Iterator[Check]:
    from invo_cli.db.engines import sqlite_path
    from invo_cli.db.urls import normalise
    from invo_cli.settings import get_settings

    path = sqlite_path(normalise(get_settings().database_url))
    yield permissions("database file", path, 0o600)
    yield _pages(found.bytes)
    if found.journal_mode != "wal":
        fix = "Move the file to a local disk, then run: invo db upgrade"
        yield Check("journal", WARN, f"{found.journal_mode} mode", fix)
    else:
        yield _wal(Path(f"{path}-wal"))


def _pages(size: int) -> Check:
    """Whether SQLite can read every page of the file; reading a large one takes minutes."""
    from invo_cli.db import health

    if size > LARGE_FILE:
        return Check("pages", OK, "not read here, since the file is large: invo verify reads them")
    found = health.damage()
    return (
        Check("pages", OK, "every page can be read") if found is None else Check("pages", FAIL, found, health.RESTORE)
    )


def _wal(path: Path) -> Check:
    size = path.stat().st_size if path.exists() else 0
    if size <= LARGE_WAL:
        return Check("journal", OK, f"wal mode, {_size(size)} not yet in the file")
    fix = "A program keeps an old snapshot open: end it, and the file shrinks at the next write."
    return Check("journal", WARN, f"wal mode, but {_size(size)} not yet in the file", fix)


def _role(found: Health) -> Iterator[Check]:
    if found.powers:
        fix = "Connect as a role that owns nothing: invo db roles --print"
        yield Check("role", WARN, f"connected as {', '.join(found.powers)}, whom no trigger stops", fix)
    else:
        yield Check("role", OK, "an ordinary role")


def _schema() -> Iterator[Check]:
    from invo_cli.db import schema
    from invo_cli.db.head import require_head

    found = schema.current()
    try:
        require_head(found)
    except InvoError as problem:
        yield Check("schema", FAIL, problem.message, problem.advice)
        return
    yield Check("schema", OK, f"revision {found}")
    yield _locks()
    yield from _books()


def _replica() -> Iterator[Check]:
    """Whether the standby can be read, and by how much it is behind; nothing where none is set."""
    from invo_cli.db import replicas, session
    from invo_cli.settings import get_settings

    settings, lags = get_settings(), list[float]()
    if settings.replica_url is None:
        return
    try:
        engine = replicas.engine(session.database(), settings.replica_url)
        position = session.read(replicas.position)
        replica = replicas.Replica(engine=engine, primary=position, max_lag=settings.max_lag, late=lags.append)
        session.read(lambda _: None, replica)
    except InvoError as problem:
        yield Check("replica", FAIL, problem.message, problem.advice)
        return
    if lags:
        fix = "Look at the network and the load of the standby: reports show what is that old."
        yield Check("replica", WARN, f"up to {lags[0]:.0f} seconds behind the primary", fix)
    else:
        yield Check("replica", OK, "shows what the primary has")


def _locks() -> Check:
    """Open transactions of other runs: many and short is as it should be."""
    from invo_cli.db import health

    held = health.held()
    said = f"{len(held)} open transaction{'s' if len(held) != 1 else ''} of other runs" if held else "none held"
    waiting = sum(each.is_waiting for each in held)
    longest = max(held, key=lambda each: each.seconds, default=None)
    if longest is not None and longest.seconds > LONG_SECONDS:
        detail = f"{said}, {waiting} waiting; {longest.who} for {longest.seconds} s"
        return Check("locks", WARN, detail, f"See what {longest.who} does; end it if nothing.")
    return Check("locks", OK, f"{said}, {waiting} waiting" if waiting else said)


def _books() -> Iterator[Check]:
    from invo_cli.db import health
    from invo_cli.db.session import read
    from invo_cli.services import businesses, users

    books = health.look()
    missing = ", ".join(sorted(books.missing_triggers))
    fix = "Restore a backup; find out who removed them: invo audit verify"
    yield Check("triggers", FAIL, f"missing: {missing}", fix) if missing else Check("triggers", OK, "all in place")
    yield _clock(books)
    yield _backup(books)
    yield from _exports(books)
    yield _trail(books)
    for name, count, advice in (
        ("businesses", read(businesses.count), "Make one with: invo init"),
        ("users", read(users.count), "Make one with: invo user create NAME --role admin"),
    ):
        yield Check(name, OK if count else WARN, str(count), None if count else advice)


def _clock(books: Books) -> Check:
    now = clock.now()
    detail = f"{now.astimezone(clock.INDIA):%Y-%m-%d %H:%M} in India, {now.astimezone():%H:%M %Z} here"
    ahead = books.newest - now if books.newest else timedelta(0)
    if ahead > timedelta(0):
        return Check("clock", WARN, f"{detail}, {ahead} before the newest record", "Set the clock.")
    return Check("clock", OK, detail)


def _backup(books: Books) -> Check:
    """Something to lose since the last backup, for longer than a night and a day."""
    from invo_cli.commands.upkeep import last_backup

    last, fix = last_backup(books.backed_up), "Run: invo db backup; by itself: invo schedule print cron backup"
    if last is None:
        late = books.oldest is not None and clock.now() - books.oldest > BACKUP_EVERY
        return Check("backup", WARN, "never", fix) if late else Check("backup", OK, "none yet, the database is new")
    age = clock.now() - last
    is_newer = books.newest is not None and books.newest > last
    late = is_newer and age > BACKUP_EVERY
    return Check("backup", WARN if late else OK, f"{_ago(age)} ago", fix if late else None)


def _exports(books: Books) -> Iterator[Check]:
    """One line for each job that failed or is late by its own rhythm; one line when all are well."""
    jobs: dict[tuple[int, str], list[Run]] = {}
    for run in books.runs:
        jobs.setdefault((run.business_id, run.job), []).append(run)
    troubled = [trouble for runs in jobs.values() if (trouble := _trouble(runs))]
    yield from troubled
    if not troubled:
        newest = max((run.started_at for run in books.runs), default=None)
        said = (
            f"{len(jobs)} job{'s' if len(jobs) != 1 else ''}, the last ran {_ago(clock.now() - newest)} ago"
            if newest
            else "no job has run"
        )
        yield Check("exports", OK, said)


def _trouble(runs: list[Run]) -> Check | None:
    last, age = runs[0], clock.now() - runs[0].started_at
    said = f"{last.job}: {last.status}, {_ago(age)} ago"
    if last.status == "failed":
        return Check("exports", FAIL, said, f"See why: invo export job show {last.job}")
    if last.status == "running" and age > _DAY:
        return Check("exports", WARN, said, f"Run it again: invo export job run {last.job}")
    usual = last.started_at - runs[1].started_at if len(runs) > 1 else age
    if age > max(2 * usual, _DAY):
        return Check("exports", WARN, f"{said}, usually every {_ago(usual)}", "See why cron or the timer did not run.")
    return None


def _trail(books: Books) -> Check:
    """How much of the audit trail nobody has proved yet."""
    fix = "Run: invo verify; by itself: invo schedule print cron verify"
    since = books.proved or books.oldest
    late = since is not None and books.unproved > 0 and clock.now() - since > PROVED_EVERY
    when = f"verified {_ago(clock.now() - books.proved)} ago" if books.proved else "never verified"
    detail = f"{when}, {books.unproved} event{'s' if books.unproved != 1 else ''} since"
    return Check("audit", WARN if late else OK, detail, fix if late else None)


def _ago(age: timedelta) -> str:
    """A span in the unit that fits; the doubt about a clock set back is the clock's own check."""
    minutes = max(0, int(age / timedelta(minutes=1)))
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} days"


def _size(count: int) -> str:
    return f"{count / (1 << 20):.1f} MiB"

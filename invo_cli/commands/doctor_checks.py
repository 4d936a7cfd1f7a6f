"""What `invo doctor` looks at: the machine, the folder and the database."""

from __future__ import annotations

import shutil
import stat
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from invo_cli import clock
from invo_cli.errors import InvoError

if TYPE_CHECKING:
    from invo_cli.db.health import Health

OK, WARN, FAIL = "ok", "warn", "fail"
LIBRARIES = (
    "alembic",
    "bcrypt",
    "platformdirs",
    "psycopg",
    "pydantic-settings",
    "rich",
    "sqlalchemy",
    "tomlkit",
    "typer",
)
LOW_DISK, NO_DISK = 1 << 30, 100 << 20
SLOW_MS = 500
OLDEST = {"sqlite": (3, 35), "postgresql": (15,)}


class Check(NamedTuple):
    """One thing looked at; `fix` says what to do, None when all is well."""

    check: str
    status: str
    detail: str
    fix: str | None = None


def every_check() -> Iterator[Check]:
    """Look at everything; what depends on a database that does not answer is left out."""
    yield _python()
    yield _libraries()
    yield from _folder()
    yield _disk()
    yield from _database()


def _python() -> Check:
    version = ".".join(str(part) for part in sys.version_info[:3])
    good = sys.version_info >= (3, 11)
    return Check("python", OK if good else FAIL, version, None if good else "Install Python 3.11 or later.")


def _libraries() -> Check:
    from importlib.metadata import PackageNotFoundError, version

    found, missing = [], []
    for name in LIBRARIES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        return Check("libraries", FAIL, f"missing: {', '.join(missing)}", "Install invo again with pip.")
    return Check("libraries", OK, ", ".join(found))


def _folder() -> Iterator[Check]:
    from invo_cli.settings import config_path, home

    for name, path, mode in ("home", home(), 0o700), ("config", config_path(), 0o600):
        if path.exists():
            yield _permissions(name, path, mode)
    if not home().exists():
        yield Check("home", WARN, f"{home()} is not there yet", "Run: invo init")


def _permissions(name: str, path: Path, mode: int) -> Check:
    """Whether only the owner may read a file or folder."""
    found = stat.S_IMODE(path.stat().st_mode)
    if found & 0o077:
        return Check(name, WARN, f"{path} is open to others ({found:o})", f"Run: chmod {mode:o} '{path}'")
    return Check(name, OK, f"{path} ({found:o})")


def _disk() -> Check:
    from invo_cli.settings import home

    folder = next(folder for folder in (home(), *home().absolute().parents) if folder.exists())
    free = shutil.disk_usage(folder).free
    detail = f"{free / (1 << 30):.1f} GiB free"
    if free >= LOW_DISK:
        return Check("disk", OK, detail)
    return Check("disk", FAIL if free < NO_DISK else WARN, detail, f"Free some space below {folder}.")


def _database() -> Iterator[Check]:
    from invo_cli.db import health

    try:
        found = health.measure()
    except InvoError as problem:
        yield Check("database", FAIL, problem.message, problem.advice)
        return
    yield _answer(found)
    yield from _sqlite_file(found) if found.engine == "sqlite" else _role(found)
    yield from _schema()


def _answer(found: Health) -> Check:
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[found.engine]
    detail = f"{name} {found.version}, answered in {found.milliseconds:.0f} ms"
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

    yield _permissions("database file", sqlite_path(normalise(get_settings().database_url)), 0o600)
    wal = found.journal_mode == "wal"
    fix = None if wal else "Move the file to a local disk, then run: invo db upgrade"
    yield Check("journal", OK if wal else WARN, f"{found.journal_mode} mode", fix)


def _role(found: Health) -> Iterator[Check]:
    if found.is_superuser:
        yield Check("role", WARN, "connected as a superuser, whom no trigger stops", "Connect as an ordinary role.")


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
    yield from _books()


def _books() -> Iterator[Check]:
    from invo_cli.db import health
    from invo_cli.db.session import read
    from invo_cli.services import businesses, users

    books = health.look()
    missing = ", ".join(sorted(books.missing_triggers))
    fix = "Restore a backup; find out who removed them: invo audit verify"
    yield Check("triggers", FAIL, f"missing: {missing}", fix) if missing else Check("triggers", OK, "all in place")
    ahead = books.newest - clock.now() if books.newest else timedelta(0)
    late = ahead > timedelta(0)
    detail = f"{clock.now().astimezone(clock.INDIA):%Y-%m-%d %H:%M} in India"
    yield Check(
        "clock", *(WARN, f"{detail}, {ahead} before the newest record", "Set the clock.") if late else (OK, detail)
    )
    for name, count, advice in (
        ("businesses", read(businesses.count), "Make one with: invo init"),
        ("users", read(users.count), "Make one with: invo user create NAME --role admin"),
    ):
        yield Check(name, OK if count else WARN, str(count), None if count else advice)

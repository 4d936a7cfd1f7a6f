"""What `invo doctor` looks at on this machine: Python, its packages, folders and their rights, disks, fonts."""

from __future__ import annotations

import shutil
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

OK, WARN, FAIL = "ok", "warn", "fail"
LIBRARIES = (
    *("alembic", "bcrypt", "defusedxml", "jinja2", "openpyxl", "platformdirs", "psycopg", "pydantic-settings"),
    *("rich", "sqlalchemy", "tomlkit", "typer", "xlsxwriter", "zstandard"),
)
EXTRAS = {"pdf": ("typst", "segno"), "parquet": ("duckdb",), "crypto": ("cryptography", "pyrage")}
LOW_DISK, NO_DISK = 1 << 30, 100 << 20


class Check(NamedTuple):
    """One thing looked at; `fix` says what to do, None when all is well."""

    check: str
    status: str
    detail: str
    fix: str | None = None


def every_check() -> Iterator[Check]:
    """Look at everything; what depends on a database that does not answer is left out."""
    from invo_cli.commands import doctor_database

    yield _python()
    yield _libraries()
    yield _extras()
    yield _bytecode()
    yield from _folder()
    yield from _disks()
    yield from doctor_database.checks()


def permissions(name: str, path: Path, mode: int) -> Check:
    """Whether only the owner may read a file or folder."""
    found = stat.S_IMODE(path.stat().st_mode)
    if found & 0o077:
        return Check(name, WARN, f"{path} is open to others ({found:o})", f"Run: chmod {mode:o} '{path}'")
    return Check(name, OK, f"{path} ({found:o})")


def _python() -> Check:
    version = ".".join(str(part) for part in sys.version_info[:3])
    good = sys.version_info >= (3, 11)
    return Check("python", OK if good else FAIL, version, None if good else "Install Python 3.11 or later.")


def _libraries() -> Check:
    found, missing = _versions(LIBRARIES)
    if missing:
        return Check("libraries", FAIL, f"missing: {', '.join(missing)}", "Install invo again with pip.")
    return Check("libraries", OK, ", ".join(found))


def _extras() -> Check:
    """PDF documents are what everybody wants; the other extras are for who needs them."""
    absent = [extra for extra, names in EXTRAS.items() if _versions(names)[1]]
    said = ", ".join(f"{extra} {'absent' if extra in absent else 'there'}" for extra in EXTRAS)
    if "pdf" in absent:
        return Check("extras", WARN, f"{said}: no PDF can be made", "Run: pip install 'invo[pdf]'")
    fonts = list(_fonts().glob("*.ttf"))
    if not fonts:
        return Check("extras", WARN, f"{said}, but the fonts are not there", "Install invo again with pip.")
    return Check("extras", OK, f"{said}; {len(fonts)} fonts")


def _fonts() -> Path:
    from invo_cli import exports

    return Path(exports.__file__).with_name("pdf") / "fonts"


def _versions(names: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """The packages that are there, with their versions, and those that are not."""
    from importlib.metadata import PackageNotFoundError, version

    found, missing = [], []
    for name in names:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    return found, missing


def _bytecode() -> Check:
    """Without compiled bytecode every start compiles all of it again."""
    from importlib.util import cache_from_source

    import invo_cli

    compiled = Path(cache_from_source(invo_cli.__file__))
    if compiled.is_file():
        return Check("bytecode", OK, "compiled")
    folder = Path(invo_cli.__file__).parent
    return Check(
        "bytecode", WARN, "not compiled: every start is slow", f"Run: {sys.executable} -m compileall '{folder}'"
    )


def _folder() -> Iterator[Check]:
    from invo_cli.settings import config_path, home

    for name, path, mode in ("home", home(), 0o700), ("config", config_path(), 0o600):
        if path.exists():
            yield permissions(name, path, mode)
    if not home().exists():
        yield Check("home", WARN, f"{home()} is not there yet", "Run: invo init")
    yield from _sign_ins(home() / "sign-ins")


def _sign_ins(folder: Path) -> Iterator[Check]:
    """Whether anybody else could have read the secret of a sign-in."""
    if not folder.is_dir():
        return
    files = [path for path in folder.iterdir() if path.is_file()]
    found = [permissions("sign-ins", folder, 0o700), *(permissions("sign-ins", path, 0o600) for path in files)]
    wrong = [check for check in found if check.status != OK]
    yield wrong[0] if wrong else Check("sign-ins", OK, f"{len(files)}, readable by their owner only")


def _disks() -> Iterator[Check]:
    """The disks of the folder and of the database file, when that is elsewhere."""
    from invo_cli.settings import home

    folder = _nearest(home())
    yield _disk("disk", folder)
    elsewhere = _database_folder()
    if elsewhere is not None and elsewhere.stat().st_dev != folder.stat().st_dev:
        yield _disk("database disk", elsewhere)


def _disk(name: str, folder: Path) -> Check:
    free = shutil.disk_usage(folder).free
    detail = f"{free / (1 << 30):.1f} GiB free"
    if free >= LOW_DISK:
        return Check(name, OK, detail)
    return Check(name, FAIL if free < NO_DISK else WARN, detail, f"Free some space below {folder}.")


def _nearest(path: Path) -> Path:
    return next(folder for folder in (path, *path.absolute().parents) if folder.exists())


def _database_folder() -> Path | None:
    """Where the file of a SQLite database lies; None for a server, or for a URL that cannot be read."""
    from invo_cli.db.engines import sqlite_path
    from invo_cli.db.urls import is_postgresql, normalise
    from invo_cli.errors import InvoError
    from invo_cli.settings import get_settings

    try:
        url = normalise(get_settings().database_url)
    except InvoError:
        return None
    return None if is_postgresql(url) else _nearest(sqlite_path(url).parent)

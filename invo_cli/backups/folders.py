"""The folder of backups: one run in it at a time, and nothing left of a run that was killed."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from invo_cli.errors import InvalidError, NotFoundError, UnavailableError
from invo_cli.settings import home

SCRATCH = ".invo-backup-scratch"
LOCK = ".invo-backup.lock"
PART = ".invo-part"
_PRIVATE = 0o077


def usual() -> Path:
    """Where backups lie unless another folder is named."""
    return home() / "backups"


def named(folder: Path | None) -> Path:
    """The folder that was named, which must be one, or the usual one, which need not be there yet.

    Raises NotFoundError and InvalidError.
    """
    if folder is None:
        return usual()
    if not folder.exists():
        raise NotFoundError(f"There is no folder {folder}.", hint="Name the folder that the backups lie in.")
    if not folder.is_dir():
        raise InvalidError(f"{folder} is not a folder.", hint="Name the folder that the backups lie in.")
    return folder


@contextmanager
def workplace(folder: Path) -> Iterator[Path]:
    """A private folder for unfinished files inside `folder`, which is made when it is not there.

    What a killed run left behind goes first. Raises UnavailableError while another run works in it, and for a disk
    that is full; everything made within the block is readable by its owner only.
    """
    usual_mask = os.umask(_PRIVATE)
    try:
        with explained(folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _locked(folder / LOCK):
                try:
                    yield _swept(folder)
                finally:
                    shutil.rmtree(folder / SCRATCH, ignore_errors=True)
    finally:
        os.umask(usual_mask)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Make refusals of what the operating system says about a path."""
    try:
        yield
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
        raise InvalidError(f"{path} cannot be used: {error.strerror}.", hint="Name another one.") from error
    except OSError as error:
        raise UnavailableError(
            f"{path} cannot be used: {error.strerror or error}.", hint="Check its rights and the space on its disk."
        ) from error


def _swept(folder: Path) -> Path:
    scratch = folder / SCRATCH
    shutil.rmtree(scratch, ignore_errors=True)
    for part in folder.glob(f".invo-*{PART}"):
        part.unlink(missing_ok=True)
    scratch.mkdir(mode=0o700)
    return scratch


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the lock of a folder; its file stays, and means nothing when no process holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UnavailableError(
                f"Another backup is being made or read in {path.parent}.", hint="Wait until it has ended."
            ) from None
        yield
    finally:
        os.close(descriptor)

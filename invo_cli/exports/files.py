"""Output files that are complete or absent: written beside the target, then put in its place at once."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TextIO

from invo_cli.errors import (
    ConflictError,
    InvalidError,
    InvoError,
    NotFoundError,
    UnavailableError,
    UsageProblemError,
)

BUFFER = 256 * 1024
_SAFELY = os.O_NOFOLLOW | os.O_CLOEXEC
_PASSING = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EFBIG}


@contextmanager
def destination(target: str, *, force: bool) -> Iterator[TextIO]:
    """Where an export goes: stdout for `-`, else a file as in `atomic`."""
    if target == "-":
        yield sys.stdout
        return
    with atomic(Path(target), force=force) as out:
        yield out


@contextmanager
def atomic(path: Path, *, force: bool) -> Iterator[TextIO]:
    """A text file (UTF-8) that takes the place of `path` when the block ends well; after a failure the old one stays.

    Until then the text is in `.NAME.invo-part` in the same folder, locked and readable by its owner only; what a
    killed run left there is removed by the next one. Links, folders and devices are never written to.
    Raises ConflictError when the file is there and `force` is not given, UnavailableError while another run writes it
    and when the disk is full.
    """
    with (
        _replacing(path, force) as descriptor,
        open(descriptor, "w", buffering=BUFFER, encoding="utf-8", newline="", closefd=False) as out,
    ):
        yield out


@contextmanager
def binary(target: str, *, force: bool) -> Iterator[BinaryIO]:
    """The same for bytes: stdout for `-`, else a file that takes its place when the block ends well."""
    if target == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with (
        _replacing(Path(target), force) as descriptor,
        open(descriptor, "wb", buffering=BUFFER, closefd=False) as out,
    ):
        yield out


def store(path: Path, data: bytes, *, force: bool) -> None:
    """Write a whole file as `atomic` does; one that holds these very bytes already is left as it is."""
    if path.is_file() and not path.is_symlink() and path.read_bytes() == data:
        return
    with _replacing(path, force) as descriptor, open(descriptor, "wb", closefd=False) as out:
        out.write(data)


def require_place(path: Path, *, force: bool) -> None:
    """Raise what writing this file would raise, as far as it can be seen before the work is done.

    Raises ConflictError for a link, folder or device, and without `force` for any file; NotFoundError without a folder.
    """
    _mode(path, force)
    if not path.parent.is_dir():
        raise NotFoundError(f"There is no folder {path.parent}.", hint="Make it first, or name another.")


def require_apart(target: str, manifest: str | None) -> None:
    """Raise UsageProblemError when an export and its manifest would go to one file, or both to stdout."""
    if manifest is not None and os.path.abspath(target) == os.path.abspath(manifest):
        raise UsageProblemError("--out and --manifest name the same file.", hint="Give the manifest a name of its own.")


@contextmanager
def _replacing(path: Path, force: bool) -> Iterator[int]:
    """The descriptor of a file that takes the place of `path` when the block ends well."""
    with _explained(path):
        mode = _mode(path, force)
        part = path.with_name(f".{path.name}.invo-part")
        descriptor = _claim(part)
        try:
            yield descriptor
            os.fchmod(descriptor, mode)
            os.fsync(descriptor)
            _mode(path, force)  # again: somebody may have put a file there meanwhile
            os.replace(part, path)
        except BaseException:
            part.unlink(missing_ok=True)  # while it is still locked: afterwards it may be another run's
            raise
        finally:
            os.close(descriptor)
        _sync_folder(path.parent)


def _mode(path: Path, force: bool) -> int:
    """The permissions the file will have: those of the file it replaces, else what the umask leaves."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return 0o666 & ~_umask()
    if not stat.S_ISREG(found.st_mode):
        raise ConflictError(f"{path} is not a regular file.", hint="Name a file itself, not a link, folder or device.")
    if not force:
        raise ConflictError(f"{path} is there already.", hint="Overwrite it with --force, or name another file.")
    return stat.S_IMODE(found.st_mode)


def _umask() -> int:
    # It can only be read by setting it.
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _claim(part: Path) -> int:
    """Make, open and lock the unfinished file; what a killed run left is removed first."""
    while True:
        with suppress(FileExistsError):
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _SAFELY, 0o600)
            if _is_locked_at(descriptor, part):
                return descriptor
        _remove_stale(part)


def _remove_stale(part: Path) -> None:
    """Remove the unfinished file of a killed run: its lock went with it."""
    try:
        descriptor = os.open(part, os.O_RDONLY | os.O_NONBLOCK | _SAFELY)
    except FileNotFoundError:
        return
    if _is_locked_at(descriptor, part):
        part.unlink()
        os.close(descriptor)


def _is_locked_at(descriptor: int, part: Path) -> bool:
    """Lock an open file; whether it is still the one at this path. Closed when it is not."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(descriptor), part.lstat()):
            return True
    except FileNotFoundError:
        pass
    except BlockingIOError:
        os.close(descriptor)
        raise UnavailableError("Another run is writing this file.", hint="Wait until it has ended.") from None
    os.close(descriptor)
    return False


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _refusal(path, error) from error


def _refusal(path: Path, error: OSError) -> InvoError:
    reason = (error.strerror or str(error)).rstrip(".")
    if isinstance(error, FileNotFoundError):
        return NotFoundError(f"There is no folder {path.parent}.", hint="Make it first, or name another.")
    if error.errno in _PASSING:
        return UnavailableError(f"{path} cannot be written: {reason}.", hint="Free some space, then run it again.")
    return InvalidError(f"{path} cannot be written: {reason}.", hint="Check the path and its rights.")

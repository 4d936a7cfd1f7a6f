"""Private folders where a socket's path stays short; those of killed runs are removed by the next one."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from pathlib import Path

from tests.harness.parenthood import Account

DISK = Path("/tmp")
MEMORY = Path("/dev/shm")
ROOM = 1024**3
"""Bytes that must be free in memory before a server lies there: ext4 makes files slowly where many were deleted."""
PREFIX = "invo-pg-run-"
LOCK = "owner.lock"
GRACE_SECONDS = 60

# The locks of this process: the kernel drops them when it dies, and that is how the next run knows.
_held: dict[Path, int] = {}


def create(account: Account | None, *, root: Path = DISK) -> Path:
    """A new folder of the account (of this user when None), locked by this process while it lives."""
    sweep()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=root))
    _held[folder] = os.open(folder / LOCK, os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(_held[folder], fcntl.LOCK_EX)
    if account is not None:
        os.chown(folder, account.uid, account.gid)
    return folder


def fastest() -> Path:
    """Where a server's data lies best: in memory if there is room; programs may not be allowed to run there."""
    is_roomy = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return MEMORY if is_roomy else DISK


def remove(folder: Path) -> None:
    """Delete a folder of `create` and give up its lock."""
    shutil.rmtree(folder, ignore_errors=True)
    os.close(_held.pop(folder))


def sweep(older_than: float = GRACE_SECONDS) -> None:
    """Delete the folders whose owners were killed; `older_than` in seconds spares those not locked yet."""
    for folder in (each for root in (DISK, MEMORY) for each in root.glob(f"{PREFIX}*")):
        try:
            if time.time() - folder.stat().st_ctime > older_than and _abandoned(folder):
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:  # another user's, or gone meanwhile
            continue


def _abandoned(folder: Path) -> bool:
    descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True

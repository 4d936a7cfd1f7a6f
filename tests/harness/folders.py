"""Private folders in /tmp, where a socket's path stays short; those of killed runs are removed by the next one."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from pathlib import Path

from tests.harness.parenthood import Account

ROOT = Path("/tmp")
PREFIX = "invo-pg-run-"
LOCK = "owner.lock"
GRACE_SECONDS = 60

# The locks of this process: the kernel drops them when it dies, and that is how the next run knows.
_held: dict[Path, int] = {}


def create(account: Account | None) -> Path:
    """A new folder of the account (of this user when None), locked by this process while it lives."""
    sweep()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=ROOT))
    _held[folder] = os.open(folder / LOCK, os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(_held[folder], fcntl.LOCK_EX)
    if account is not None:
        os.chown(folder, account.uid, account.gid)
    return folder


def remove(folder: Path) -> None:
    """Delete a folder of `create` and give up its lock."""
    shutil.rmtree(folder, ignore_errors=True)
    os.close(_held.pop(folder))


def sweep(older_than: float = GRACE_SECONDS) -> None:
    """Delete the folders whose owners were killed; `older_than` in seconds spares those not locked yet."""
    for folder in ROOT.glob(f"{PREFIX}*"):
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

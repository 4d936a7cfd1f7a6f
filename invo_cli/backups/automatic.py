"""Backups that nobody has to ask for: before an upgrade, and before anything else that is hard to undo."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from invo_cli import clock
from invo_cli.backups import folders, keeping, making, manifests
from invo_cli.db import schema
from invo_cli.settings import get_settings


def backup_before(reason: str, *, say: Callable[[str], None] = lambda _: None) -> Path | None:
    """Back the configured database up into INVO_HOME/backups, at whatever revision it is, and return the file.

    None when there is no database yet, or one without tables. Of the backups made so, the last five of each database
    are kept. `reason` is a few words, such as `upgrade to 20261123_0007`.
    """
    if not schema.exists() or schema.current() is None:
        return None
    folder = folders.usual()
    made = making.make(get_settings().database_url, folder, at=clock.now(), reason=reason, say=say)
    keeping.remove(keeping.outnumbered(manifests.every(folder)))
    return made.path

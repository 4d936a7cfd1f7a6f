"""When this database was last backed up: what the trail tells, or the newest backup in the usual folder."""

from __future__ import annotations

from datetime import datetime


def last_backup(noted: datetime | None) -> datetime | None:
    """The later of the backup that the trail tells of and of the newest whole one in INVO_HOME/backups."""
    from invo_cli.backups import folders, manifests
    from invo_cli.db.urls import normalise, redacted
    from invo_cli.settings import get_settings

    ours = redacted(normalise(get_settings().database_url))
    made = [
        datetime.fromisoformat(row["made_at"])
        for row in manifests.every(folders.usual())
        if row["status"] == "ok" and row["database"] == ours
    ]
    return max([*made, *([noted] if noted else [])], default=None)

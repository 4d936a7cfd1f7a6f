"""Looking at a row again once the book is locked: somebody may have changed it since it was found."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session


def reread(session: Session, row: Any) -> None:
    """Read the row anew; what this transaction changed in it is stored first, since a refresh alone forgets it."""
    session.flush()
    session.refresh(row)

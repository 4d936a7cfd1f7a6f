"""How settings look."""

from __future__ import annotations

from invo_cli.views.listing import Column, Listing

PATH = Listing((Column("path", "File"), Column("exists", "Exists", extra=True)), name="path")


def listing(with_origin: bool) -> Listing:
    """Settings, one a row; where each comes from only when asked, and always in json."""
    columns = Column("key", "Setting"), Column("value", "Value"), Column("origin", "From", extra=not with_origin)
    return Listing(columns, name="key")

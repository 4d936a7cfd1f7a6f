"""Chunks of entries issued together."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from invo_cli.models import Business
from invo_cli.services.acting import Act
from invo_cli.services.bulk.entries import Entry, Verdict


class Importer:
    """Issues the entries of one file for one business; see the package for how it is used.

    `batch_id` is the `import_batches` row (inserted before) whose records name what was made; `allow_rate` takes rates
    outside the list of their date, with this reason.
    """

    def __init__(
        self, session: Session, business: Business, *, act: Act, batch_id: int, allow_rate: str | None = None
    ) -> None:
        self.is_storing = True

    def issue(self, entries: Sequence[Entry]) -> list[Verdict]:
        """Judge the entries and store those that are right; a verdict for each, in order."""
        raise NotImplementedError

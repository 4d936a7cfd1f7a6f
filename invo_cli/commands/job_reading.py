"""Reading what changed, in one snapshot, into pieces that are stored afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from invo_cli import clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invo_cli.exports.pieces import Pieces
    from invo_cli.services.export_jobs.reading import Window
    from invo_cli.services.export_jobs.settings import Settings
    from invo_cli.services.export_jobs.steps import Key, Start


def read(key: Key, start: Start, settings: Settings, pieces: Pieces) -> tuple[dict[str, Any], Sequence[Window]]:
    """Write the text of the next batch into `pieces`; return its manifest, and what was read.

    The manifest has no batch when nothing changed. Reading holds no lock of the books, so writers go on.
    """
    from invo_cli.commands.entering import snapshot
    from invo_cli.exports.compressing import compressed
    from invo_cli.services.export_jobs import reading, steps
    from invo_cli.services.exporting import catalogue
    from invo_cli.services.exporting.streaming import Tally
    from invo_cli.views import progress

    data_set, tally = catalogue.get(start.data_set), Tally()
    fields = reading.fields(data_set, key.book, settings)
    with snapshot() as session:
        windows = reading.windows(session, data_set, key.book, start.cursors)
        upserts, totals = reading.measured(session, data_set, fields, windows, settings)
        with (
            progress.watched(data_set.name, upserts, settings.out or "-") as show,
            compressed(pieces, settings.compress) as out,
        ):
            for block in reading.text(session, data_set, fields, windows, settings, tally):
                out.write(block)
                show(tally.rows)
    manifest: dict[str, Any] = {
        "job": key.name,
        "data_set": data_set.name,
        "batch": ((start.last or {}).get("batch") or 0) + 1 if tally.rows else None,
        **steps.span(start, windows, is_single=[each.book for each in windows] == [key.book]),
        "rows": tally.rows,
        "deletes": tally.rows - upserts,
        "bytes": pieces.bytes,
        "sha256": pieces.sha256,
        "totals": {name: str(amount) for name, amount in totals.items()} if tally.rows else {},
        "format": settings.format,
        "compress": settings.compress,
        "fields": [*(field.name for field in fields), "op"],
        "prepared_at": clock.now().isoformat(),
    }
    return manifest, windows


def nothing(key: Key, start: Start, settings: Settings) -> bytes:
    """The file of a run that finds nothing: at most a heading."""
    from io import BytesIO

    from invo_cli.exports.compressing import compressed
    from invo_cli.services.export_jobs import reading
    from invo_cli.services.exporting import catalogue

    data_set = catalogue.get(start.data_set)
    file = BytesIO()
    with compressed(file, settings.compress) as out:
        out.write(reading.heading(reading.fields(data_set, key.book, settings), settings))
    return file.getvalue()

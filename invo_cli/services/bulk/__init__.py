"""Documents issued by the thousand, set-wise: under the same rules and by the same composing as single ones.

`Importer.issue` takes a chunk of entries (some hundreds to a few thousand), looks everything they name up at once,
completes, taxes and judges each, and stores what is right in a handful of statements: customers, documents, lines,
audit events, records of the batch. It says of every entry whether it was issued, is there already, or is refused and
why. Nothing is committed: the caller's transaction holds the whole file, and rolls it back when the file must come in
whole. From the first chunk on the book of the business is locked, so the caller is the only writer until it commits.

    importer = Importer(session, business, act=act, batch_id=batch_id, allow_rate=None)
    for chunk in chunks:                      # Sequence[Entry], in the order of the file
        for verdict in importer.issue(chunk): # one Verdict for each entry, in order
            ...

A caller that will roll back anyhow may set `importer.is_storing = False` after the first refusal: what follows is
still judged, and no longer stored. Notes may be written against documents of the books, and of the file when these
stand before them or in the same chunk.
"""

from __future__ import annotations

from invo_cli.services.bulk.entries import Entry, Outcome, Problem, Stated, Verdict
from invo_cli.services.bulk.importer import Importer

__all__ = ["Entry", "Importer", "Outcome", "Problem", "Stated", "Verdict"]

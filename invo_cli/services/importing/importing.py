"""A whole file in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from invo_cli.gst.records import Record, Unreadable
from invo_cli.models import Business
from invo_cli.services import books
from invo_cli.services.access import Right, demands
from invo_cli.services.acting import Act
from invo_cli.services.importing import batches, customers, documents, items, payments
from invo_cli.services.importing.runs import RejectedError, Result, Run, Wanted

_DATA_SETS: Mapping[str, Callable[[Run], None]] = {
    "customers": customers.store,
    "items": items.store,
    "invoices": documents.store,
    "payments": payments.store,
}


@demands(Right.IMPORT_RUN)
def run(
    session: Session, business: Business, records: Iterable[Record[Any] | Unreadable], wanted: Wanted, *, act: Act
) -> Result:
    """Import the records of a file in their order, each at most once; the book is locked until the end.

    Raises RejectedError when some are wrong and it must come in whole: the caller rolls back.
    """
    book = books.take(session, business.id)
    before = batches.counters(session, business)
    batch_id, name = batches.begin(session, business, wanted, act=act)
    found = Run(session=session, business=business, act=act, wanted=wanted, batch_id=batch_id, records=records)
    _DATA_SETS[wanted.data_set](found)
    if found.is_doomed:
        raise RejectedError(found.result(None))
    batches.close(found, name, before)
    if not found.imported:
        books.give_back(session, business.id, book)
    return found.result(name if found.imported else None)

"""Every data set there is."""

from __future__ import annotations

from collections.abc import Mapping

from invo_cli.errors import NotFoundError
from invo_cli.gst.text import nearest
from invo_cli.services.exporting import documents, masters, receipts, trail
from invo_cli.services.exporting.declaring import DataSet

DATA_SETS: Mapping[str, DataSet] = {
    each.name: each
    for each in (
        documents.INVOICES,
        documents.LINES,
        masters.CUSTOMERS,
        masters.ITEMS,
        receipts.PAYMENTS,
        receipts.ALLOCATIONS,
        trail.AUDIT,
        masters.USERS,
    )
}


def get(name: str) -> DataSet:
    """The data set of this name; NotFoundError names the nearest."""
    if name in DATA_SETS:
        return DATA_SETS[name]
    near = nearest(name, DATA_SETS)
    hint = f"Did you mean {near}?" if near else f"There are: {', '.join(DATA_SETS)}."
    raise NotFoundError(f"There is no data set {name}.", hint=hint)

"""Items of a file: matched by code, stored some hundreds at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select

from invo_cli.db.types import as_dict
from invo_cli.errors import ConflictError, InvoError
from invo_cli.gst.money import to_thousandths
from invo_cli.gst.records import ItemRecord, Record
from invo_cli.models import Base, Item
from invo_cli.services import audit, items
from invo_cli.services.importing.matching import require_same
from invo_cli.services.importing.runs import Run

CHUNK = 500
_ADD = insert(Base.metadata.tables["items"])
_SCALED = {
    "unit_price": "unit_price_thousandths",
    "gst_rate": "gst_rate_thousandths",
    "cess_rate": "cess_rate_thousandths",
    "cess_per_unit": "cess_per_unit_thousandths",
}
_SAME = ("name", "kind", "hsn", "unit", "price_includes_tax", "taxability")


def store(run: Run) -> None:
    """Import the items of a file."""
    for chunk in run.chunks(CHUNK):
        _store(run, chunk)


def _store(run: Run, chunk: Sequence[Record[ItemRecord]]) -> None:
    keys = {entry.value.code.upper() for entry in chunk}
    query = select(Item).where(Item.business_id == run.business.id, Item.code_key.in_(sorted(keys)))
    stored = {item.code_key: item for item in run.session.scalars(query)}
    made: list[tuple[Item, int]] = []
    for entry in chunk:
        try:
            known, values = stored.get(entry.value.code.upper()), _columns(entry.value)
            if known is not None:
                _require_same(known, values)
                run.skip()
                continue
            new = items.new(run.business.id, entry.value.code, items.checked(values), act=run.act)
        except InvoError as error:
            run.refuse_for(entry, error)
            continue
        stored[new.code_key] = new
        made.append((new, entry.line))
    if made and not run.is_doomed:
        run.session.execute(_ADD, [as_dict(new) for new, _ in made])
        audit.append(run.session, run.business.id, run.act, [items.event("create", new) for new, _ in made])
    run.made("item", [(new.id, line) for new, line in made])


def _columns(record: ItemRecord) -> dict[str, Any]:
    given = {column: getattr(record, name) for name, column in _SCALED.items()}
    scaled = {column: None if value is None else to_thousandths(value) for column, value in given.items()}
    return {**{name: getattr(record, name) for name in _SAME}, **scaled}


def _require_same(known: Item, values: dict[str, Any]) -> None:
    if known.is_deleted:
        raise ConflictError(
            f"Item {known.code} is deleted.", hint=f"Bring it back with: invo item restore {known.code}", column="code"
        )
    require_same(f"Item {known.code}", values, known)

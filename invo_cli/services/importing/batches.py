"""Batches of imports: named, begun before their records and closed with their counts."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from invo_cli.db.types import new_id
from invo_cli.errors import ConflictError, NotFoundError
from invo_cli.gst.text import nearest, quoted
from invo_cli.models import Business, ImportBatch, NumberCounter
from invo_cli.services import audit
from invo_cli.services.access import Right, demands
from invo_cli.services.acting import Act
from invo_cli.services.importing.runs import Run, Wanted

Counters = dict[str, tuple[int, int]]
"""First and last serial of every series, by kind, year and pattern as one text."""


def begin(session: Session, business: Business, wanted: Wanted, *, act: Act) -> tuple[int, str]:
    """Store a batch without records; its id, and the name it will have if it gets any.

    Raises ConflictError for a name that another file has.
    """
    name, batch_id = wanted.name or _next_name(session, business, wanted, act), new_id()
    named = find(session, business, name)
    if named is not None and (named.sha256 != wanted.sha256 or named.undone_at is not None):
        raise _taken(name)
    session.execute(
        insert(ImportBatch).values(
            business_id=business.id,
            id=batch_id,
            # The same file under the same name is harmless as long as nothing of it is new.
            name=name if named is None else f"{name} {batch_id}",
            data_set=wanted.data_set,
            file_name=wanted.file_name,
            sha256=wanted.sha256,
            imported_at=act.at,
            imported_by=act.actor,
            counters="{}",
        )
    )
    return batch_id, name


def close(run: Run, name: str, before: Counters) -> None:
    """Give the batch its counts, and note it in the audit trail; one that got no record goes."""
    ours = (ImportBatch.business_id == run.business.id) & (ImportBatch.id == run.batch_id)
    if not run.imported:
        run.session.execute(delete(ImportBatch).where(ours))
        return
    named = find(run.session, run.business, name)
    if named is not None and named.id != run.batch_id:
        raise _taken(name)
    after = counters(run.session, run.business)
    moved = {key: before.get(key) for key, value in after.items() if before.get(key) != value}
    counts = {"read": run.read, "imported": run.imported, "skipped": run.skipped, "rejected": len(run.refused_lines)}
    values = counts | {"counters": json.dumps(moved)}
    run.session.execute(update(ImportBatch).where(ours).values(**values).execution_options(synchronize_session=False))
    state = {"data_set": run.wanted.data_set, "file": run.wanted.file_name, "sha256": run.wanted.sha256, **counts}
    event = audit.Event(action="import.create", subject=f"import:{name}", after=state)
    audit.append(run.session, run.business.id, run.act, [event])


def find(session: Session, business: Business, name: str) -> ImportBatch | None:
    """The batch of this name."""
    query = select(ImportBatch).where(ImportBatch.business_id == business.id, ImportBatch.name == name)
    return session.scalars(query.execution_options(populate_existing=True)).first()


def get(session: Session, business: Business, name: str) -> ImportBatch:
    """The batch of this name; NotFoundError when there is none."""
    found = find(session, business, name)
    if found is None:
        near = nearest(name, session.scalars(select(ImportBatch.name).where(ImportBatch.business_id == business.id)))
        hint = f"Did you mean {near}?" if near else "See: invo import list"
        raise NotFoundError(f"No import {quoted(name)}.", hint=hint)
    return found


@demands(Right.IMPORT_READ)
def search(session: Session, business: Business) -> Sequence[ImportBatch]:
    """Every batch, the newest first."""
    query = select(ImportBatch).where(ImportBatch.business_id == business.id)
    return session.scalars(query.order_by(ImportBatch.imported_at.desc(), ImportBatch.id.desc())).all()


def counters(session: Session, business: Business) -> Counters:
    """How far every series of the business is."""
    query = select(NumberCounter).where(NumberCounter.business_id == business.id)
    rows = session.scalars(query.execution_options(populate_existing=True))
    return {f"{row.kind} {row.financial_year} {row.series}": (row.first_serial, row.last_serial) for row in rows}


def _next_name(session: Session, business: Business, wanted: Wanted, act: Act) -> str:
    """`customers-2026-10-05-1` and so on."""
    start = f"{wanted.data_set}-{act.today}-"
    names = select(ImportBatch.name).where(ImportBatch.business_id == business.id, ImportBatch.name.startswith(start))
    taken = set(session.scalars(names))
    return next(name for number in range(1, len(taken) + 2) if (name := f"{start}{number}") not in taken)


def _taken(name: str) -> ConflictError:
    return ConflictError(f"There is an import {quoted(name)} already.", hint="Give another name with --batch.")

"""What a short look around the made-up business shows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from invo_cli.demo.papers import Fate
from invo_cli.services import businesses, invoice_lookup, invoice_search, reports
from invo_cli.services.invoice_search import Wanted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

NEWEST = 10
LOOKED_THROUGH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Sights:
    """Counts, the newest documents, one whole document, and the sales of each month."""

    counts: dict[str, Any]
    newest: list[dict[str, Any]]
    document: dict[str, Any]
    months: list[dict[str, Any]]


def look(session: Session, code: str, *, today: date) -> Sights:
    """Look around in the business with this code."""
    business = businesses.get(session, code)
    newest = list(invoice_search.search(session, business, Wanted(limit=NEWEST), today=today))
    issued = Wanted(statuses=("issued",), limit=LOOKED_THROUGH)
    shown = _worth_showing([*invoice_search.search(session, business, issued, today=today), *newest])
    invoice = invoice_lookup.get(session, business, shown["id"])
    return Sights(
        counts=_counts(invoice_search.search(session, business, Wanted(deleted=True, sort="date"), today=today)),
        newest=newest,
        document=invoice_lookup.document(session, business, invoice.id, today=today),
        months=reports.sales(session, business, by="month", days=(None, None)),
    )


def _worth_showing(found: list[dict[str, Any]]) -> dict[str, Any]:
    """The newest with a discount, which has most to show, else the newest of all."""
    return next((row for row in found if row["discount"] != "0.00"), found[0])


def _counts(rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """How many documents there are of each status and kind; `rows` in the order of their dates."""
    fates, kinds, overdue, days = Counter[str](), Counter[str](), 0, list[str]()
    for row in rows:
        fates["deleted" if row["is_deleted"] else row["status"]] += 1
        kinds[row["kind"]] += 1
        overdue += row["payment_status"] == "overdue"
        days = [days[0] if days else row["date"], row["date"]]
    return {
        "documents": fates.total(),
        "from": days[0],
        "to": days[1],
        **{fate.value: fates[fate] for fate in Fate},
        "overdue": overdue,
        "kinds": dict(sorted(kinds.items())),
    }

"""Which entries are in the books already: by number, year and kind, or by their idempotency key."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from invo_cli.errors import ConflictError
from invo_cli.gst.document import CustomerInput, DocumentInput
from invo_cli.gst.numbering import number_key
from invo_cli.gst.periods import FinancialYear
from invo_cli.gst.reading import write_document
from invo_cli.models import Base
from invo_cli.services import idempotency
from invo_cli.services.acting import Act
from invo_cli.services.customers import name_key

AT_ONCE = 500
"""Values asked for in one statement."""
_INVOICES = Base.metadata.tables["invoices"].c
_KEYS = Base.metadata.tables["idempotency_keys"].c
_COLUMNS = ("kind", "financial_year", "number_key", "number", "entered", "buyer_name")
_ASIDE = frozenset({"customer", "number", "idempotency_key"})
Found = Row[*tuple[Any, ...]]


class Known:
    """What the books have of the numbers and keys of a chunk."""

    def __init__(self, session: Session, business_id: int, act: Act, documents: Sequence[DocumentInput]) -> None:
        self._act = act
        numbers = {number_key(each.number) for each in documents if each.number}
        self._numbered: dict[tuple[str, str], list[Found]] = {}
        for row in _rows(session, business_id, numbers):
            self._numbered.setdefault((row.financial_year, row.number_key), []).append(row)
        keys = {each.idempotency_key for each in documents if each.idempotency_key}
        self._keyed = {row.key: row for row in _keyed(session, business_id, keys)}

    def number_of(self, entered: DocumentInput) -> str | None:
        """The number of the stored document that the entry repeats, or None when it is new.

        Raises ConflictError when its number or key belongs to a document with other content.
        """
        used = self._keyed.get(entered.idempotency_key or "")
        if used is not None:
            idempotency.require_same(used.key, used.fingerprint, request_of(entered))
            return str(used.number)
        if entered.number is None:
            return None
        year = FinancialYear.of(entered.date or self._act.today).label
        for row in self._numbered.get((year, number_key(entered.number)), ()):
            if entered.kind is None or entered.kind.value == row.kind:
                return self._same(entered, row)
        return None

    def _same(self, entered: DocumentInput, row: Found) -> str:
        if not _is_buyer(entered, row.buyer_name) or not _is_part(_content(entered), json.loads(row.entered)):
            raise ConflictError(
                f"{row.number} of {row.financial_year} is in the books already, with other content.",
                hint=f"Compare it with: invo invoice show {row.number}@{row.financial_year}",
            )
        return str(row.number)


def request_of(entered: DocumentInput) -> str:
    """The fingerprint of an entry under its idempotency key, as for a single document."""
    return idempotency.fingerprint({"document": write_document(entered), "draft": False})


def _content(entered: DocumentInput) -> Mapping[str, Any]:
    return {key: value for key, value in write_document(entered).items() if key not in _ASIDE}


def _is_buyer(entered: DocumentInput, name: str) -> bool:
    """Whether a buyer that is described has the name on the document; a code may stand for any."""
    given = entered.customer
    return not isinstance(given, CustomerInput) or name_key(given.name) == name_key(name)


def _is_part(given: Any, stored: Any) -> bool:
    """Whether everything that is given stands in what was stored, where every default is written down."""
    if isinstance(given, dict) and isinstance(stored, dict):
        return all(value is None or _is_part(value, stored.get(key)) for key, value in given.items())
    if isinstance(given, list) and isinstance(stored, list):
        # A note without lines takes back all that is left.
        return not given or (len(given) == len(stored) and all(map(_is_part, given, stored)))
    return bool(given == stored)


def _rows(session: Session, business_id: int, numbers: Iterable[str]) -> Iterable[Found]:
    wanted = sorted(numbers)
    for start in range(0, len(wanted), AT_ONCE):
        query = select(*(_INVOICES[name] for name in _COLUMNS)).where(
            _INVOICES.business_id == business_id, _INVOICES.number_key.in_(wanted[start : start + AT_ONCE])
        )
        yield from session.execute(query)


def _keyed(session: Session, business_id: int, keys: Iterable[str]) -> Iterable[Found]:
    wanted = sorted(keys)
    for start in range(0, len(wanted), AT_ONCE):
        query = (
            select(_KEYS.key, _KEYS.fingerprint, _INVOICES.number)
            .outerjoin_from(_KEYS.key.table, _INVOICES.id.table, _belongs())
            .where(_KEYS.business_id == business_id, _KEYS.key.in_(wanted[start : start + AT_ONCE]))
        )
        yield from session.execute(query)


def _belongs() -> Any:
    return (_INVOICES.business_id == _KEYS.business_id) & (_INVOICES.id == _KEYS.subject_id)

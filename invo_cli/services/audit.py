"""The audit trail: every write appends events to the hash chain of its business, in the same transaction.

hash = SHA-256 of the previous hash, a newline and the event as canonical JSON (sorted keys, no spaces, UTF-8).
Personal values stand in the event as salted digests; values and salt lie beside it and may be erased.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy.orm import Session

from invo_cli.services import books
from invo_cli.services.acting import Act
from invo_cli.services.batching import batched
from invo_cli.services.row_writing import add_rows

PERSONAL = frozenset(
    {"name", "mobile", "email", "address", "address_line1", "address_line2", "city", "pincode", "buyer", "buyer_name"}
)
"""Keys whose values are personal in records about customers."""
_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
_NESTED = (dict, list, tuple)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happened to one subject, such as `invoice:D-17` or `customer:C-0001`."""

    action: str
    subject: str
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    reason: str | None = None
    personal: frozenset[str] = frozenset()


def append(
    session: Session, business_id: int, act: Act, events: Sequence[Event], *, book: books.Taken | None = None
) -> None:
    """Append events to the chain; the book, when it was not taken before, stays locked until the transaction ends."""
    book = book or books.take(session, business_id)
    rows, values = linked(business_id, act, events, book)
    session.flush()
    with batched(session):
        add_rows(session, "audit_events", rows)
        if values:
            add_rows(session, "audit_personal", values)
    close(session, book, rows)


def linked(
    business_id: int, act: Act, events: Iterable[Event], book: books.Taken
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows of events that continue the chain of a book, and those of their personal values."""
    last_hash, rows, values = book.audit_hash, [], []
    for seq, event in enumerate(events, book.audit_seq + 1):
        row, personal = _row(business_id, seq, act, event)
        row["hash"] = last_hash = chained(last_hash, row)
        rows.append(row)
        values += [personal] if personal else []
    return rows, values


def close(session: Session, book: books.Taken, rows: Sequence[Mapping[str, Any]]) -> None:
    """Note the last of the rows that were appended to the chain of a book."""
    last = rows[-1]
    books.close_chain(session, last["business_id"], before=book.audit_seq, seq=last["seq"], last_hash=last["hash"])


def canonical(value: Any) -> str:
    """JSON that is the same whenever the value is: sorted keys, no spaces."""
    return _CANONICAL.encode(value)


def chained(previous: str, row: Mapping[str, Any]) -> str:
    """The hash of an event row: of everything in it but the hash itself, and of the previous hash."""
    return sha256(f"{previous}\n{canonical(content(row))}".encode()).hexdigest()


def content(row: Mapping[str, Any]) -> dict[str, Any]:
    """What of an event row is hashed: everything but the hash, the time as text, `via` only where there is one."""
    kept = dict(row)
    kept.pop("hash", None)
    if kept.get("via") is None:
        kept.pop("via", None)
    kept["at"] = _instant(row["at"])
    return kept


def digest(salt: str, path: str, value: Any) -> str:
    """What stands in the event instead of a personal value."""
    return "sha256:" + sha256(f"{salt}\n{path}\n{canonical(value)}".encode()).hexdigest()


def revealed(state: str | None, path: str, values: Mapping[str, Any]) -> Any:
    """The state kept in an event (`path` is `before` or `after`), with `values`, by path, in place of their digests."""
    return None if state is None else with_values(json.loads(state), path, values)


def with_values(content: Any, path: str, values: Mapping[str, Any]) -> Any:
    """A state that was read, changed: with `values`, by path, in place of their digests."""
    for place, value in values.items():
        root, *steps = place.split(".")
        if root == path:
            _put(content, steps, value)
    return content


def _row(business_id: int, seq: int, act: Act, event: Event) -> tuple[dict[str, Any], dict[str, Any] | None]:
    salt, hidden = secrets.token_hex(16), dict[str, Any]()
    row = {
        "business_id": business_id,
        "seq": seq,
        "at": act.at,
        "actor": act.actor,
        "os_user": act.os_user,
        "host": act.host,
        "action": event.action,
        "subject": event.subject,
        "reason": event.reason,
        "before": _masked(event.before, "before", event.personal, salt, hidden),
        "after": _masked(event.after, "after", event.personal, salt, hidden),
    }
    if act.via is not None:  # absent in the canonical form while there are no users
        row["via"] = act.via
    if not hidden:
        return row, None
    return row, {"business_id": business_id, "seq": seq, "salt": salt, "fields": canonical(hidden)}


def _masked(
    state: Mapping[str, Any] | None, path: str, personal: frozenset[str], salt: str, hidden: dict[str, Any]
) -> str | None:
    return None if state is None else canonical(_mask(dict(state), path, personal, salt, hidden))


def _mask(value: Any, path: str, personal: frozenset[str], salt: str, hidden: dict[str, Any]) -> Any:
    members = value.items() if isinstance(value, dict) else enumerate(value)
    kept = [
        (key, _hide(item, f"{path}.{key}", salt, hidden))
        if key in personal and item is not None
        else (key, _mask(item, f"{path}.{key}", personal, salt, hidden) if isinstance(item, _NESTED) else item)
        for key, item in members
    ]
    return dict(kept) if isinstance(value, dict) else [item for _, item in kept]


def _hide(value: Any, path: str, salt: str, hidden: dict[str, Any]) -> str:
    hidden[path] = value
    return digest(salt, path, value)


def _put(content: Any, steps: Sequence[str], value: Any) -> None:
    """Replace what stands at the end of a path; nothing happens when the path leads nowhere."""
    for step in steps[:-1]:
        content = content[int(step)] if isinstance(content, list) else content.get(step, {})
    if steps[-1] in content:
        content[steps[-1]] = value


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")

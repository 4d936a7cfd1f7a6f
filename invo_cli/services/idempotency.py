"""A key that makes a repeated request harmless: the same key and content give the record made the first time."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from invo_cli.errors import ConflictError
from invo_cli.models import IdempotencyKey
from invo_cli.services.acting import Act
from invo_cli.services.audit import canonical


def fingerprint(request: Any) -> str:
    """SHA-256 of a request in canonical form."""
    return sha256(canonical(request).encode()).hexdigest()


def recall(session: Session, business_id: int, key: str, request: str) -> int | None:
    """The id of the record made with this key, or None; the caller holds the lock on the book.

    Raises ConflictError when the key was used for another request.
    """
    known = session.execute(
        select(IdempotencyKey.fingerprint, IdempotencyKey.subject_id).where(
            IdempotencyKey.business_id == business_id, IdempotencyKey.key == key
        )
    ).one_or_none()
    if known is None:
        return None
    require_same(key, known.fingerprint, request)
    return int(known.subject_id)


def require_same(key: str, fingerprint: str, request: str) -> None:
    """Raise ConflictError when a key was used for another request."""
    if fingerprint != request:
        raise ConflictError(
            f"The idempotency key {key} was used for another request.", hint="Use a new key for a new request."
        )


def remember(
    session: Session, business_id: int, key: str, request: str, *, subject: str, subject_id: int, act: Act
) -> None:
    """Note what a key was used for."""
    session.execute(insert(IdempotencyKey).values(**used(business_id, key, request, subject, subject_id, act)))


def used(business_id: int, key: str, request: str, subject: str, subject_id: int, act: Act) -> dict[str, Any]:
    """The row that notes what a key was used for."""
    values = {"business_id": business_id, "key": key, "fingerprint": request, "created_at": act.at}
    return {**values, "subject": subject, "subject_id": subject_id}

"""The audit trail as a file that proves itself: written with its head beside it, and checked without a database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from invo_cli.commands import context
from invo_cli.errors import ConflictError, InvalidError, NotFoundError, UsageProblemError
from invo_cli.views import remarks

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session


def write(target: str, form: str, key_file: str | None, *, force: bool, book: Callable[[Session], int]) -> None:
    """Write the trail of a book to a file with FILE.head.json beside it, and note in the trail that it left.

    On stdout there is no file beside it: the head is told on stderr.
    """
    from invo_cli.commands import entering
    from invo_cli.exports import evidence, files
    from invo_cli.services import audit_trail

    if form not in evidence.FORMATS:
        raise InvalidError(f"There is no format {form}.", hint="Formats: jsonl, csv.")
    if target == "-" and key_file:
        raise UsageProblemError("A signature needs a file to stand beside.", hint="Name a file with --out.")
    key = evidence.private_key(context.read_bytes(key_file)) if key_file else None
    act = context.act()
    code: list[str | None] = []

    def events(session: Session) -> Any:
        book_id = book(session)
        code.append(audit_trail.code_of(session, book_id))
        return audit_trail.evidence(session, book_id)

    beside = None if target == "-" else Path(f"{target}.head.json")
    if beside and beside.exists() and not force:
        raise ConflictError(f"{beside} is there already.", hint="Overwrite it with --force, or name another file.")
    with files.binary(target, force=force) as out:
        trail = evidence.Trail(out, form)
        trail.write(entering.stream(events, patient=True))
        head = trail.head(code[0], Path(target).name) | {"exported_at": act.at.isoformat(timespec="seconds")}
        entering.write(lambda session: audit_trail.note_export(session, act, head))
    if beside:
        files.store(beside, f"{evidence.canonical(evidence.signed(head, key))}\n".encode(), force=force)
    remarks.note(f"Exported {trail.events} events. Note this head elsewhere: {trail.seq}:{trail.hash}")


def check(name: str, key_file: str | None) -> tuple[int, list[dict[str, Any]]]:
    """How many events the head of a file tells, and what is wrong with the two."""
    from itertools import islice

    from invo_cli.exports import evidence

    head = evidence.read_head(context.read_text(f"{name}.head.json"))
    key = evidence.public_key(context.read_bytes(key_file)) if key_file else None
    try:
        with Path(name).open("rb") as file:
            found = list(islice(evidence.problems(file, head, key), 1000))
    except OSError as error:
        raise NotFoundError(
            f"{name} cannot be read: {error.strerror}.", hint="Check the path and its rights."
        ) from error
    if head["signature"] and not key:
        remarks.warn("The head is signed; the signature is checked with --public-key only.")
    business = head.get("business")
    return head["events"], [
        {"seq": seq, "subject": "audit", "problem": problem, "business": business} for seq, problem in found
    ]

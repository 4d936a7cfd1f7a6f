"""Every refusal invo makes: one sentence, a hint, a stable code and an exit status (see docs/scripting.md)."""

from __future__ import annotations

from typing import Any, ClassVar


class InvoError(Exception):
    """A refusal that is shown to people as one sentence; only the door in cli.py prints it."""

    code: ClassVar[str] = "failed"
    exit_status: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str | None = None, code: str | None = None, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.error_code = code or self.code
        self.details = details


class DeclinedError(InvoError):
    """Somebody was asked and said no."""

    code = "declined"


class UsageProblemError(InvoError):
    """The command line is incomplete, or a question would be needed where none may be asked."""

    code = "usage"
    exit_status = 2


class InvalidError(InvoError):
    """A value, from a flag or from a file, cannot be read or breaks a rule."""

    code = "invalid"
    exit_status = 3


class NotFoundError(InvoError):
    """No such record, file or profile."""

    code = "not_found"
    exit_status = 4


class ConflictError(InvoError):
    """A duplicate, a wrong state, an ambiguous name, or an idempotency key used for something else."""

    code = "conflict"
    exit_status = 5


class DeniedError(InvoError):
    """Not signed in, or the role lacks the right."""

    code = "denied"
    exit_status = 6


class UnavailableError(InvoError):
    """The database or the disk cannot serve now: try again."""

    code = "unavailable"
    exit_status = 7


class SchemaError(InvoError):
    """The database is older or newer than this program, or is not invo's."""

    code = "schema"
    exit_status = 8


class PartialError(InvoError):
    """A bulk run in which some items failed."""

    code = "partial"
    exit_status = 9


class FindingsError(InvoError):
    """A check found something."""

    code = "findings"
    exit_status = 10

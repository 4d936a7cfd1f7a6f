"""Every refusal invo makes: one sentence, a hint, a stable code and an exit status (see docs/scripting.md)."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

E = TypeVar("E", bound=BaseException)


def behind(error: BaseException | None, *kinds: type[E]) -> E | None:
    """The nearest error of these kinds among an error and those it came from; None when there is none."""
    seen = set[int]()
    while error is not None and id(error) not in seen:
        if isinstance(error, kinds):
            return error
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return None


class InvoError(Exception):
    """A refusal that is shown to people as one sentence; only the door in cli.py prints it."""

    code: ClassVar[str] = "failed"
    exit_status: int = 1
    usual_hint: ClassVar[str] = "Run it again with --debug to see where it failed."

    def __init__(self, message: str, *, hint: str | None = None, code: str | None = None, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.error_code = code or self.code
        self.details = details

    @property
    def advice(self) -> str:
        """What to do about it: the hint given, else the usual one of this kind of refusal."""
        return self.hint or self.usual_hint


class DeclinedError(InvoError):
    """Somebody was asked and said no."""

    code = "declined"
    usual_hint = "Nothing was changed."


class StoppedError(InvoError):
    """A signal ended the run: 130 is Ctrl-C, 143 is TERM, 129 is HUP."""

    code = "interrupted"
    usual_hint = "What was not finished was rolled back; look before running it again."

    def __init__(self, message: str, exit_status: int) -> None:
        super().__init__(message)
        self.exit_status = exit_status


class UsageProblemError(InvoError):
    """The command line is incomplete, or a question would be needed where none may be asked."""

    code = "usage"
    exit_status = 2
    usual_hint = "See the command's --help."


class InvalidError(InvoError):
    """A value, from a flag or from a file, cannot be read or breaks a rule."""

    code = "invalid"
    exit_status = 3
    usual_hint = "Correct the value and run it again; nothing was changed."


class NotFoundError(InvoError):
    """No such record, file or profile."""

    code = "not_found"
    exit_status = 4
    usual_hint = "List what there is with the noun's list command."

    def __init__(self, message: str, *, wanted: str | None = None, **rest: Any) -> None:
        super().__init__(message, **rest)
        self.wanted = wanted
        """What was asked for, as it was written."""


class ConflictError(InvoError):
    """A duplicate, a wrong state, an ambiguous name, or an idempotency key used for something else."""

    code = "conflict"
    exit_status = 5
    usual_hint = "Look at the record that is there; nothing was changed."


class DeniedError(InvoError):
    """Not signed in, or the role lacks the right."""

    code = "denied"
    exit_status = 6
    usual_hint = "Ask an administrator for the right."


class UnavailableError(InvoError):
    """The database or the disk cannot serve now: try again."""

    code = "unavailable"
    exit_status = 7
    usual_hint = "Run it again in a moment; nothing was changed."


class SchemaError(InvoError):
    """The database is older or newer than this program, or is not invo's."""

    code = "schema"
    exit_status = 8
    usual_hint = "Migrate it with: invo db upgrade"


class PartialError(InvoError):
    """A bulk run in which some items failed."""

    code = "partial"
    exit_status = 9
    usual_hint = "Correct the items that failed and run those again."


class FindingsError(InvoError):
    """A check found something."""

    code = "findings"
    exit_status = 10
    usual_hint = "Look at the findings above."

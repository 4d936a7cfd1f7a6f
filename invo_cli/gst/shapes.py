"""Objects from outside into frozen values and back: every key known, every problem of one object found at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from invo_cli.errors import InvalidError
from invo_cli.gst.strict_json import kind_of
from invo_cli.gst.text import nearest, quoted

MAX_PROBLEMS = 100
"""A refusal lists at most so many problems; its `problem_count` has all of them."""

MAX_VALUE = 80
"""The details quote at most so many characters of a refused value."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong at one place: `path` is such as `lines[2].quantity`, counted from 0."""

    path: str
    message: str
    hint: str | None = None
    value: str | None = None

    def as_dict(self) -> dict[str, str]:
        """What scripts see: absent members are left out."""
        return {key: value for key, value in dataclasses.asdict(self).items() if value is not None}


class ProblemsError(InvalidError):
    """Everything wrong in one object: the first problem as the sentence, all of them in the details."""

    def __init__(self, problems: list[Problem]) -> None:
        first, more = problems[0], len(problems) - 1
        where = f" at {first.path}" if first.path else ""
        also = f", and {more} more problem{'s' if more > 1 else ''}" if more else ""
        super().__init__(
            f"{first.message.rstrip('.')}{where}{also}.",
            hint=first.hint,
            problems=[problem.as_dict() for problem in problems[:MAX_PROBLEMS]],
            problem_count=len(problems),
        )
        self.problems = problems


def unchanged(value: Any) -> Any:
    """The written form of what JSON writes as it is."""
    return value


@dataclass(frozen=True, slots=True)
class Field:
    """How one key is read and written. `read` gets the value and its path, and raises InvalidError."""

    read: Callable[[Any, str], Any]
    write: Callable[[Any], Any] = unchanged


@dataclass(frozen=True, slots=True)
class Shape:
    """An object with known keys, read into the dataclass `into`; `check` finds what two keys together get wrong."""

    into: type[Any]
    fields: Mapping[str, Field]
    check: Callable[[Any], Iterable[Problem]] = lambda _: ()

    def read(self, value: Any, path: str) -> Any:
        """An instance of `into`; left-out keys and null take its defaults. ProblemsError says all that is wrong."""
        if not isinstance(value, Mapping):
            raise InvalidError(f"An object is needed, not {kind_of(value)}.", hint=self._keys_hint())
        found = {key: item for key, item in value.items() if item is not None}
        problems = [*self._unknown(value, path), *self._missing(found, path)]
        values = collect(
            ((key, field.read, found[key]) for key, field in self.fields.items() if key in found), path, problems
        )
        if not problems:
            result = self.into(**values)
            problems = [dataclasses.replace(problem, path=join(path, problem.path)) for problem in self.check(result)]
        if problems:
            raise ProblemsError(problems)
        return result

    def write(self, value: Any) -> dict[str, Any]:
        """The object that `read` reads back to an equal value: every key, null where absent."""
        members = ((key, getattr(value, key), field) for key, field in self.fields.items())
        return {key: None if member is None else field.write(member) for key, member, field in members}

    def as_field(self) -> Field:
        """This shape as a member of another."""
        return Field(self.read, self.write)

    def as_list(self, limit: int) -> Field:
        """A list of at most `limit` such objects, read into a tuple."""

        def read(value: Any, path: str) -> tuple[Any, ...]:
            if not isinstance(value, list):
                raise InvalidError(f"A list is needed, not {kind_of(value)}.")
            if len(value) > limit:
                raise InvalidError(f"At most {limit} entries can stand here, not {len(value)}.")
            problems: list[Problem] = []
            members = collect(((f"[{at}]", self.read, item) for at, item in enumerate(value)), path, problems)
            if problems:
                raise ProblemsError(problems)
            return tuple(members.values())

        return Field(read, lambda members: [self.write(member) for member in members])

    def _unknown(self, value: Mapping[Any, Any], path: str) -> list[Problem]:
        keys = [str(key) for key in value if key not in self.fields][:MAX_PROBLEMS]
        return [Problem(path, f"There is no key {quoted(key)}.", self._nearest_hint(key)) for key in keys]

    def _missing(self, found: Mapping[str, Any], path: str) -> list[Problem]:
        needed = (field.name for field in dataclasses.fields(self.into) if field.default is dataclasses.MISSING)
        return [Problem(join(path, key), "The value is missing.") for key in needed if key not in found]

    def _nearest_hint(self, key: str) -> str:
        meant = nearest(key, self.fields)
        return f"Did you mean {meant}?" if meant else self._keys_hint()

    def _keys_hint(self) -> str:
        return f"The keys are {', '.join(self.fields)}."


def collect(
    members: Iterable[tuple[str, Callable[[Any, str], Any], Any]], path: str, problems: list[Problem]
) -> dict[str, Any]:
    """Read each (key, read, value); what cannot be read is left out and added to `problems`."""
    values = {}
    for key, read, value in members:
        at = join(path, key)
        try:
            values[key] = read(value, at)
        except ProblemsError as error:
            problems.extend(error.problems)
        except InvalidError as error:
            problems.append(Problem(at, error.message, error.hint, _shown(value)))
    return values


def join(path: str, key: str) -> str:
    """The path of a member: `lines` and `[2]` give `lines[2]`, then `quantity` gives `lines[2].quantity`."""
    return path + key if key.startswith("[") or not path else f"{path}.{key}"


def _shown(value: Any) -> str | None:
    """A refused text or number as details carry it; an object or list is found by its path alone."""
    return None if isinstance(value, (Mapping, list)) else str(value)[:MAX_VALUE]

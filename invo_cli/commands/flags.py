"""Options declared once as a dataclass and given to several commands."""

from __future__ import annotations

import dataclasses
import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar, get_type_hints

Command = TypeVar("Command", bound=Callable[..., None])


def takes(kind: type[Any]) -> Callable[[Command], Command]:
    """Give a command every field of a dataclass as an option; the command gets them as its parameter `flags`."""

    def decorate(command: Command) -> Command:
        own = [each for each in inspect.signature(command).parameters.values() if each.name != "flags"]
        names = [field.name for field in dataclasses.fields(kind)]
        hints = get_type_hints(kind, include_extras=True)

        @functools.wraps(command)
        def run(**given: Any) -> None:
            command(flags=kind(**{name: given.pop(name) for name in names}), **given)

        added = [
            inspect.Parameter(field.name, inspect.Parameter.KEYWORD_ONLY, default=field.default)
            for field in dataclasses.fields(kind)
        ]
        required = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in own]
        run.__signature__ = inspect.Signature([*required, *added])  # type: ignore[attr-defined]
        run.__annotations__ = {**get_type_hints(command, include_extras=True), **hints}
        del run.__wrapped__
        return run  # type: ignore[return-value]

    return decorate

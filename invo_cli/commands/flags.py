"""Options declared once as a dataclass and given to several commands."""

from __future__ import annotations

import dataclasses
import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar, get_type_hints

Command = TypeVar("Command", bound=Callable[..., None])


def takes(kind: type[Any]) -> Callable[[Command], Command]:
    """Give a command every field of a dataclass as an option; the command gets them as its parameter `flags`.

    A field may not hold a lambda in its annotation: Python 3.11 evaluates it with the names of the class alone.
    """

    def decorate(command: Command) -> Command:
        own = [each for each in inspect.signature(command).parameters.values() if each.name != "flags"]
        fields = dataclasses.fields(kind)
        hints = get_type_hints(command, include_extras=True) | get_type_hints(kind, include_extras=True)

        @functools.wraps(command)
        def run(**given: Any) -> None:
            command(flags=kind(**{field.name: given.pop(field.name) for field in fields}), **given)

        # Typer reads the annotation of each parameter, and the names of both come from different modules.
        given = [(field.name, _default(field)) for field in fields]
        mine = [(each.name, each.default) for each in own]
        needed = [each for each in mine if each[1] is inspect.Parameter.empty]
        given = [*needed, *given, *(each for each in mine if each not in needed)]
        run.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [
                inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=hints[name])
                for name, default in given
            ]
        )
        run.__annotations__ = hints
        del run.__wrapped__
        return run  # type: ignore[return-value]

    return decorate


def _default(field: dataclasses.Field[Any]) -> Any:
    return inspect.Parameter.empty if field.default is dataclasses.MISSING else field.default

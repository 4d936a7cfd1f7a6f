"""Global options: taken off the command line wherever they stand, before or after the command."""

from __future__ import annotations

from typing import Any

from invo_cli.errors import InvalidError, UsageProblemError
from invo_cli.options import GlobalOptions

FORMATS = ("auto", "table", "plain", "json", "jsonl", "csv", "tsv", "name")
_VALUED = {
    "-o": "output",
    "--output": "output",
    "--fields": "fields",
    "--business": "business",
    "--profile": "profile",
}
_SWITCHES = {
    "--no-input": "no_input",
    "--yes": "yes",
    "-q": "quiet",
    "--debug": "debug",
    "--no-color": "no_color",
}


def hoist(arguments: list[str]) -> tuple[GlobalOptions, list[str]]:
    """Split a command line into the global options and the rest; what follows `--` is left alone."""
    _refuse_other_bytes(arguments)
    found: dict[str, Any] = {}
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            return GlobalOptions(**found), [*rest, argument, *waiting]
        name, value = _split(argument)
        if name in _VALUED:
            value = next(waiting, None) if value is None else value
            found[_VALUED[name]] = _checked(name, value)
        elif argument in _SWITCHES:
            found[_SWITCHES[argument]] = True
        elif argument in ("-v", "-vv"):
            found["verbose"] = found.get("verbose", 0) + len(argument) - 1
        else:
            rest.append(argument)
    return GlobalOptions(**found), rest


def _refuse_other_bytes(arguments: list[str]) -> None:
    """Python keeps bytes that are not UTF-8 as lone surrogates, which no database and no output takes."""
    for argument in arguments:
        try:
            argument.encode()
        except UnicodeEncodeError as error:
            shown = argument[:40].encode("ascii", "backslashreplace").decode()
            raise InvalidError(f"Argument '{shown}' is not UTF-8 text.", hint="Write it again in UTF-8.") from error


def _split(argument: str) -> tuple[str, str | None]:
    if argument.startswith("--") and "=" in argument:
        name, value = argument.split("=", 1)
        return name, value
    if argument.startswith("-o") and len(argument) > 2:
        return "-o", argument[2:].removeprefix("=")
    return argument, None


def _checked(name: str, value: str | None) -> str:
    if not value:
        raise UsageProblemError(f"{name} needs a value.", hint=f"For example: {name} {_EXAMPLES[_VALUED[name]]}")
    if _VALUED[name] == "output" and value not in FORMATS:
        raise InvalidError(f"There is no output format {value}.", hint=f"Formats: {', '.join(FORMATS)}.")
    return value


_EXAMPLES = {"output": "json", "fields": "number,total", "business": "29AAGCB7383J1Z4", "profile": "production"}

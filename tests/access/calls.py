"""What the commands call, read off their source: no command is run for it."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import invo_cli.services
from invo_cli.services.access import Right

SERVICES = "invo_cli.services."
COMMANDS = "invo_cli.commands."
FOLDER = Path(invo_cli.services.__file__).parents[1] / "commands"


class Name(NamedTuple):
    """A module, and a name at its top level."""

    module: str
    name: str


class Source(NamedTuple):
    """A module of commands: what it defines at the top, and what its imports are called, wherever they stand."""

    tree: ast.Module
    defined: dict[str, ast.stmt]
    imported: dict[str, Name]


@cache
def services() -> dict[str, Callable[..., Any]]:
    """Every public function that takes a session first, by `module.name` below the services."""
    found: dict[str, Callable[..., Any]] = {}
    for info in pkgutil.walk_packages(invo_cli.services.__path__, SERVICES):
        module = importlib.import_module(info.name)
        for name, value in vars(module).items():
            if name.startswith("_") or not inspect.isfunction(value) or value.__module__ != info.name:
                continue
            if next(iter(inspect.signature(value).parameters), None) == "session":
                found[f"{info.name.removeprefix(SERVICES)}.{name}"] = value
    return found


def service_of(name: Name) -> Callable[..., Any] | None:
    """The service of this name, also when its package hands it on; None for anything else."""
    if not name.module.startswith(SERVICES.rstrip(".")):
        return None
    try:
        found = getattr(importlib.import_module(name.module), name.name, None)
    except ImportError:  # the name of a class, whose attribute it is
        return None
    return found if found in services().values() else None


@cache
def sources() -> dict[str, Source]:
    """The modules of the commands by their full names."""
    found: dict[str, Source] = {}
    for path in sorted(FOLDER.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found[COMMANDS + path.stem] = Source(tree, dict(_defined(tree)), dict(_imported(tree)))
    return found


def used(module: str, within: ast.AST | None = None) -> Iterator[Name]:
    """What a module of commands, or a part of it, names of itself and of what it imports."""
    source = sources()[module]
    for node in ast.walk(within or source.tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in source.imported:
            base = source.imported[node.value.id]
            yield Name(f"{base.module}.{base.name}", node.attr)
        elif isinstance(node, ast.Name):
            if node.id in source.imported:
                yield source.imported[node.id]
            elif node.id in source.defined:
                yield Name(module, node.id)


def reached(command: Callable[..., Any]) -> set[Name]:
    """All that a command may call, directly or through other functions of the commands."""
    seen: set[Name] = set()
    waiting = [Name(command.__module__, command.__qualname__.split(".")[0])]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        definition = sources()[name.module].defined.get(name.name) if name.module in sources() else None
        if definition is not None:
            waiting += used(name.module, definition)
    return seen


def rights(command: Callable[..., Any]) -> set[Right]:
    """The rights demanded by what a command may call: by services, or by name."""
    found = reached(command)
    by_services = {getattr(service_of(name), "__demands__", None) for name in found}
    by_name = {Right[name.name] for name in found if name.module.endswith(".Right") and name.name in Right.__members__}
    return {right for right in by_services | by_name if right is not None}


def _defined(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name, node
        elif isinstance(node, ast.Assign):
            yield from ((target.id, node) for target in node.targets if isinstance(target, ast.Name))


def _imported(tree: ast.Module) -> Iterator[tuple[str, Name]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from ((alias.asname or alias.name, Name(node.module, alias.name)) for alias in node.names)

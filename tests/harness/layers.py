"""The import table of the architecture, read off the source: which layer may know which."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

PACKAGE = "invo_cli"
Place = Literal["top", "function", "type"]  # where an import stands: run at start, run when called, never run


@dataclass(frozen=True)
class Layer:
    """What the modules of one layer may import; a name covers what lies below it.

    `ours` and `packages` may stand anywhere, `ours_inside` and `packages_inside` only in functions, `types` only
    under TYPE_CHECKING. A star allows everything.
    """

    ours: frozenset[str] = frozenset()
    packages: frozenset[str] = frozenset()
    ours_inside: frozenset[str] = frozenset()
    packages_inside: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    forbidden: frozenset[str] = field(default_factory=frozenset)


def names(text: str = "") -> frozenset[str]:
    """A set of words."""
    return frozenset(text.split())


DOOR = Layer(
    ours=names("__init__ errors options hoisting commands"),
    packages=names("typer"),
    ours_inside=names("*"),
    packages_inside=names("*"),
    types=names("*"),
    forbidden=names("sqlalchemy"),
)
# What a command's help may cost: small modules of the standard library alone, never the database.
COMMANDS = Layer(
    ours=names("errors options clock gst commands views.listing views.remarks"),
    packages=names("typer"),
    ours_inside=names("*"),
    packages_inside=names("*"),
    types=names("* sqlalchemy"),
    forbidden=names("sqlalchemy"),
)
LAYERS = {
    "__init__": Layer(),
    "errors": Layer(),
    "clock": Layer(ours=names("errors")),
    "options": Layer(ours=names("errors")),
    "unix_csv": Layer(),
    "hoisting": Layer(ours=names("errors options")),
    "settings": Layer(
        ours=names("errors options"),
        packages=names("pydantic pydantic_settings"),
        packages_inside=names("platformdirs"),
    ),
    "config_file": Layer(ours=names("errors settings"), packages_inside=names("tomlkit")),
    "gst": Layer(ours=names("errors gst")),
    "models": Layer(ours=names("errors gst models db.types"), packages=names("sqlalchemy")),
    "db": Layer(
        ours=names("errors options settings db"),
        packages=names("sqlalchemy"),
        packages_inside=names("alembic psycopg"),
    ),
    "services": Layer(
        ours=names("errors gst models db.types services"),
        packages=names("sqlalchemy"),
        packages_inside=names("bcrypt psycopg"),
    ),
    "demo": Layer(ours=names("errors gst services demo"), types=names("models sqlalchemy")),
    "views": Layer(
        ours=names("errors gst options unix_csv views"), packages_inside=names("rich"), types=names("models rich")
    ),
    "exports": Layer(
        ours=names("errors gst unix_csv exports"),
        packages_inside=names("cryptography duckdb segno typst xlsxwriter zstandard"),
        types=names("models cryptography"),
    ),
    "backups": Layer(
        ours=names("errors clock settings db exports.files models services backups __init__"),
        packages=names("sqlalchemy"),
        packages_inside=names("psycopg pyrage zstandard"),
    ),
    "imports": Layer(ours=names("errors gst imports"), packages_inside=names("defusedxml openpyxl zstandard")),
    "portal": Layer(ours=names("errors gst portal"), packages_inside=names("cryptography")),
    "mail": Layer(ours=names("errors gst mail"), packages_inside=names("jinja2 keyring"), types=names("jinja2")),
    "commands": COMMANDS,
    "cli": DOOR,
    "__main__": DOOR,
}

PURE_OF_CLOCK = names("gst models services")
PURE_OF_FLOATS = names("gst models services")
PURE_OF_IO = names("gst")
IO_MODULES = names("os io pathlib shutil socket sqlite3 subprocess tempfile time urllib")
CLOCKS = names("date.today datetime.now datetime.today datetime.utcnow time.time time.monotonic")


@dataclass(frozen=True)
class Problem:
    """One broken rule, at one line."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


def problems(top: Path) -> Iterator[Problem]:
    """Every broken rule of the package below a folder."""
    modules = {module_name(path.relative_to(top)): path for path in sorted((top / PACKAGE).rglob("*.py"))}
    for path in modules.values():
        yield from problems_of(path.relative_to(top), path.read_text(encoding="utf-8"), names(" ".join(modules)))


def problems_of(path: Path, source: str, modules: frozenset[str] = frozenset()) -> Iterator[Problem]:
    """Every broken rule of one module; `modules` are the names of all modules, to tell them from their contents."""
    layer = path.with_suffix("").parts[1]
    tree = ast.parse(source)
    if layer not in LAYERS:
        yield Problem(str(path), 1, f"`{layer}` is no layer: say in tests/harness/layers.py what it may import")
        return
    found = [*_import_problems(tree, layer, modules), *_word_problems(tree, layer)]
    yield from (Problem(str(path), line, message) for line, message in sorted(found))


def module_name(path: Path) -> str:
    """`invo_cli/db/types.py` is `invo_cli.db.types`; a package goes by its folder."""
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(tree: ast.AST, place: Place = "top") -> Iterator[tuple[ast.Import | ast.ImportFrom, Place]]:
    """Every import statement with the place where it stands."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node, place
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from imports(node, "function")
        elif isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            yield from imports(node, "type")
        else:
            yield from imports(node, place)


def _import_problems(tree: ast.Module, layer: str, modules: frozenset[str]) -> Iterator[tuple[int, str]]:
    for node, place in imports(tree):
        for target in _targets(node, modules):
            if not _allowed(LAYERS[layer], target, place):
                where = {"top": "at the top", "function": "inside a function", "type": "as a type"}[place]
                yield node.lineno, f"{layer} may not import {target} {where}"
            if layer in PURE_OF_IO and target.split(".")[0] in IO_MODULES:
                yield node.lineno, f"{layer} does no input or output, and {target} is for that"


def _targets(node: ast.Import | ast.ImportFrom, modules: frozenset[str]) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
        return
    base = "." * node.level + (node.module or "")
    for alias in node.names:
        full = f"{base}.{alias.name}"
        yield full if full in modules else base


def _allowed(layer: Layer, target: str, place: Place) -> bool:
    root, _, rest = target.partition(".")
    if root == PACKAGE:
        inside = layer.ours_inside if place == "function" else names()
        return _covered(rest or "__init__", layer.ours | inside | (layer.types if place == "type" else names()))
    if root in sys.stdlib_module_names:
        return True
    if place == "type":
        return _covered(root, layer.packages | layer.packages_inside | layer.types)
    inside = layer.packages_inside if place == "function" else names()
    return root not in layer.forbidden and _covered(root, layer.packages | inside)


def _covered(name: str, allowed: frozenset[str]) -> bool:
    return "*" in allowed or any(name == one or name.startswith(f"{one}.") for one in allowed)


def _word_problems(tree: ast.Module, layer: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.expr):
            yield from ((node.lineno, message) for message in _word_problem(node, layer))


def _word_problem(node: ast.expr, layer: str) -> Iterator[str]:
    word = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
    if layer != "views" and word == "print":
        yield "only views print"
    if word.endswith(".create_all"):
        yield "tables come from migrations, never from create_all"
    if layer == "services" and word.endswith(".commit"):
        yield "services never commit: db/session.py does"
    if layer in PURE_OF_FLOATS and (word == "float" or _is_float(node)):
        yield f"no float in {layer}: money is Decimal, and integer paise in the database"
    if layer in PURE_OF_CLOCK and isinstance(node, ast.Attribute):
        yield from _surroundings(ast.unparse(node), layer)


def _surroundings(word: str, layer: str) -> Iterator[str]:
    if word in CLOCKS or any(word.endswith(f".{clock}") for clock in CLOCKS):
        yield f"{layer} does not read the clock ({word}): the time is an argument"
    if word in ("os.environ", "os.getenv"):
        yield f"{layer} does not read the environment"


def _is_float(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, float)

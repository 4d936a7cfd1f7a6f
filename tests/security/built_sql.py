"""SQL that is put together from pieces: every place, with what is put in, read off the source."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

TOP = Path(__file__).parents[2]
FOLDERS = ("invo_cli", "migrations")
WITHOUT_SQL = ("invo_cli/gst/", "invo_cli/views/")
"""A test of the layers keeps SQLAlchemy out of them."""
_SQL = re.compile(
    r"(?<![\w-])(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE|ALTER|DROP|PRAGMA|COPY|SET|VALUES|WHERE|FROM|GRANT|REVOKE"
    r"|TRUNCATE|LOCK|BEGIN|ATTACH|VACUUM|REINDEX|ANALYZE|EXPLAIN|DO|CALL|EXECUTE|RAISE|UNION|JOIN|ORDER BY|AND|OR) "
)
_RAW = {"exec_driver_sql", "executescript", "literal_column"}


def found() -> dict[str, set[str]]:
    """Module -> the expressions that are put into SQL there, and those handed over as SQL without being a constant."""
    places: dict[str, set[str]] = defaultdict(set)
    for folder in FOLDERS:
        for path in sorted((TOP / folder).rglob("*.py")):
            name = path.relative_to(TOP).as_posix()
            for expression in () if name.startswith(WITHOUT_SQL) else pieces(path.read_text(encoding="utf-8")):
                places[name].add(expression)
    return places


def pieces(source: str) -> Iterator[str]:
    """What one module puts into SQL."""
    tree = ast.parse(source)
    constants = {name.id for node in tree.body for name in _assigned(node)}
    for node in ast.walk(tree):
        yield from _interpolated(node)
        if isinstance(node, ast.Call) and node.args and _is_raw(node.func):
            yield from _handed_over(node.args[0], constants)


def _assigned(node: ast.stmt) -> Iterator[ast.Name]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    yield from (name for target in targets for name in ast.walk(target) if isinstance(name, ast.Name))


def _interpolated(node: ast.AST) -> Iterator[str]:
    """The values of an f-string, a % or a .format whose text reads like SQL."""
    if isinstance(node, ast.JoinedStr) and _SQL.search(_text(node)):
        yield from (ast.unparse(part.value) for part in node.values if isinstance(part, ast.FormattedValue))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod | ast.Add):
        sides = (node.left, node.right)
        if any(isinstance(side, ast.Constant | ast.JoinedStr) and _SQL.search(_text(side)) for side in sides):
            yield from (ast.unparse(side) for side in sides if not isinstance(side, ast.Constant | ast.JoinedStr))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _is_format(node.func):
        yield from map(ast.unparse, [*node.args, *(word.value for word in node.keywords)])


def _is_format(function: ast.Attribute) -> bool:
    return function.attr == "format" and bool(_SQL.search(_text(function.value)))


def _text(node: ast.AST) -> str:
    """The words of a text that stand in the source."""
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) or "x" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _is_raw(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    is_text = name == "text" and ast.unparse(function) in ("text", "sa.text", "sqlalchemy.text")
    return name in _RAW or is_text


def _handed_over(sql: ast.expr, constants: set[str]) -> Iterator[str]:
    """SQL that is neither written there nor a constant of the module."""
    if isinstance(sql, ast.Subscript):
        sql = sql.value
    if isinstance(sql, ast.IfExp):
        for side in (sql.body, sql.orelse):
            yield from _handed_over(side, constants)
    elif not isinstance(sql, ast.Constant | ast.JoinedStr) and not (isinstance(sql, ast.Name) and sql.id in constants):
        yield f"SQL: {ast.unparse(sql)}"

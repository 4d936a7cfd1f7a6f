"""What a migration script must not do, read off its source."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from invo_cli.db.linting.sql_rules import Unsafe

_RUNNERS = {"execute", "exec_driver_sql", "text"}
_ID_LENGTH = 32  # what alembic_version holds on PostgreSQL


def check(files: Iterable[tuple[str, Path]]) -> Iterator[Unsafe]:
    """What the script of each revision breaks."""
    for revision, path in files:
        for rule, problem in problems(path.read_text(encoding="utf-8"), revision):
            yield Unsafe(revision, rule, problem)


def problems(source: str, revision: str) -> Iterator[tuple[str, str]]:
    """The rules that one script breaks, each with a sentence."""
    tree = ast.parse(source)
    if len(revision) > _ID_LENGTH:
        yield "long-name", f"the revision's name has more than {_ID_LENGTH} characters"
    if not ast.get_docstring(tree):
        yield "no-docstring", "the script does not say what it does"
    for node in ast.walk(tree):
        yield from _of_node(node)


def _of_node(node: ast.AST) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Import | ast.ImportFrom) and "invo_cli" in ast.unparse(node):
        yield "imports-program", "it imports the program, which changes while scripts do not"
    if isinstance(node, ast.FunctionDef) and node.name == "downgrade" and _is_empty(node):
        yield "no-downgrade", "its downgrade does nothing: undo it, or raise an error that says why not"
    if isinstance(node, ast.Call):
        yield from _of_call(node)


def _of_call(call: ast.Call) -> Iterator[tuple[str, str]]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in _RUNNERS and call.args and _is_assembled(call.args[0]):
        yield "assembled-sql", f"line {call.lineno} puts SQL together from parts where it runs it"
    if name == "batch_alter_table":
        yield "alembic-rebuild", f"line {call.lineno} lets Alembic rebuild a table: use op.rebuild_table"


def _is_assembled(node: ast.expr) -> bool:
    """Whether a text is made of parts: f"…", "…" + x, "…" % x or "…".format(x)."""
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Add | ast.Mod)
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format"


def _is_empty(function: ast.FunctionDef) -> bool:
    return all(
        isinstance(line, ast.Pass) or (isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant))
        for line in function.body
    )

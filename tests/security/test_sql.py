"""SQL is never made of what people type: every place where it is put together at all was looked at."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from tests.conftest import Invo
from tests.docs.tree import commands
from tests.security.built_sql import TOP, found, pieces

REVIEWED: dict[str, tuple[str, set[str]]] = {
    "invo_cli/db/catalog/postgresql.py": ("constants of the module", {"SQL: query", "_HERE"}),
    "invo_cli/db/copying/loading.py": (
        "tables and columns of the models, and marks of parameters",
        {"marks", "table.listed", "table.name"},
    ),
    "invo_cli/db/copying/measuring.py": ("tables and columns of the models", {"name", "wanted"}),
    "invo_cli/db/copying/reading.py": ("tables and columns of the models", {"query", "table.listed", "table.name"}),
    "invo_cli/db/copying/servers.py": (
        "a prefix, a process number and random digits; databases quoted as identifiers; one in a hint that is not run",
        {"_SCRATCH", "_quoted(name)", "name", "url.database"},
    ),
    "invo_cli/db/copying/tables.py": (
        "constants of the module and tables of the models",
        {"BOOKS", "VERSION", "_SEEDED", "others", "table.name"},
    ),
    "invo_cli/db/engines.py": (
        "numbers and a switch, of the program",
        {"'ON' if foreign_keys else 'OFF'", "BUSY_STEP_MS", "BUSY_TIMEOUT_MS"},
    ),
    "invo_cli/db/health.py": ("constants of the module", {"SQL: query"}),
    "invo_cli/db/linting/sql_rules.py": ("a regular expression, not run", {"_ALTER"}),
    "invo_cli/db/migrating.py": (
        "numbers and settings of the program",
        {"_POLL_SECONDS * 1000", "engines.BUSY_TIMEOUT_MS", "holders.MIGRATIONS_LOCK", "name", "value"},
    ),
    "invo_cli/db/rebuilding.py": (
        "triggers and views as the schema of this very database has them",
        {"'ON' if _REBUILT.match(statement) else 'OFF'", "REBUILT", "SQL: kept.sql", "SQL: query", "kept.kind", "name"},
    ),
    "invo_cli/db/roles.py": (
        "names of roles that are lower-case letters, digits and underscores, and constants",
        {"', '.join(_BOOKS_LAST)", "', '.join(_USER)", "SQL: statements", "_ADD"},
    ),
    "invo_cli/db/schema.py": (
        "a constant; tables and columns that a migration drops",
        {"SQL: query", "drop.column or '*'", "drop.table"},
    ),
    "invo_cli/db/session.py": ("time limits of the program", {"SQL: query", "lock", "statement"}),
    "invo_cli/db/table_rebuild.py": (
        "tables and columns as the schema of this very database has them",
        {"REBUILT", "SQL: made", "SQL: query", "SQL: statement", "columns", "new", "old", "table"},
    ),
    "invo_cli/exports/parquet.py": (
        "for DuckDB in memory: fields of the data sets, and numbers of open files",
        {"_READ", "columns", "source", "target"},
    ),
    "invo_cli/services/exporting/streaming.py": (
        "a query that SQLAlchemy compiled, with its values quoted by the driver",
        {"compiled", "options"},
    ),
    "invo_cli/services/row_writing.py": (
        "tables and columns of the models, and marks of parameters",
        {"', '.join('?' * len(places))", "', '.join(['%s'] * len(places))", "columns", "marks", "names", "table.name"},
    ),
    "invo_cli/services/verifying/findings.py": ("constants of the checks", {"SQL: query"}),
    "invo_cli/services/verifying/references.py": (
        "tables and columns, constants of the module",
        {"_MONTHS", "column", "subject", "table"},
    ),
}
"""Module -> why what it puts into SQL cannot come from outside, and what that is; a new place is looked at first."""
SEARCHES = {"invoice list", "customer list", "item list"}
HOSTILE = ("%", "_", "\\", "'", '"', "100%_\\%'", "[a-z]", "*", "?", ":x", "%(x)s", "';--")


@pytest.mark.unit
def test_every_place_that_puts_sql_together_was_looked_at() -> None:
    places = {module: what for module, what in found().items() if not module.startswith("migrations/")}
    there = {module: what for module, (_, what) in REVIEWED.items() if (TOP / module).is_file()}
    assert places == there


@pytest.mark.unit
def test_migrations_put_only_their_own_constants_together() -> None:
    """They take no value from outside: what they know is in the file itself."""
    for path in (TOP / "migrations" / "versions").glob("*.py"):
        names = {
            node.id for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Name)
        }
        assert not names & {"os", "sys", "input", "open"}, path


@pytest.mark.unit
@pytest.mark.parametrize(
    "source",
    [
        'session.execute(text(f"SELECT 1 FROM {table}"))',
        'connection.exec_driver_sql("SELECT %s" % name)',
        'connection.exec_driver_sql("SELECT " + name)',
        '"DELETE FROM {}".format(table)',
        "connection.exec_driver_sql(made)",
        "select(literal_column(made))",
        "sa.text(made)",
        "text(made())",
    ],
)
def test_sql_put_together_in_any_way_is_seen(source: str) -> None:
    assert [*pieces(source)]


@pytest.mark.unit
@pytest.mark.parametrize(
    "source", ['text("SELECT 1")', "_Q = text('SELECT 1')", 'f"Wrote {path}."', "S = 'x'\ntext(S)"]
)
def test_constants_are_not(source: str) -> None:
    assert not [*pieces(source)]


@pytest.mark.unit
def test_no_pattern_of_like_comes_from_outside() -> None:
    """`contains` and its like escape wildcards when told to; `like` itself is left to constants."""
    for path in sorted((TOP / "invo_cli").rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
                assert is_literal(call, path), f"{path.relative_to(TOP)}:{call.lineno}: {ast.unparse(call)}"


def is_literal(call: ast.Call, path: Path) -> bool:
    """Whether what a call looks for is a constant, or taken literally."""
    name = getattr(call.func, "attr", "")
    escaped = any(word.arg == "autoescape" and ast.unparse(word.value) == "True" for word in call.keywords)
    if name == "contains":
        return escaped or isinstance(call.args[0], ast.Constant)
    return name not in ("like", "ilike", "regexp_match") or path.name == "events.py"  # `invoice:D-%`, of the module


@pytest.mark.unit
def test_the_commands_that_search_are_known_here() -> None:
    options = {entry.path: {name for one in entry.command.params for name in one.opts} for entry in commands()}
    assert {path.removeprefix("invo ") for path, names in options.items() if "--search" in names} == SEARCHES


@pytest.mark.integration
def test_every_search_is_literal(counter: Invo) -> None:
    for at, text in enumerate(("Plain", *HOSTILE)):
        shown = text if text == "Plain" else f"With {text} inside"
        counter("customer", "create", f"--name={shown}", "--code", f"C{at}")
        counter("item", "create", f"--name={shown}", "--price=1", "--hsn=998716", "--code", f"I{at}")
        counter("invoice", "create", f"--customer=C{at}", "--line=x:1:1:998716:18", f"--reference={shown[:50]}")
    for at, text in enumerate(HOSTILE, 1):
        wanted = {n for n, other in enumerate(HOSTILE, 1) if text.casefold() in f"with {other} inside".casefold()}
        for command, letter in (("customer list", "C"), ("item list", "I")):
            done = counter(*command.split(), f"--search={text}", "-o", "jsonl")
            codes = {json.loads(line)["code"] for line in done.stdout.splitlines()}
            assert codes == {f"{letter}{n}" for n in wanted}, (command, text, done.stderr)
        done = counter("invoice", "list", f"--search={text}", "-o", "jsonl")
        ids = {json.loads(line)["customer"]["code"] for line in done.stdout.splitlines()}
        assert ids == {f"C{n}" for n in wanted}, (text, at, done.stderr)
        assert counter("hsn", "search", "--", text).exit_code in (0, 3, 4)

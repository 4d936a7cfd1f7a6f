"""What `invo db check` says of migration scripts: unsafe statements, unsafe source, edited files."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, Table

from invo_cli.db import checksums, script_checks, scripts
from invo_cli.db.linting import findings, script_rules, sql_rules
from invo_cli.models import Base
from tests.database import ROOT

pytestmark = pytest.mark.unit
MODELS = MetaData()
Table("t", MODELS, Column("a", Integer))

UNSAFE = {
    "CREATE INDEX i ON t (a)": "index-locks-writers",
    "CREATE UNIQUE INDEX i ON t (a) WHERE a > 0": "index-locks-writers",
    "CREATE INDEX CONCURRENTLY i ON t (a)": "concurrently-in-transaction",
    "ALTER TABLE t ADD COLUMN c BIGINT NOT NULL": "not-null-without-default",
    "ALTER TABLE t ADD COLUMN c UUID DEFAULT gen_random_uuid()": "rewrites-table",
    "ALTER TABLE t ADD COLUMN c BIGINT GENERATED ALWAYS AS (a * 2) STORED": "rewrites-table",
    "ALTER TABLE t ALTER COLUMN a TYPE TEXT": "rewrites-table",
    "ALTER TABLE t ALTER COLUMN a SET NOT NULL": "scans-table",
    "ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0)": "scans-table",
    "ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY(a) REFERENCES u (a)": "scans-table",
    "ALTER TABLE t ADD CONSTRAINT k UNIQUE (a)": "scans-table",
    "ALTER TABLE t ADD COLUMN c BIGINT DEFAULT 0 NOT NULL CONSTRAINT k CHECK (c >= 0)": "scans-table",
    "ALTER TABLE t DROP COLUMN b": "loses-data",
    "DROP TABLE other": "loses-data",
    "TRUNCATE t": "loses-data",
    "DELETE FROM t": "loses-data",
    "ALTER TABLE t DROP COLUMN a": "dropped-but-used",
    "DROP TABLE t": "dropped-but-used",
    "ALTER TABLE t RENAME COLUMN a TO b": "renames",
    "CREATE TABLE u (a INT, CHECK (a > 0))": "check-without-name",
}
SAFE = [
    ["ALTER TABLE t ADD COLUMN c BIGINT"],
    ["ALTER TABLE t ADD COLUMN c BIGINT DEFAULT 0 NOT NULL"],
    ["ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0) NOT VALID"],
    ["ALTER TABLE t ADD CONSTRAINT k UNIQUE USING INDEX i"],
    ["CREATE TABLE u (a INT, CONSTRAINT k CHECK (a > 0))", "CREATE INDEX i ON u (a)", "INSERT INTO u VALUES (1)"],
    ["COMMIT", "CREATE INDEX CONCURRENTLY i ON t (a)", "BEGIN"],
    ["UPDATE t SET a = 1"],
]


@pytest.mark.parametrize(("statement", "rule"), UNSAFE.items())
def test_an_unsafe_statement_is_named(statement: str, rule: str) -> None:
    assert rule in {one.rule for one in sql_rules.check({"r": [statement]}, MODELS)}


@pytest.mark.parametrize("statements", SAFE)
def test_what_is_safe_passes(statements: list[str]) -> None:
    assert list(sql_rules.check({"r": statements}, MODELS)) == []


def test_rows_are_not_changed_where_the_schema_is() -> None:
    (found,) = sql_rules.check({"r": ["ALTER TABLE t ADD COLUMN c INT", "UPDATE t SET c = 1"]}, MODELS)
    assert found.rule == "data-with-schema"


SOURCES = {
    'op.execute(f"DROP TABLE {name}")': "assembled-sql",
    'op.execute("DROP TABLE " + name)': "assembled-sql",
    'op.execute("DROP TABLE %s" % name)': "assembled-sql",
    'sa.text("DROP TABLE {}".format(name))': "assembled-sql",
    "from invo_cli.models import Base": "imports-program",
    "import invo_cli": "imports-program",
    'with op.batch_alter_table("t") as batch: pass': "alembic-rebuild",
    'def downgrade():\n    """Nothing."""\n    pass': "no-downgrade",
}


@pytest.mark.parametrize(("source", "rule"), SOURCES.items())
def test_an_unsafe_script_is_named(source: str, rule: str) -> None:
    assert [found for found, _ in script_rules.problems(f'"""Do it."""\n{source}', "20260101_0001")] == [rule]


def test_a_script_says_what_it_does_and_has_a_short_name() -> None:
    assert {rule for rule, _ in script_rules.problems("x = 1", "2" * 33)} == {"no-docstring", "long-name"}
    assert list(script_rules.problems('"""Do it."""\nop.execute("SELECT 1")', "2" * 32)) == []


def test_the_scripts_of_this_program_are_recorded_and_safe_or_allowed() -> None:
    assert script_checks.problems(Base.metadata) == []


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The migrations in a folder of this test's own."""
    shutil.copytree(ROOT / "migrations", tmp_path / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(scripts, "location", lambda: tmp_path / "migrations")
    return tmp_path / "migrations"


def test_an_edited_a_missing_and_a_new_script_are_found(copied: Path) -> None:
    first, second, *_ = sorted((copied / "versions").glob("*.py"))
    first.write_text(first.read_text() + "# later\n")
    second.rename(second.with_name("20991231_0099_other.py"))
    assert checksums.differences() == [
        ("20250924_0001", "its script was edited after it was recorded"),
        ("20250924_0002", "its script is missing"),
        ("20991231_0099", "its script is not recorded"),
    ]


def test_how_a_checkout_ends_its_lines_does_not_count(copied: Path) -> None:
    for path in (copied / "versions").glob("*.py"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert checksums.differences() == []


def test_rival_heads_are_found(copied: Path) -> None:
    head = scripts.heads()[0].id
    for name in ("20991231_0098", "20991231_0099"):
        (copied / "versions" / f"{name}_rival.py").write_text(
            f'"""Rival."""\nrevision, down_revision, branch_labels, depends_on = "{name}", "{head}", None, None\n'
        )
    rivals = [one for one in script_checks.problems(Base.metadata) if "heads" in one.problem]
    assert [one.revision for one in rivals] == ["20991231_0098", "20991231_0099"]


def test_an_allowance_is_needed_and_is_not_kept_without_need(copied: Path) -> None:
    path = copied / "allowances.toml"
    path.write_text('["20250924_0002"]\nrenames = "Because."\n')
    found = {(one.revision, one.rule): one.problem for one in findings.findings(Base.metadata)}
    assert found["20250924_0002", "renames"] == "is allowed, and nothing needs it"
    assert ("20261123_0003", "scans-table") in found

"""Every revision goes up and down with data in it, and ends where the models say."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy.engine import URL
from sqlalchemy.exc import DatabaseError

from invo_cli.db import engines
from invo_cli.db.head import HEAD, REVISIONS
from invo_cli.errors import SchemaError
from invo_cli.models import Base
from tests.conftest import ON_POSTGRESQL, Invo
from tests.database import ROOT, config, migrate
from tests.db import schema_facts as facts

pytestmark = pytest.mark.integration
sqlite_only = pytest.mark.skipif(ON_POSTGRESQL, reason="how SQLite rebuilds a table")


def downgrade(url: URL, revision: str) -> None:
    command.downgrade(config(url), revision)


def test_there_is_one_head_and_the_gate_knows_every_revision() -> None:
    scripts = ScriptDirectory(str(ROOT / "migrations"))
    assert scripts.get_heads() == [HEAD]
    assert tuple(script.revision for script in reversed(list(scripts.walk_revisions()))) == REVISIONS
    assert all(len(revision) <= 32 for revision in REVISIONS)


def test_every_script_is_a_dated_sentence_and_imports_nothing_of_the_program() -> None:
    for script in ScriptDirectory(str(ROOT / "migrations")).walk_revisions():
        path = Path(script.path)
        assert path.name.startswith(f"{script.revision}_")
        assert script.doc[0].isupper()
        assert script.doc.endswith(".")
        assert "invo_cli" not in path.read_text(encoding="utf-8")


def test_the_filled_database_has_rows_in_every_table(filled_url: URL) -> None:
    assert {table for table, rows in facts.rows(filled_url).items() if not rows} == set()


@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_rows_survive_a_way_down_and_up(filled_url: URL, revision: str) -> None:
    before = facts.rows(filled_url)
    guards = facts.triggers(filled_url)
    downgrade(filled_url, revision)
    older = facts.rows(filled_url)
    for table, rows in older.items():
        kept = set(rows[0]) if rows else set()
        assert [{key: row[key] for key in kept} for row in before[table]] == rows
    migrate(filled_url)
    assert facts.triggers(filled_url) == guards
    after = facts.rows(filled_url)
    for table, rows in older.items():
        assert [{key: row[key] for key in (rows[0] if rows else ())} for row in after[table]] == rows
        assert len(after[table]) == len(before[table])


def test_the_empty_schema_is_reached_and_left_again(filled_url: URL) -> None:
    guards = facts.triggers(filled_url)
    downgrade(filled_url, "base")
    assert facts.tables(filled_url) == {"alembic_version"}
    migrate(filled_url)
    assert facts.triggers(filled_url) == guards


def test_each_revision_alone_goes_up_down_and_up(empty_url: URL) -> None:
    for revision in REVISIONS:
        before = facts.tables(empty_url) if revision != REVISIONS[0] else set()
        migrate(empty_url, revision)
        tables = facts.tables(empty_url)
        downgrade(empty_url, "-1")
        assert facts.tables(empty_url) - {"alembic_version"} == before - {"alembic_version"}
        migrate(empty_url, revision)
        assert facts.tables(empty_url) == tables


def test_models_and_migrations_agree(invo: Invo) -> None:
    found = invo("db", "check", "-o", "json")
    assert (found.stdout, found.exit_code) == ("[]\n", 0)


def test_models_and_migrations_have_the_same_checks(database_url: URL) -> None:
    """The text of a CHECK is what Alembic does not compare."""
    with facts.connect(database_url, writes=True) as connection, connection.begin() as transaction:
        migrated = facts.checks(connection)
        connection.exec_driver_sql("DROP TABLE alembic_version")
        for table in reversed(Base.metadata.sorted_tables):
            table.drop(connection)
        Base.metadata.create_all(connection)
        modelled = facts.checks(connection)
        transaction.rollback()
    assert migrated["invoices"]
    assert {table: {name: words(text) for name, text in found.items()} for table, found in migrated.items()} == {
        table: {name: words(text) for name, text in found.items()} for table, found in modelled.items()
    }


def words(text: str) -> list[str]:
    return text.split()


@pytest.fixture
def rebuild(filled_url: URL, tmp_path: Path) -> URL:
    """The URL of a filled database with one revision more that rebuilds the table of the documents."""
    shutil.copytree(ROOT / "migrations", tmp_path / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "migrations" / "versions" / "20991231_9999_limit_totals.py").write_text(
        f'''
"""Limit totals."""
from alembic import op
revision, down_revision, branch_labels, depends_on = "20991231_9999", "{HEAD}", None, None

def upgrade():
    with op.batch_alter_table("invoices", recreate="always") as batch:
        batch.create_check_constraint(op.f("ck_invoices_limit"), "total_paise < 1000000000000000")
    op.execute("DROP TRIGGER invoice_lines_no_delete")

def downgrade():
    pass
'''
    )
    return filled_url


@sqlite_only
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
def test_a_rebuilt_table_keeps_rows_children_triggers_indexes_and_checks(rebuild: URL, tmp_path: Path) -> None:
    with facts.connect(rebuild, writes=True) as connection, connection.begin():
        connection.exec_driver_sql("CREATE INDEX ix_by_hand ON invoices (business_id, lower(buyer_name))")
        checks = facts.checks(connection)["invoices"]
    rows, triggers = facts.rows(rebuild), facts.triggers(rebuild)
    settings = config(rebuild)
    settings.set_main_option("script_location", str(tmp_path / "migrations"))
    command.upgrade(settings, "head")
    assert facts.rows(rebuild) == rows
    assert rows["invoice_lines"]
    # What a revision drops by name is meant to be gone.
    assert facts.triggers(rebuild) == triggers - {"invoice_lines_no_delete"}
    with facts.connect(rebuild) as connection:
        assert set(facts.checks(connection)["invoices"]) == {*checks, "ck_invoices_limit"}
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE tbl_name = 'invoices'").scalars().all()
        assert "ix_by_hand" in names
        with pytest.raises(DatabaseError, match="never changed"):
            connection.exec_driver_sql("UPDATE invoices SET number = 'X' WHERE status = 'issued'")


@sqlite_only
def test_a_revision_that_leaves_orphans_is_refused_and_undone(rebuild: URL, tmp_path: Path) -> None:
    script = tmp_path / "migrations" / "versions" / "20991231_9999_limit_totals.py"
    script.write_text(
        script.read_text().replace("def upgrade():", "def upgrade():\n    op.execute('DELETE FROM items')")
    )
    with facts.connect(rebuild, writes=True) as connection, connection.begin():
        connection.exec_driver_sql(
            "UPDATE invoice_lines SET item_id = (SELECT id FROM items)"
            " WHERE invoice_id = (SELECT id FROM invoices WHERE status = 'draft')"
        )
    before = facts.rows(rebuild)
    settings = config(rebuild)
    settings.set_main_option("script_location", str(tmp_path / "migrations"))
    with pytest.raises(SchemaError, match="without their parent in invoice_lines"):
        command.upgrade(settings, "head")
    assert facts.rows(rebuild) == before


@sqlite_only
def test_a_new_file_is_private_and_in_wal_mode(empty_url: URL, home: Path) -> None:
    migrate(empty_url)
    path = engines.sqlite_path(empty_url)
    assert (home.stat().st_mode & 0o777, path.stat().st_mode & 0o777) == (0o700, 0o600)
    with facts.connect(empty_url) as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"

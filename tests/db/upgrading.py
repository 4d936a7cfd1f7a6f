"""Databases below the head, with revisions of a test's own after it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import URL
from typer.testing import CliRunner, Result

from invo_cli.cli import app
from invo_cli.db import scripts
from invo_cli.db.head import HEAD, REVISIONS
from tests.database import ROOT
from tests.db import schema_facts as facts
from tests.db.test_migrations import downgrade

OLDER = REVISIONS[2]
LATER = REVISIONS[3:]
"""What an upgrade from OLDER runs."""
BROKEN = "20991231_9999"


def invo(*arguments: str, **options: Any) -> Result:
    """Run one command in this process."""
    return CliRunner().invoke(app, list(arguments), **options)


def take_back(url: URL) -> facts.Rows:
    """Take a filled database back to OLDER, and return its rows."""
    downgrade(url, OLDER)
    return facts.rows(url)


def revision(url: URL) -> str:
    with facts.connect(url) as connection:
        return str(facts.first(connection, "SELECT version_num FROM alembic_version")[0])


def assert_kept(url: URL, older: facts.Rows) -> None:
    """Every row of an older schema is there, with every value it had; the trail may have grown."""
    now = facts.rows(url)
    for table, rows in older.items():
        kept = [{key: row[key] for key in (rows[0] if rows else ())} for row in now[table]]
        if table == "audit_events":
            assert [row for row in rows if row not in kept] == []
        elif table != "books":
            assert kept == rows


def add_script(monkeypatch: pytest.MonkeyPatch, folder: Path, statements: list[str]) -> None:
    """One revision more than there are, that runs these statements."""
    shutil.copytree(ROOT / "migrations", folder / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(scripts, "location", lambda: folder / "migrations")
    (folder / "migrations" / "versions" / f"{BROKEN}_break.py").write_text(
        f'"""Break."""\nfrom alembic import op\n'
        f'revision, down_revision, branch_labels, depends_on = "{BROKEN}", "{HEAD}", None, None\n\n'
        f"def upgrade():\n    for statement in {statements!r}:\n        op.execute(statement)\n"
    )

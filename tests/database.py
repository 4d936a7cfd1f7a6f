"""Migrations as tests run them: through Alembic, never by create_all."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy.engine import URL

ROOT = Path(__file__).parents[1]


def config(url: URL) -> Config:
    """Alembic's configuration for one database."""
    result = Config()
    result.set_main_option("script_location", str(ROOT / "migrations"))
    result.attributes["database_url"] = url.render_as_string(hide_password=False)
    return result


def migrate(url: URL, revision: str = "head") -> None:
    """Upgrade a database."""
    command.upgrade(config(url), revision)

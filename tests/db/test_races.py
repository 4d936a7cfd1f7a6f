"""Several deployers at once, and plain Alembic beside them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from invo_cli.db.head import HEAD, REVISIONS
from tests.conftest import ON_POSTGRESQL, run_process
from tests.database import ROOT
from tests.db import schema_facts as facts

pytestmark = pytest.mark.integration
DEPLOYERS = 4


def upgrade_at_once(url: URL) -> list[str]:
    """What each of several upgrades on the same empty database says; all must succeed."""
    environment = os.environ | {"INVO_DATABASE_URL": url.render_as_string(hide_password=False)}
    command = [sys.executable, "-m", "invo_cli", "db", "upgrade", "-o", "json"]
    running = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(DEPLOYERS)
    ]
    done = [(process.communicate(timeout=120), process.returncode) for process in running]
    assert [status for _, status in done] == [0] * DEPLOYERS, [said for (_, said), _ in done]
    return [said for (_, said), _ in done]


def empty_again(url: URL) -> None:
    if not ON_POSTGRESQL:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{url.database}{suffix}").unlink(missing_ok=True)
        return
    with facts.connect(url) as connection, connection.begin():
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")


def assert_migrated_once(url: URL, said: list[str]) -> None:
    assert sum(line.count("Ran ") for line in said) == len(REVISIONS)
    assert facts.triggers(url)
    with facts.connect(url) as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all() == [HEAD]
        assert connection.exec_driver_sql("SELECT count(*) FROM books").scalar() == 1
        recorded = connection.exec_driver_sql("SELECT count(*) FROM audit_events WHERE action = 'db.upgrade'").scalar()
    assert recorded == sum("Ran " in line for line in said) == 1


def test_several_upgrades_at_once_all_succeed_and_one_does_the_work(empty_url: URL) -> None:
    assert_migrated_once(empty_url, upgrade_at_once(empty_url))


@pytest.mark.performance
def test_it_succeeds_every_time(empty_url: URL) -> None:
    for _ in range(5):
        assert_migrated_once(empty_url, upgrade_at_once(empty_url))
        empty_again(empty_url)


def alembic(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Plain Alembic in the checkout, with nothing of invo's settings but what is given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("INVO_DATABASE")}
    return subprocess.run(
        [sys.executable, "-m", "alembic", *arguments],
        cwd=ROOT,
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def spelled_for_async(url: URL) -> str:
    scheme = "postgresql+asyncpg" if ON_POSTGRESQL else "sqlite+aiosqlite"
    return url.set(drivername=scheme).render_as_string(hide_password=False)


@pytest.mark.parametrize("variable", ["DATABASE_URL", "DB_URL"])
def test_plain_alembic_upgrades_a_database_named_as_for_async_drivers(empty_url: URL, variable: str) -> None:
    settings = {variable: spelled_for_async(empty_url)}
    done = alembic("upgrade", "head", **settings)
    assert done.returncode == 0, done.stderr
    assert_head_and_no_drift(settings)
    assert alembic("downgrade", "base", **settings).returncode == 0
    assert facts.tables(empty_url) == {"alembic_version"}


def assert_head_and_no_drift(settings: dict[str, str]) -> None:
    current = run_process("db", "current", "-o", "name", env=os.environ | settings)
    assert current.stdout == f"{HEAD}\n"
    assert alembic("check", **settings).returncode == 0
    assert run_process("db", "check", env=os.environ | settings).returncode == 0


def test_plain_alembic_writes_sql_without_a_database() -> None:
    done = alembic("upgrade", "head", "--sql")
    assert done.returncode == 0, done.stderr
    assert "CREATE FUNCTION invo_refuse()" in done.stdout
    done = alembic("-x", "dialect=sqlite", "upgrade", "head", "--sql")
    assert "CREATE TRIGGER audit_events_no_replace" in done.stdout

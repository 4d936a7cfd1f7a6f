"""What lets the books grow over several servers: keys that lead with the business, statements that name it, and no
state that outlives a transaction, which a pooler and a distributed PostgreSQL both need.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, ForeignKeyConstraint, Table, UniqueConstraint, event
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import URL
from sqlalchemy.schema import CreateTable

from invo_cli.db.engines import engine_for
from invo_cli.models import Base
from tests.commands.daily import DAY
from tests.conftest import ON_POSTGRESQL
from tests.docs import shop
from tests.docs.running import run
from tests.harness import folders, parenthood
from tests.harness.smtp import MailServer

pytestmark = pytest.mark.integration
SHARED = {"hsn_codes", "users", "api_tokens", "sign_ins", "businesses", "token_businesses", "user_businesses"}
"""Small tables that every server of a cluster would have whole."""
BETWEEN = {("export_cursors", ("source_id",))}
"""Keys of a business that lead to another one: a job of the system has a cursor in each book."""
BUSINESS_TABLES = [table for table in Base.metadata.sorted_tables if table.name not in SHARED]
READING = (
    "invo invoice list",
    "invo invoice list --search asha",
    "invo invoice show INV/26-27/0001",
    "invo customer statement C-0001",
    "invo payment list",
    "invo item list",
    "invo report sales --period fy",
    "invo report hsn --period fy",
    "invo report receivables",
    "invo report ageing",
    "invo report daybook",
    "invo report dashboard",
    "invo return gstr1 --period 2026-10",
    "invo return gstr3b --period 2026-10",
    "invo audit list",
    "invo eway list",
)
OUTLIVES = {
    "a setting of the session": r"^SET (?!LOCAL|CONSTRAINTS|TRANSACTION)",
    "a setting of the session by function": r"set_config\([^()]*,\s*false\)",
    "a lock of the session": r"pg_(try_)?advisory_(?!xact)",
    "a prepared statement": r"^(PREPARE|EXECUTE|DEALLOCATE)\b",
    "a temporary table": r"\bTEMP(ORARY)?\b",
    "listening": r"^(LISTEN|NOTIFY|UNLISTEN)\b",
    "a cursor that is held": r"\bWITH HOLD\b",
}
ELSEWHERE_MISSING = {
    "MERGE": r"^MERGE\b",
    "LOCK TABLE": r"^LOCK\b",
    "a sequence": r"\b(nextval|currval|lastval)\(",
    "ON CONFLICT without the business": r"ON CONFLICT \((?!business_id|code\)|source_id)",
    "FOR UPDATE over a join": r"\bJOIN\b.*\bFOR UPDATE\b",
}


def leading(names: Any) -> str:
    return str(next(iter(names)))


@pytest.mark.parametrize("table", BUSINESS_TABLES, ids=lambda table: table.name)
def test_every_key_leads_with_the_business(table: Table) -> None:
    assert leading(table.primary_key.columns.keys()) == "business_id"
    assert all(
        leading(each.columns.keys()) == "business_id"
        for each in table.constraints
        if isinstance(each, UniqueConstraint)
    )
    assert all(leading(index.columns.keys()) == "business_id" for index in table.indexes)
    foreign = {tuple(each.columns.keys()) for each in table.constraints if isinstance(each, ForeignKeyConstraint)}
    assert {names for names in foreign if names[0] != "business_id"} == {
        names for name, names in BETWEEN if name == table.name
    }


def test_no_table_numbers_its_rows_by_itself() -> None:
    made = "\n".join(
        str(CreateTable(table).compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]
        for table in Base.metadata.sorted_tables
    )
    assert re.findall(r"SERIAL|IDENTITY|nextval", made) == []


def test_only_lines_wait_for_their_document() -> None:
    late = {
        str(each.name)
        for table in Base.metadata.sorted_tables
        for each in table.constraints
        if isinstance(each, ForeignKeyConstraint) and each.deferrable
    }
    assert late == {"fk_invoice_lines_business_id_invoice_id_invoices"}


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """What every engine is asked."""
    heard: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        heard.append(" ".join(statement.split()))

    event.listen(Engine, "before_cursor_execute", hear)
    yield heard
    event.remove(Engine, "before_cursor_execute", hear)


@pytest.fixture
def day(tmp_path: Path, statements: list[str], database_url: URL, pooled: URL) -> list[str]:
    """The statements of every command that writes, and of those that read most, behind a pooler where there is one."""
    shop.prepare(tmp_path / "work", ())
    (tmp_path / "work" / "wrong.txt").write_text("not the password\n", encoding="utf-8")
    (tmp_path / "work" / "everything").mkdir()
    with MailServer() as server, shop.inside(tmp_path / "work") as patch:
        for name, value in server.environment.items():
            patch.setenv(name, value)
        patch.setenv("INVO_DATABASE_URL", shown(database_url))
        ask(shop.OFFICE[0])
        statements.clear()
        patch.setenv("INVO_DATABASE_URL", shown(pooled))
        for line in (*shop.REPORTED[1:], *READING):
            ask(line)
        for step in DAY:
            ask(step.line, step.status)
    return statements


def ask(line: str, status: int = 0) -> None:
    done = run(line)
    assert done.status == status, f"{line}\n{done.stdout}\n{done.stderr}"


def shown(url: URL) -> str:
    return url.render_as_string(hide_password=False)


@pytest.fixture
def pooled(database_url: URL) -> Iterator[URL]:
    """The database through PgBouncer with two connections where it is installed, else as invo asks a pooler."""
    if not ON_POSTGRESQL:
        yield database_url
        return
    program, place = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin"), database_url.query.get("host")
    if program is None or not isinstance(place, str):
        yield database_url.update_query_dict({"pool_mode": "transaction"})
        return
    with pgbouncer(program, place, str(database_url.query.get("port", 5432))) as folder:
        query = {"host": str(folder), "port": "6432", "pool_mode": "transaction"}
        url = database_url.update_query_dict(query)
        yield url
        engine_for(shown(url)).dispose()


@contextmanager
def pgbouncer(program: str, place: str, port: str) -> Iterator[Path]:
    """A pooler in transaction mode; its socket lies in the folder."""
    account = parenthood.unprivileged_account()
    folder = folders.create(account)
    settings = {
        **{"pool_mode": "transaction", "default_pool_size": "2", "auth_type": "any", "listen_addr": ""},
        **{"listen_port": "6432", "unix_socket_dir": str(folder)},
    }
    lines = ["[databases]", f"* = host={place} port={port} user=postgres", "[pgbouncer]"]
    lines += [f"{name} = {value}" for name, value in settings.items()]
    (folder / "pool.ini").write_text("\n".join(lines) + "\n")
    (folder / "pool.ini").chmod(0o644)
    with (folder / "pool.log").open("ab") as log:
        child = parenthood.start([program, str(folder / "pool.ini")], account, folder, log)
    until = time.monotonic() + 10
    while not (folder / ".s.PGSQL.6432").exists():
        is_late = child.ended() or time.monotonic() > until
        assert not is_late, (folder / "pool.log").read_text()
        time.sleep(0.02)
    try:
        yield folder
    finally:
        child.stop(signal.SIGQUIT, 10)
        folders.remove(folder)


def test_a_day_needs_no_state_that_outlives_a_transaction_and_names_the_business(day: list[str]) -> None:
    found = sorted(set(day))
    assert len(found) > 200
    wanted = OUTLIVES | ELSEWHERE_MISSING if ON_POSTGRESQL else ELSEWHERE_MISSING
    broken = {what: [each for each in found if re.search(pattern, each)] for what, pattern in wanted.items()}
    assert {what: hits for what, hits in broken.items() if hits} == {}
    assert [each for each in found if nameless(each)] == []


def nameless(statement: str) -> set[str]:
    """Tables of a business in a statement that does not say of which."""
    about = {
        table.name for table in BUSINESS_TABLES if re.search(rf"\b(FROM|JOIN|INTO|UPDATE) {table.name}\b", statement)
    }
    named = r"\bbusiness_id\b" if statement.startswith("INSERT") else r"\bbusiness_id (=|IN)"
    return set() if re.search(named, statement) else about


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT invoices.business_id, invoices.number FROM invoices WHERE invoices.id = 1",
        "UPDATE payments SET note = 'x' WHERE id = 1",
        "INSERT INTO customers (id) VALUES (1)",
    ],
)
def test_a_statement_without_the_business_is_found(statement: str) -> None:
    assert nameless(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "SET lock_timeout = '1s'",
        "SELECT set_config('lock_timeout', '1s', false)",
        "SELECT pg_try_advisory_lock(1)",
        "SELECT pg_advisory_lock(1)",
        "PREPARE x AS SELECT 1",
        "CREATE TEMPORARY TABLE x (y int)",
        "LISTEN x",
    ],
)
def test_state_that_outlives_a_transaction_is_found(statement: str) -> None:
    assert any(re.search(pattern, statement) for pattern in OUTLIVES.values())

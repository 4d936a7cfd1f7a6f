"""Two roles on a real server: the day's work succeeds, and nothing that would rewrite the books does."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from invo_cli.commands import entering
from invo_cli.db import roles
from invo_cli.db.engines import engine_for
from invo_cli.models import Base
from tests.commands.daily import DAY
from tests.conftest import ON_POSTGRESQL, Invo
from tests.docs import shop
from tests.docs.running import run
from tests.harness.smtp import MailServer

pytestmark = pytest.mark.integration
on_postgresql = pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite has no roles")
on_sqlite = pytest.mark.skipif(ON_POSTGRESQL, reason="SQLite's refusal")


class Logins(NamedTuple):
    """One database as three roles see it."""

    admin: URL
    owner: URL
    app: URL

    @property
    def options(self) -> str:
        """The names of the roles, for the command."""
        return f"--app-role {self.app.username} --owner-role {self.owner.username}"


@pytest.fixture
def logins(empty_url: URL) -> Iterator[Logins]:
    """An empty database, and names of roles that nobody has."""
    stem = f"invo_test_{os.getpid()}"
    found = Logins(
        empty_url,
        empty_url.set(username=f"{stem}_owner", password="secret"),
        empty_url.set(username=f"{stem}_app", password="secret"),
    )
    yield found
    for url in found:
        engine_for(shown(url)).dispose()
    administer(empty_url, *(f"DROP OWNED BY {url.username} CASCADE" for url in found[1:]))
    administer(empty_url, *(f"DROP ROLE {url.username}" for url in found[1:]))


def shown(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def administer(url: URL, *statements: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def refusal(url: URL, statement: str) -> str | None:
    """The SQLSTATE with which a statement is refused; None when it is not."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
    except DBAPIError as error:
        return getattr(error.orig, "sqlstate", None)
    finally:
        engine.dispose()
    return None


def ask(line: str) -> str:
    done = run(line)
    assert done.status == 0, f"{line}\n{done.stdout}\n{done.stderr}"
    return done.stderr


FORBIDDEN = (
    "UPDATE audit_events SET actor = 'nobody'",
    "DELETE FROM audit_events",
    "TRUNCATE audit_events CASCADE",
    "UPDATE audit_personal SET fields = '{}'",
    "DELETE FROM audit_personal",
    "TRUNCATE audit_personal",
    "TRUNCATE invoices CASCADE",
    "ALTER TABLE audit_events DISABLE TRIGGER ALL",
    "ALTER TABLE invoices DISABLE TRIGGER invoices_frozen",
    "ALTER TABLE invoices ADD COLUMN x int",
    "DROP TRIGGER audit_events_append_only ON audit_events",
    "DROP TABLE payments",
    "CREATE TABLE mine (x int)",
    "CREATE TEMPORARY TABLE audit_events (x int)",
    "CREATE SCHEMA mine",
    "CREATE TRIGGER mine BEFORE INSERT ON invoices FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "SET session_replication_role = replica",
    "UPDATE alembic_version SET version_num = 'x'",
    "UPDATE books SET business_id = 7",
    "UPDATE users SET name = 'ravi'",
    "DELETE FROM users",
    "UPDATE sign_ins SET secret_hash = 'x', user_id = 1",
    "UPDATE api_tokens SET role = 'admin'",
    "UPDATE api_tokens SET expires_at = now()",
    "UPDATE invoice_lines SET description = 'x'",
    "DELETE FROM sent_mails",
    "COPY invoices TO '/tmp/invoices.txt'",
    "COPY invoices FROM '/etc/passwd'",
    "COPY invoices TO PROGRAM 'cat'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT passwd FROM pg_shadow",
    "CREATE ROLE mine",
)


@on_postgresql
def test_the_day_is_worked_by_a_role_that_cannot_rewrite_it(logins: Logins, tmp_path: Path) -> None:
    shop.prepare(tmp_path / "work", ())
    with MailServer() as server, shop.inside(tmp_path / "work") as patch:
        for name, value in server.environment.items():
            patch.setenv(name, value)
        patch.setenv("INVO_DATABASE_URL", shown(logins.admin))
        assert "run invo init as" in ask(f"invo db roles --apply {logins.options}")
        administer(logins.admin, *(f"ALTER ROLE {url.username} PASSWORD 'secret'" for url in logins[1:]))
        patch.setenv("INVO_DATABASE_URL", shown(logins.owner))
        for line in shop.OFFICE:
            ask(line)
        # Before the rights are given it may look, but the least is little: nothing can be worked with.
        assert refusal(logins.app, "UPDATE audit_events SET actor = 'nobody'") == "42501"
        assert "let the program connect as" in ask(f"invo db roles --apply {logins.options}")

        patch.setenv("INVO_DATABASE_URL", shown(logins.app))
        for line in shop.REPORTED[len(shop.OFFICE) - 1 :]:  # a sign-in is one to a database as a role sees it
            ask(line)
        Path("wrong.txt").write_text("not the password\n", encoding="utf-8")
        Path("everything").mkdir()
        for step in DAY:
            done = run(step.line)
            assert done.status == step.status, f"{step.line}\n{done.stdout}\n{done.stderr}"
        ask("invo audit verify")
        ask("invo db check")
        entering.forget()
        assert [each for each in FORBIDDEN if refusal(logins.app, each) != "42501"] == []
        assert run("invo customer erase C-0006 --reason 'She asked' --yes").status == 7
        patch.setenv("INVO_DATABASE_URL", shown(logins.owner))
        ask("invo auth login asha --password-stdin < password.txt")
        ask("invo customer erase C-0006 --reason 'She asked' --yes")
        ask("invo audit verify")
    assert [excess(url) for url in logins] == ["is a superuser", "owns the tables", None]


def excess(url: URL) -> str | None:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = roles.excess(connection)
    engine.dispose()
    return found


@on_postgresql
def test_tables_of_an_older_owner_change_hands(logins: Logins, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_DATABASE_URL", shown(logins.admin))
    ask("invo db upgrade")
    for _ in range(2):
        ask(f"invo db roles --apply {logins.options}")
    owners = "SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class WHERE relkind = 'r'"
    with engine_for(shown(logins.admin)).connect() as connection:
        query = f"{owners} AND relnamespace = 'public'::regnamespace"
        assert connection.exec_driver_sql(query).scalars().all() == [logins.owner.username]


@on_postgresql
def test_a_role_with_rights_of_its_own_is_no_application_role(logins: Logins, monkeypatch: pytest.MonkeyPatch) -> None:
    app, owner = logins.app.username, logins.owner.username
    administer(logins.admin, f"CREATE ROLE {app} SUPERUSER", f"CREATE ROLE {owner}")
    monkeypatch.setenv("INVO_DATABASE_URL", shown(logins.admin))
    assert run(f"invo db roles --apply {logins.options}").status == 5
    administer(logins.admin, f"ALTER ROLE {app} NOSUPERUSER", f"GRANT {owner} TO {app}")
    refused = run(f"invo db roles --apply {logins.options}")
    assert (refused.status, "is a member of another role" in refused.stderr) == (5, True)


def test_every_table_has_its_rights() -> None:
    assert set(Base.metadata.tables) | {"alembic_version"} == set(roles.RIGHTS)
    named = {table: set(re.findall(r"UPDATE \((.+)\)", rights)) for table, rights in roles.RIGHTS.items()}
    for table, lists in named.items():
        for columns in lists:
            assert set(columns.split(", ")) <= set(Base.metadata.tables[table].columns.keys())


def test_the_statements_are_printed_without_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_DATABASE_URL", "postgresql://nobody@db.invalid/none")
    printed = run("invo db roles --print --app-role shop_app --owner-role shop_owner")
    assert printed.status == 0
    assert "CREATE ROLE shop_app" in printed.stdout
    assert "invo_" not in printed.stdout


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ("", 2),
        ("--print --apply", 2),
        ("--print --app-role 'x; DROP TABLE y'", 3),
        ("--print --app-role Öwner", 3),
        ("--print --app-role same --owner-role same", 3),
    ],
)
def test_what_cannot_be_meant_is_refused(options: str, status: int) -> None:
    refused = run(f"invo db roles {options}")
    assert (refused.status, refused.stdout) == (status, "")


@on_sqlite
def test_sqlite_has_no_roles(invo: Invo) -> None:
    refused = invo("db", "roles", "--apply")
    assert (refused.exit_code, "SQLite has no roles" in refused.stderr) == (3, True)

"""A whole day with planted secrets: nobody who looks at what invo says, writes or starts finds one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from invo_cli.commands import credentials
from invo_cli.db.engines import engine_for
from tests.conftest import GSTIN, ON_POSTGRESQL, run_process
from tests.docs.tree import commands
from tests.harness.smtp import MailServer
from tests.security.canaries import (
    AGE_KEY,
    MAIL_PASSWORD,
    NEW_PASSWORD,
    PASSWORD,
    URL_PASSWORD,
    WRONG_PASSWORD,
    Session,
    leaks_of_files,
    private_file,
    watched_programs,
)

pytestmark = pytest.mark.integration

AWAY = f"postgresql://asha:{URL_PASSWORD}@127.0.0.1:1/books"
BAD_URLS = (
    AWAY,
    f"postgresql://asha@127.0.0.1:1/books?password={URL_PASSWORD}",
    f"postgresql://asha@127.0.0.1:1/books?Pass={URL_PASSWORD}",
    f"postgresql://asha:pa@{URL_PASSWORD}@127.0.0.1:1/books",
    f"postgresql://asha:{URL_PASSWORD}@127.0.0.1:port/books",
    f"postgresql://asha:{URL_PASSWORD}@127.0.0.1:1,127.0.0.1:2/books",
    f"postgresql+{URL_PASSWORD}",
    f"mysql://asha:{URL_PASSWORD}@127.0.0.1/books",
    f"postgresql://asha:{URL_PASSWORD}/x?y#z@127.0.0.1:1/books",
    f"host=127.0.0.1 password={URL_PASSWORD}",
)
BROKEN_CONFIGS = (
    f'token = ["{URL_PASSWORD}"]',
    f'smtp_port = "{URL_PASSWORD}"',
    f'bcrypt_rounds = "{URL_PASSWORD}"',
    f'database_url = "{AWAY}',
    f'[profiles]\noffice = "{URL_PASSWORD}"',
    f'database_url = "{AWAY}"\ndatabase_url = "{AWAY}"',
    f'password = "{URL_PASSWORD}"',
    f'database_url = {{ url = "{AWAY}" }}',
)
# They make a place of their own, ask the network, or wait.
ELSEWHERE = {"invo demo", "invo db wait", "invo init"}
LOUD = ("--debug", "-v")


@pytest.fixture
def mail(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """A mail server that takes the mails of asha@shop and of nobody else."""
    with MailServer(users={"asha@shop": MAIL_PASSWORD}, security="starttls") as server:
        home.mkdir(mode=0o700, exist_ok=True)
        file = private_file(home, "smtp-password", f"{MAIL_PASSWORD}\n")
        for name, value in (server.environment | {"INVO_SMTP_USER": "asha@shop"}).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("INVO_SMTP_PASSWORD_FILE", str(file))
        yield server


@pytest.fixture
def session(database_url: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    """A business with an administrator who has signed in."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    monkeypatch.chdir(tmp_path)
    made = Session()
    made.run("init", "--name=Centre", f"--gstin={GSTIN}", "--admin=owner", "--password-stdin", given=PASSWORD, status=0)
    made.run("auth", "login", "owner", "--password-stdin", given=WRONG_PASSWORD, status=6)
    made.run("auth", "login", "owner", "--password-stdin", given=PASSWORD, status=0)
    made.secrets.append(credentials.path().read_text(encoding="ascii"))
    return made


def test_a_day_at_the_counter_shows_no_secret(
    session: Session, mail: MailServer, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with watched_programs() as programs:
        token = _work(session, mail, tmp_path)
        monkeypatch.setenv("INVO_TOKEN", token)
        _look_around(session)
    kept = {home / "smtp-password", credentials.path(), tmp_path / "identity.txt"}
    assert [*session.leaks()] == []
    assert [*leaks_of_files(tmp_path, session.secrets, kept)] == []
    assert not [said for said in programs for secret in session.secrets if secret in said]
    assert MAIL_PASSWORD not in "".join(mail.conversation)
    assert not ON_POSTGRESQL or [*_leaks_of_tables(session.secrets)] == []


def _work(session: Session, mail: MailServer, tmp_path: Path) -> str:
    """Sell, send, change passwords, make tokens, fail at all of it; the token that was made."""
    session.run("customer", "create", "--name=Asha", "--mobile=9876543210", "--email=asha@example.org", status=0)
    session.run("invoice", "create", "--customer=C-0001", "--line=Screen:1:1500:998716:18", *LOUD, status=0)
    session.run("invoice", "send", "INV/26-27/0001", "--yes", *LOUD)
    assert mail.received, session.said[-1]
    mail.users["asha@shop"] = "another"
    session.run("invoice", "send", "INV/26-27/0001", "--yes", *LOUD)
    session.run("user", "create", "ravi", "--role=operator", "--password-stdin", given=PASSWORD, status=0)
    session.run("user", "create", "tara", "--password-stdin", *LOUD, given="c4nary\0x")
    session.run("user", "create", "tara", "--password-stdin", *LOUD, given="c4nary" * 20)
    session.run("user", "password", "ravi", "--password-stdin", *LOUD, given=NEW_PASSWORD, status=0)
    session.run("auth", "login", "nobody", "--password-stdin", *LOUD, given=WRONG_PASSWORD, status=6)
    token = str(session.run_secretly("token", "create", "--name=cron", "--role=admin", "--expires=90d")["token"])
    session.secrets.append(token)
    session.run("customer", "show", token, *LOUD, status=4)
    session.run("token", "revoke", token, *LOUD, status=4)
    session.run(token, *LOUD, status=2)
    identity = private_file(tmp_path, "identity.txt", f"{AGE_KEY}\n")
    session.run("db", "backup", "--out", str(tmp_path / "backups"), *LOUD)
    session.run("db", "backup", "verify", str(tmp_path / "none.age"), "--identity", str(identity), *LOUD)
    for data_set in ("audit", "users", "customers"):
        session.run("export", data_set, "--out", str(tmp_path / f"{data_set}.csv"), status=0)
    return token


def _look_around(session: Session) -> None:
    """Every command, with too little and with too much, telling all it can."""
    for command in ("config list --origin", "doctor", "audit list -o json", "auth whoami", "user list -o json"):
        session.run(*command.split(), *LOUD)
    for entry in commands():
        if entry.path not in ELSEWHERE:
            words = entry.path.split()[1:]
            session.run(*words, *LOUD)
            session.run(*words, "--nothing", "x", "y", *LOUD)


def _leaks_of_tables(secrets: list[str]) -> Iterator[str]:
    """Tables of the server in which a secret stands."""
    engine = engine_for(os.environ["INVO_DATABASE_URL"])
    with engine.connect() as connection:
        tables = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars()
        for table in tables.all():
            content = str(connection.exec_driver_sql(f'SELECT t::text FROM "{table}" t').all()).lower()
            yield from (table for secret in secrets if secret.lower() in content)


@pytest.mark.parametrize("url", BAD_URLS)
def test_no_command_shows_the_password_of_a_url(url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session()
    monkeypatch.setenv("INVO_DATABASE_URL", url)
    monkeypatch.setenv("INVO_REPLICA_URL", url)
    for command in (
        "config list --origin",
        "doctor",
        "db current",
        "db upgrade",
        "db check",
        "invoice list",
        "auth whoami",
    ):
        session.run(*command.split(), *LOUD)
    for command in ("db restore none --to", "db copy --to", f"db copy --to sqlite:///{home}/x.db --from"):
        session.run(*command.split(), url, *LOUD)
    monkeypatch.setenv("INVO_LOG", "json")
    session.run("report", "sales", "-o", "json", *LOUD)
    assert [*session.leaks()] == []


@pytest.mark.parametrize("config", BROKEN_CONFIGS)
def test_no_broken_settings_file_is_quoted(config: str, home: Path) -> None:
    home.mkdir(mode=0o700)
    private_file(home, "config.toml", f"{config}\n")
    session = Session()
    for command in ("config list", "business list", "doctor"):
        session.run(*command.split(), *LOUD)
    assert [*session.leaks()] == []


def test_settings_with_secrets_are_listed_without_them(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home.mkdir(mode=0o700)
    private_file(home, "config.toml", f'token = "c4nary"\n[profiles.office]\ndatabase_url = "{AWAY}"\n')
    monkeypatch.setenv("INVO_REPLICA_URL", f"postgresql://asha@h/d?sslpassword={URL_PASSWORD}&sslmode=require")
    session = Session()
    listed = session.run("--profile=office", "config", "list", "--origin", "-o", "json", status=0)
    assert "asha:***@127.0.0.1" in listed
    assert "sslmode=require" in listed
    assert [*session.leaks()] == []


def test_the_process_itself_shows_none_either(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through the installed command: what Python and the drivers write themselves is seen too."""
    monkeypatch.setenv("INVO_DATABASE_URL", AWAY)
    monkeypatch.setenv("INVO_TOKEN", "invo_t_c4nary")
    monkeypatch.setenv("INVO_DEBUG", "1")
    for command in ("invoice list -v", "db upgrade -v", "doctor -v", "auth login x --password-stdin -v"):
        done = run_process(*command.split(), input=PASSWORD)
        assert done.returncode
        assert "c4nary" not in done.stdout + done.stderr

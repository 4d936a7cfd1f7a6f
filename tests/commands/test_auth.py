"""Signing in and out, tokens, and what nobody may do without them."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import URL

from tests.conftest import GSTIN, Invo, run_process
from tests.db import schema_facts as facts

pytestmark = pytest.mark.integration
PASSWORD = "correct horse"


@pytest.fixture
def owned(counter: Invo) -> Invo:
    """A database with a business and one admin, asha; nobody is signed in."""
    return with_user(counter, "asha", "admin")


def with_user(invo: Invo, name: str, role: str, *more: str) -> Invo:
    done = invo("user", "create", name, "--role", role, "--password-stdin", *more, input=PASSWORD)
    assert done.exit_code == 0, done.stderr
    return invo


def login(invo: Invo, name: str, password: str = PASSWORD) -> int:
    return invo("auth", "login", name, "--password-stdin", input=f"{password}\n").exit_code


def who(invo: Invo) -> Any:
    return json.loads(invo("auth", "whoami", "-o", "json").stdout)


def token_of(invo: Invo, *arguments: str) -> str:
    done = invo("token", "create", *arguments, "-o", "json")
    assert done.exit_code == 0, done.stderr
    return str(json.loads(done.stdout)["token"])


def kept(home: Path) -> Path:
    (file,) = (home / "sign-ins").iterdir()
    return file


def test_without_users_whoever_can_open_the_database_is_the_owner(counter: Invo) -> None:
    assert who(counter) | {"user": ""} == {"user": "", "role": "admin", "businesses": [GSTIN], "via": "none"}


@pytest.mark.parametrize(
    "command", ["invoice list", "business list", "report sales", "export invoices", "audit verify", "user list"]
)
def test_from_the_first_user_on_nothing_works_without_signing_in(owned: Invo, command: str) -> None:
    refused = owned(*command.split())
    assert (refused.exit_code, refused.stdout) == (6, "")
    assert refused.stderr.splitlines()[0] == "error: Nobody is signed in."
    assert "invo auth login" in refused.stderr.splitlines()[1]


def test_a_sign_in_is_somebody_until_it_is_ended(owned: Invo, home: Path) -> None:
    assert login(owned, "ASHA") == 0
    assert who(owned) == {"user": "asha", "role": "admin", "businesses": [GSTIN], "via": "session"}
    copied = kept(home).read_text()
    assert owned("auth", "logout").exit_code == 0
    assert owned("invoice", "list").exit_code == 6
    kept_again = home / "sign-ins" / "copy"
    assert not list((home / "sign-ins").iterdir())
    login(owned, "asha")
    kept(home).write_text(copied)
    assert "was ended" in owned("invoice", "list").stderr
    assert not kept_again.exists()


def test_signing_out_everywhere_ends_the_other_sign_ins(owned: Invo, home: Path) -> None:
    login(owned, "asha")
    other = kept(home).read_text()
    login(owned, "asha")
    owned("auth", "logout", "--all")
    login(owned, "asha")
    kept(home).write_text(other)
    assert owned("invoice", "list").exit_code == 6


def test_only_the_hash_of_a_secret_is_in_the_database(owned: Invo, home: Path, database_url: URL) -> None:
    login(owned, "asha")
    token = token_of(owned, "--name", "cron", "--role", "exporter", "--expires", "90d")
    secret = kept(home).read_text()
    everything = json.dumps(facts.rows(database_url), default=str)
    assert len(secret) == len(token) == 50
    assert secret not in everything
    assert token not in everything
    assert PASSWORD not in everything


def test_the_file_is_private_and_another_one_is_not_believed(owned: Invo, home: Path) -> None:
    login(owned, "asha")
    file = kept(home)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    file.chmod(0o640)
    assert "not a private file" in owned("invoice", "list").stderr
    secret = file.rename(home / "secret")
    secret.chmod(0o600)
    file.symlink_to(secret)
    assert owned("invoice", "list").exit_code == 6


def test_a_wrong_name_and_a_wrong_password_have_one_answer(owned: Invo) -> None:
    with_wrong = owned("auth", "login", "asha", "--password-stdin", input="wrong password")
    nobody = owned("auth", "login", "nobody", "--password-stdin", input="wrong password")
    assert (with_wrong.exit_code, with_wrong.stderr) == (6, nobody.stderr)
    for odd in ("", "x" * 73, "\0" * 9, "न" * 25):
        assert login(owned, "asha", odd) == 6


def test_wrong_passwords_make_the_next_try_wait_longer(owned: Invo, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime(2026, 11, 1, tzinfo=UTC)
    monkeypatch.setenv("INVO_NOW", now.isoformat())
    assert [login(owned, "asha", "wrong password") for _ in range(5)] == [6] * 5
    refused = owned("auth", "login", "asha", "--password-stdin", input=PASSWORD)
    assert "wait 31 seconds" in refused.stderr
    monkeypatch.setenv("INVO_NOW", (now + timedelta(seconds=40)).isoformat())
    assert login(owned, "asha", "wrong password") == 6
    assert "wait 61 seconds" in owned("auth", "login", "asha", "--password-stdin", input=PASSWORD).stderr
    monkeypatch.setenv("INVO_NOW", (now + timedelta(seconds=110)).isoformat())
    assert login(owned, "asha") == 0
    assert login(owned, "asha", "wrong password") == 6
    assert login(owned, "asha") == 0


def test_many_guesses_at_once_are_no_more_than_one_after_another(owned: Invo, database_url: URL) -> None:
    def guess(number: int) -> str:
        return run_process("auth", "login", "asha", "--password-stdin", input=f"guess number {number}").stderr

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(8)))
    assert sum("Wrong name or password" in answer for answer in answers) == 5
    assert sum("too many wrong passwords" in answer for answer in answers) == 3
    assert next(row["failures"] for row in facts.rows(database_url)["users"]) == 5


def test_an_admin_lets_a_locked_user_try_again(owned: Invo, home: Path) -> None:
    login(owned, "asha")
    with_user(owned, "ravi", "operator")
    mine = kept(home).read_text()
    assert [login(owned, "ravi", "wrong password") for _ in range(5)] == [6] * 5
    assert login(owned, "ravi") == 6
    assert kept(home).read_text() == mine
    assert owned("user", "unlock", "ravi").exit_code == 0
    assert login(owned, "ravi") == 0


def test_a_sign_in_ends_after_idle_hours_and_after_days(owned: Invo, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime(2026, 11, 1, tzinfo=UTC)

    def at(hours: float) -> int:
        monkeypatch.setenv("INVO_NOW", (now + timedelta(hours=hours)).isoformat())
        return owned("invoice", "list").exit_code

    monkeypatch.setenv("INVO_NOW", now.isoformat())
    login(owned, "asha")
    assert [at(11), at(22), at(33)] == [0, 0, 0]
    assert at(46) == 6
    assert at(34) == 6, "a clock that is set back does not revive it"
    monkeypatch.setenv("INVO_NOW", now.isoformat())
    login(owned, "asha")
    assert [at(hours) for hours in range(0, 168, 11)] == [0] * 16
    assert at(169) == 6


def test_a_token_works_until_it_ends_or_is_revoked(owned: Invo, monkeypatch: pytest.MonkeyPatch) -> None:
    login(owned, "asha")
    token = token_of(owned, "--name", "cron", "--role", "viewer", "--expires", "1d")
    owned("auth", "logout")
    monkeypatch.setenv("INVO_TOKEN", token)
    assert who(owned) == {"user": "cron", "role": "viewer", "businesses": [GSTIN], "via": "token"}
    monkeypatch.setenv("INVO_TOKEN", token[:-1] + ("A" if token[-1] != "A" else "B"))
    assert owned("invoice", "list").exit_code == 6
    monkeypatch.setenv("INVO_TOKEN", token)
    monkeypatch.setenv("INVO_NOW", (datetime.now(UTC) + timedelta(days=2)).isoformat())
    assert "has expired" in owned("invoice", "list").stderr
    monkeypatch.delenv("INVO_NOW")
    assert owned("invoice", "list").exit_code == 6, "it was ended for good"
    monkeypatch.delenv("INVO_TOKEN")
    login(owned, "asha")
    other = token_of(owned, "--name", "other", "--role", "viewer", "--expires", "3w")
    assert owned("token", "revoke", "OTHER").exit_code == 0
    assert owned("token", "revoke", "other").exit_code == 0
    monkeypatch.setenv("INVO_TOKEN", other)
    assert "was revoked" in owned("invoice", "list").stderr


def test_disabling_ends_sign_ins_and_tokens(owned: Invo, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    login(owned, "asha")
    with_user(owned, "meera", "admin")
    login(owned, "meera")
    token = token_of(owned, "--name", "of-meera", "--role", "viewer", "--expires", "9d")
    secret = kept(home).read_text()
    login(owned, "asha")
    assert owned("user", "disable", "meera").exit_code == 0
    assert owned("user", "enable", "meera").exit_code == 0
    monkeypatch.setenv("INVO_TOKEN", token)
    assert owned("invoice", "list").exit_code == 6
    monkeypatch.delenv("INVO_TOKEN")
    kept(home).write_text(secret)
    assert owned("invoice", "list").exit_code == 6


def test_a_new_password_ends_the_sign_ins_made_with_the_old_one(owned: Invo) -> None:
    login(owned, "asha")
    assert owned("user", "password", "asha", "--password-stdin", input="another horse").exit_code == 0
    assert owned("invoice", "list").exit_code == 6
    assert login(owned, "asha") == 6
    assert login(owned, "asha", "another horse") == 0


def test_the_owner_of_the_database_recovers_a_lost_password_loudly(owned: Invo) -> None:
    recovered = owned("user", "password", "asha", "--recover", "--password-stdin", input="another horse")
    assert recovered.exit_code == 0
    assert "without a sign-in" in recovered.stderr
    assert login(owned, "asha", "another horse") == 0
    (event,) = json.loads(owned("audit", "list", "--system", "--action", "user.recover", "-o", "json").stdout)
    assert (event["subject"], event["via"]) == ("user:asha", None)


def test_a_hash_of_another_cost_is_made_anew(owned: Invo, database_url: URL, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BCRYPT_ROUNDS", "5")
    assert login(owned, "asha") == 0
    assert facts.rows(database_url)["users"][0]["password_hash"].startswith("$2b$05$")
    assert login(owned, "asha") == 0


@pytest.mark.parametrize("password", ["password123", "QWERTYUIOP", "asha-the-admin"])
def test_what_anybody_would_try_first_is_no_password(owned: Invo, password: str) -> None:
    login(owned, "asha")
    name = "asha-the-admin"
    assert owned("user", "create", name, "--password-stdin", input=password).exit_code == 3


def test_the_trail_tells_who_acted_by_what(owned: Invo) -> None:
    login(owned, "asha")
    owned("customer", "create", "--name", "Asha Traders")
    (event,) = json.loads(owned("audit", "list", "--action", "customer.create", "-o", "json").stdout)
    assert event["actor"] == "asha"
    assert event["via"].startswith("session:")
    assert owned("audit", "verify").exit_code == 0

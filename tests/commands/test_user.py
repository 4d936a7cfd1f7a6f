"""The user noun."""

from __future__ import annotations

import json
import threading
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import bcrypt
import pytest
from sqlalchemy.engine import URL

from tests.conftest import Invo, run_process
from tests.db import schema_facts as facts

pytestmark = pytest.mark.integration
PASSWORD = "correct horse"


def add(invo: Invo, name: str, *arguments: str, password: str = PASSWORD) -> dict[str, Any]:
    done = invo("user", "create", name, *arguments, "--password-stdin", "-o", "json", input=f"{password}\n")
    assert done.exit_code == 0, done.stderr
    return dict(json.loads(done.stdout))


def login(invo: Invo, name: str, password: str = PASSWORD) -> None:
    done = invo("auth", "login", name, "--password-stdin", input=f"{password}\n")
    assert done.exit_code == 0, done.stderr


@pytest.fixture
def admin(invo: Invo) -> Invo:
    """A database with one admin, asha, who is signed in."""
    add(invo, "asha", "--role", "admin")
    login(invo, "asha")
    return invo


def refused(invo: Invo, status: int, *arguments: str, **options: Any) -> str:
    done = invo(*arguments, **options)
    assert (done.exit_code, done.stdout) == (status, ""), done.stderr
    error, hint = done.stderr.splitlines()
    assert hint.startswith("hint: ")
    return error.removeprefix("error: ")


def stored(url: URL) -> list[dict[str, Any]]:
    return facts.rows(url)["users"]


def test_a_password_is_kept_as_a_bcrypt_hash_of_the_configured_cost(invo: Invo, database_url: URL) -> None:
    made = add(invo, "asha", "--role", "admin")
    assert set(made) == {
        *("name", "role", "businesses", "is_disabled", "locked_until", "created_at", "password_changed_at")
    }
    digest = stored(database_url)[0]["password_hash"]
    assert digest.startswith("$2b$04$")
    assert bcrypt.checkpw(PASSWORD.encode(), digest.encode())


def test_the_first_user_must_be_an_admin_and_others_are_operators(invo: Invo) -> None:
    said = refused(invo, 3, "user", "create", "ravi", "--password-stdin", input=PASSWORD)
    assert said == "The first user must be an admin of every business."
    add(invo, "asha", "--role", "admin")
    login(invo, "asha")
    assert add(invo, "ravi")["role"] == "operator"


@pytest.mark.parametrize(
    ("password", "size"), [("", 0), ("1234567", 7), ("x" * 73, 73), ("न" * 25, 75), ("\n", 0), ("e\u0301" * 37, 74)]
)
def test_a_password_outside_of_8_to_72_bytes_is_refused(admin: Invo, password: str, size: int) -> None:
    said = refused(admin, 3, "user", "create", "ravi", "--password-stdin", input=password)
    assert said == f"The password has {size} bytes; 8 to 72 are allowed."


@pytest.mark.parametrize("password", ["87654312", "x" * 72, "न" * 24, " spaces ", "tab\tand\0nul"])
def test_a_password_of_8_to_72_bytes_is_taken_as_it_is(admin: Invo, database_url: URL, password: str) -> None:
    add(admin, "ravi", password=password)
    digest = next(row["password_hash"] for row in stored(database_url) if row["name"] == "ravi")
    assert bcrypt.checkpw(password.encode(), digest.encode())


def test_the_two_spellings_of_a_letter_are_one_password(admin: Invo, database_url: URL) -> None:
    add(admin, "ravi", password=unicodedata.normalize("NFD", "passwört"))
    digest = next(row["password_hash"] for row in stored(database_url) if row["name"] == "ravi")
    assert bcrypt.checkpw("passwört".encode(), digest.encode())


def test_without_a_terminal_a_password_is_never_asked_for(admin: Invo) -> None:
    assert "nobody to ask" in refused(admin, 2, "user", "create", "ravi", input=f"{PASSWORD}\n{PASSWORD}\n")


def test_a_password_is_no_argument(admin: Invo) -> None:
    refused(admin, 2, "user", "create", "ravi", "--password", PASSWORD)
    refused(admin, 2, "user", "password", "asha", PASSWORD)


@pytest.mark.parametrize("name", ["", "two words", "a" * 51, "asha:root", "आशा", "a\x1b[31m", "-", "a,b"])
def test_a_name_that_could_be_mistaken_is_refused(admin: Invo, name: str) -> None:
    refused(admin, 3, "user", "create", "--password-stdin", "--", name, input=PASSWORD)


def test_names_differ_by_more_than_case(admin: Invo) -> None:
    assert "There is a user asha" in refused(admin, 5, "user", "create", "ASHA", "--password-stdin", input=PASSWORD)
    assert admin("user", "show", "Asha", "-o", "name").stdout == "asha\n"


def test_an_unknown_name_is_answered_with_the_nearest(admin: Invo) -> None:
    done = admin("user", "show", "ahsa")
    assert done.exit_code == 4
    assert done.stderr.splitlines() == ["error: No user ahsa.", "hint: Did you mean asha?"]


def test_an_unknown_role_is_refused(admin: Invo) -> None:
    refused(admin, 3, "user", "create", "ravi", "--role", "boss", "--password-stdin", input=PASSWORD)


def test_the_last_admin_stays(admin: Invo) -> None:
    add(admin, "ravi", "--role", "admin")
    login(admin, "ravi")
    assert admin("user", "disable", "asha").exit_code == 0
    assert refused(admin, 5, "user", "disable", "ravi") == "ravi is the last admin."
    assert refused(admin, 5, "user", "delete", "ravi", "--yes") == "ravi is the last admin."
    assert refused(admin, 5, "user", "role", "ravi", "viewer") == "ravi is the last admin."
    assert admin("user", "enable", "asha").exit_code == 0
    assert admin("user", "delete", "ravi", "--yes").exit_code == 0
    assert admin("user", "list").exit_code == 6


def test_two_admins_cannot_take_each_other_away(admin: Invo, database_url: URL) -> None:
    add(admin, "ravi", "--role", "admin")
    both = threading.Barrier(2)

    def disable(name: str) -> int:
        both.wait(10)
        return run_process("user", "disable", name).returncode

    with ThreadPoolExecutor(2) as pool:
        codes = sorted(pool.map(disable, ["asha", "ravi"]))
    assert codes in ([0, 5], [0, 6])


def test_a_deleted_user_is_gone_but_the_name_is_not_given_again(admin: Invo) -> None:
    add(admin, "ravi")
    assert refused(admin, 2, "user", "delete", "ravi").startswith("This needs a confirmation")
    admin("user", "delete", "ravi", "--yes")
    refused(admin, 4, "user", "show", "ravi")
    assert admin("user", "list", "-o", "name").stdout == "asha\n"
    assert refused(admin, 5, "user", "create", "Ravi", "--password-stdin", input=PASSWORD) == (
        "There was a user ravi already."
    )


def test_a_new_password_replaces_the_old_one(admin: Invo, database_url: URL) -> None:
    assert admin("user", "password", "ASHA", "--password-stdin", input="another horse").exit_code == 0
    digest = stored(database_url)[0]["password_hash"].encode()
    assert bcrypt.checkpw(b"another horse", digest)
    assert not bcrypt.checkpw(PASSWORD.encode(), digest)


def test_every_change_is_in_the_trail_of_the_system_without_any_hash(admin: Invo, database_url: URL) -> None:
    add(admin, "ravi")
    admin("user", "password", "ravi", "--password-stdin", input="another horse")
    for arguments in ["disable", "ravi"], ["disable", "ravi"], ["enable", "ravi"], ["delete", "ravi", "--yes"]:
        assert admin("user", *arguments).exit_code == 0
    events = facts.rows(database_url)["audit_events"]
    assert [(event["business_id"], event["action"], event["subject"]) for event in events] == [
        (0, "user.create", "user:asha"),
        (0, "auth.login", "user:asha"),
        (0, "user.create", "user:ravi"),
        (0, "user.password", "user:ravi"),
        (0, "user.disable", "user:ravi"),
        (0, "user.enable", "user:ravi"),
        (0, "user.delete", "user:ravi"),
    ]
    assert "$2b$" not in json.dumps(events, default=str)
    assert "hash" not in str([event["after"] for event in events])


@pytest.mark.parametrize("command", [("disable", "ravi"), ("delete", "ravi"), ("enable", "ravi")])
def test_a_dry_run_changes_nothing(admin: Invo, database_url: URL, command: tuple[str, ...]) -> None:
    add(admin, "ravi")
    before = facts.rows(database_url)
    row = json.loads(admin("user", *command, "--dry-run", "-o", "json").stdout)
    assert row["dry_run"] is True
    assert facts.rows(database_url) == before

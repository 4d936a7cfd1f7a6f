"""Attempts to do more than one may, each with the refusal that is expected; on both engines."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from invo_cli.services.identity.secrets import hashed
from tests.access.attacking import PASSWORD, SECRET, Target
from tests.conftest import GSTIN, Invo

pytestmark = pytest.mark.integration

ESCALATIONS = {
    "operator": """user create mine --role admin --password-stdin|user role oscar admin|user edit oscar --everywhere
        user password asha --password-stdin|user unlock oscar|user disable asha|user delete asha --yes|user list
        token create --name mine --role admin --expires 9d|token list|token revoke cron|period lock 2026-05 --reason x
        audit list
        series set tax_invoice X{seq}
        business create --name Mine --state 29|export invoices|db backup|db stamp base""",
    "viewer": """invoice create --customer C-0001 --line Screen:1:1500:998716:18
        customer create --name Mine
        item create --name Book --hsn 4901 --price 250 --rate 18|customer edit C-0001 --mobile 9876543210
        export customers|user role victor admin|business edit 29AAGCB7383J1Z4 --city Mine
        period unlock 2026-05 --reason x""",
    "exporter": """invoice list|customer list|invoice show D-1|report sales|export users|audit list|user list
        customer create --name Mine|payment list|series set tax_invoice X{seq}""",
    "accountant": """user create mine --role admin --password-stdin|token create --name mine --role viewer --expires 9d
        db downgrade base --yes|db stamp base|db backup|db backup prune --keep 1d|export users
        business create --name M --state 29""",
}
FORGED = {
    "guessed": SECRET.format("t"),
    "of a session, guessed": SECRET.format("s"),
    "another kind": SECRET.format("x"),
    "empty but for spaces": "   ",
    "an injection": "' OR 1=1 --",
    "a pattern": "invo_t_" + "%" * 43,
    "very long": "invo_t_" + "A" * 100_000,
    "not ASCII": "invo_t_" + "अ" * 43,
    "a line more": SECRET.format("t") + "\nX",
    "a hash": hashed(SECRET.format("t")),
}


@pytest.fixture
def target(counter: Invo, home: Path, database_url: URL) -> Target:
    """A database with a customer and an admin, asha, who is signed in."""
    found = Target(counter, home, database_url)
    found.must("customer", "create", "--name", "Asha Traders")
    found.user("asha", "admin")
    assert found.login("asha") == 0
    return found


@pytest.mark.parametrize("role", ESCALATIONS)
def test_a_role_does_not_grow(target: Target, role: str) -> None:
    target.user("oscar", role)
    target.token("cron", "viewer", "--expires", "9d")
    assert target.login("oscar") == 0
    before = target.rows("users", "api_tokens", "businesses", "customers", "invoices", "period_locks", "items")
    for command in ESCALATIONS[role].replace("\n", "|").split("|"):
        done = target.run(*command.split())
        assert (done.exit_code, done.stdout) == (6, ""), f"{command}: {done.stderr}"
    assert target.rows(*before) == before


def test_who_is_limited_does_not_reach_further(target: Target) -> None:
    target.must("business", "create", "--name", "Other", "--state", "27", "--code", "OTHER")
    target.user("lim", "admin", "--business", GSTIN)
    assert target.login("lim") == 0
    for command, status in {
        "business show OTHER": 4,
        "--business OTHER invoice list": 4,
        "--business OTHER customer create --name Mine": 4,
        f"--business {GSTIN},OTHER token create --name mine --role admin --expires 9d": 4,
        "user edit lim --everywhere": 6,
        "user create mine --role admin --password-stdin": 6,
        "audit list --system": 4,
        "db backup": 6,
    }.items():
        assert target.run(*command.split()).exit_code == status, command
    assert "OTHER" not in target.must("business", "list").stdout
    assert "OTHER" not in target.must("auth", "whoami").stdout


@pytest.mark.parametrize("what", FORGED)
def test_a_forged_token_is_nobodys(target: Target, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    target.must("auth", "logout")
    monkeypatch.setenv("INVO_TOKEN", FORGED[what])
    done = target.run("invoice", "list")
    assert (done.exit_code, done.stdout) == (6, "")
    assert len(done.stderr) < 300


def test_a_token_that_is_cut_stretched_or_known_by_its_hash_is_nobodys(
    target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = target.token("cron", "viewer", "--expires", "9d")
    for forged in (token[:-1], token + "A", token.upper(), token.replace("_t_", "_s_"), hashed(token)):
        monkeypatch.setenv("INVO_TOKEN", forged)
        assert target.run("invoice", "list").exit_code == 6
    monkeypatch.setenv("INVO_TOKEN", token)
    assert target.who() == "cron viewer"


def test_a_token_ends_with_its_time_its_maker_and_its_makers_power(
    target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    target.user("meera", "admin")

    def of_meera(number: int) -> str:
        assert target.login("meera") == 0
        return target.token(f"cron-{number}", "admin", "--expires", "9d")

    def status(token: str) -> int:
        with monkeypatch.context() as patch:
            patch.setenv("INVO_TOKEN", token)
            return target.run("invoice", "list").exit_code

    tokens = [of_meera(0)]
    with monkeypatch.context() as patch:
        patch.setenv("INVO_TOKEN", tokens[0])
        tokens.append(target.token("child", "viewer", "--expires", "9d"))
    assert [status(token) for token in tokens] == [0, 0]
    assert target.login("asha") == 0
    target.must("user", "role", "meera", "viewer")
    assert [status(token) for token in tokens] == [6, 6]
    target.must("user", "role", "meera", "admin")
    assert [status(token) for token in tokens] == [6, 6], "what ended stays so"
    limited = of_meera(2)
    assert target.login("asha") == 0
    target.must("user", "edit", "meera", "--business", GSTIN)
    assert status(limited) == 6
    target.must("user", "edit", "meera", "--everywhere")
    deleted = of_meera(3)
    assert target.login("asha") == 0
    target.must("user", "delete", "meera", "--yes")
    assert status(deleted) == 6
    with monkeypatch.context() as patch:
        short = target.token("short", "viewer", "--expires", "1h")
        patch.setenv("INVO_NOW", (datetime.now(UTC) + timedelta(hours=2)).isoformat())
        assert status(short) == 6
    assert status(short) == 6, "a clock that is set back does not revive it"


def test_changes_take_effect_at_once_for_who_is_signed_in(target: Target) -> None:
    target.user("ravi", "accountant")
    mine = target.secret()

    def as_asha(*words: str) -> None:
        theirs = target.secret()
        target.file.write_text(mine)
        target.must(*words)
        target.file.write_text(theirs)

    assert target.login("ravi") == 0
    assert target.run("export", "invoices").exit_code == 0
    as_asha("user", "role", "ravi", "viewer")
    assert (target.who(), target.run("export", "invoices").exit_code) == ("ravi viewer", 6)
    as_asha("user", "disable", "ravi")
    as_asha("user", "enable", "ravi")
    assert target.who() == "6"
    assert target.login("ravi") == 0
    as_asha("user", "password", "ravi", "--password-stdin")
    assert target.who() == "6"
    assert target.login("ravi") == 0
    as_asha("user", "delete", "ravi", "--yes")
    assert (target.who(), target.login("ravi")) == ("6", 6)


def test_one_name_is_one_actor(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    assert target.run("token", "create", "--name", "ASHA", "--role", "viewer", "--expires", "9d").exit_code == 5
    target.token("cron", "viewer", "--expires", "9d")
    assert target.run("user", "create", "Cron", "--password-stdin").exit_code == 5
    monkeypatch.setenv("INVO_ACTOR", "somebody else")
    target.must("customer", "create", "--name", "Mine")
    assert (
        '"actor": "asha"'
        in target.must("audit", "list", "--action", "customer.create", "--after", "2", "-o", "json").stdout
    )


@pytest.mark.parametrize(
    "name", ["a\nb", "a b", "a\x1b[31m", "", "-x", "../x", "a/b", "आशा", "a" * 51, "a'--", "[red]a"]
)
def test_a_name_is_plain(target: Target, name: str) -> None:
    assert target.run("user", "create", "--password-stdin", "--", name).exit_code == 3
    assert target.run("token", "create", f"--name={name}", "--role", "viewer", "--expires", "9d").exit_code == 3


def test_a_file_of_a_sign_in_that_others_could_have_touched_is_not_believed(target: Target, tmp_path: Path) -> None:
    file, secret = target.file, target.secret()
    for mode in (0o640, 0o604, 0o620, 0o602, 0o666):
        file.chmod(mode)
        assert target.who() == "6", oct(mode)
    file.chmod(0o600)
    assert target.who() == "asha admin"
    if os.getuid() == 0:
        os.chown(file, 12345, 12345)
        assert target.who() == "6"
    file.unlink()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text(secret)
    elsewhere.chmod(0o600)
    file.symlink_to(elsewhere)
    assert target.who() == "6"
    assert target.login("asha") == 0
    assert elsewhere.read_text() == secret, "signing in does not write through a link"
    for content in (b"", b"\0" * 100, b"\xff" * 300, b"invo_s_" + b"A" * 100_000):
        file.write_bytes(content)
        assert target.who() == "6"
    file.unlink()
    os.mkfifo(file, 0o600)
    assert target.who() == "6"
    file.unlink()
    file.mkdir(0o700)
    assert target.who() == "6"


def test_passwords_that_are_none_are_refused_like_wrong_ones(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_NOW", "2026-11-01T10:00:00+05:30")
    for number, given in enumerate(("", "\0" * 9, "x" * 73, "न" * 25, PASSWORD.upper(), f" {PASSWORD}")):
        monkeypatch.setenv("INVO_NOW", f"2026-11-0{number + 1}T10:00:00+05:30")
        assert target.login("asha", given) == 6
    assert target.login("asha", "x" * 1_000_000) == 3, "that much is not even read"
    for given in ("", "short", "x" * 73, "password123", "\0" * 7):
        assert target.run("user", "create", "ravi", "--password-stdin", given=given).exit_code in (2, 3)
    target.must("user", "create", "ravi", "--password-stdin", given="caf\u00e9 au lait")
    assert target.login("ravi", "cafe\u0301 au lait") == 0, "both spellings of é are one"


def test_the_wait_after_wrong_passwords_is_not_talked_away(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_NOW", "2026-11-01T10:00:00+05:30")
    names = ("asha", "ASHA", " asha ", "Asha", "aSHa")
    assert [target.login(name, "wrong password") for name in names] == [6] * 5
    assert target.login("asha") == 6, "the right one must wait, too"
    monkeypatch.setenv("INVO_NOW", "2026-10-01T10:00:00+05:30")
    assert target.login("asha") == 6, "no clock set back shortens it"
    assert target.rows("users")["users"][0]["failures"] == 5
    assert target.login("nobody") == 6


def test_what_is_changed_past_the_program_is_found(target: Target) -> None:
    target.user("ravi", "viewer")
    target.token("cron", "viewer", "--expires", "9d")
    assert target.run("audit", "verify").exit_code == 0
    key = target.rows("businesses")["businesses"][0]["id"]
    for change, undo in (
        ("UPDATE users SET role = 'admin' WHERE name = 'ravi'", "UPDATE users SET role = 'viewer' WHERE name = 'ravi'"),
        ("UPDATE api_tokens SET role = 'admin'", "UPDATE api_tokens SET role = 'viewer'"),
        (
            f"INSERT INTO user_businesses (business_id, user_id) SELECT {key}, id FROM users WHERE name = 'ravi'",
            "DELETE FROM user_businesses",
        ),
    ):
        target.tamper(change)
        found = target.run("audit", "verify")
        assert found.exit_code == 10
        assert "past the trail" in found.output
        target.tamper(undo)
    assert target.run("audit", "verify").exit_code == 0
    head = target.must("audit", "head", "--system").stdout.strip()
    target.tamper(
        "DELETE FROM audit_events WHERE seq = (SELECT max(seq) FROM audit_events WHERE business_id = 0)"
        " AND business_id = 0"
    )
    assert target.run("audit", "verify").exit_code == 10
    target.tamper(
        "UPDATE books SET last_audit_seq = (SELECT max(seq) FROM audit_events WHERE business_id = 0),"
        " last_audit_hash = (SELECT hash FROM audit_events WHERE business_id = 0 ORDER BY seq DESC LIMIT 1)"
        " WHERE business_id = 0"
    )
    assert target.run("audit", "verify", "--head", head, "--system").exit_code == 10, "a tail cut with care"


def test_the_last_admin_is_not_taken_away(target: Target) -> None:
    for command in (
        "user delete asha --yes",
        "user disable asha",
        "user role asha viewer",
        f"user edit asha --business {GSTIN}",
    ):
        assert target.run(*command.split()).exit_code == 5, command
    assert target.who() == "asha admin"


def test_nothing_is_told_to_who_is_not_signed_in(target: Target) -> None:
    target.must("auth", "logout")
    for command in (
        "user create mine --role admin --password-stdin",
        "init --name Mine --state 27",
        "db downgrade base --yes",
        "db stamp base",
        "db backup",
        "audit head",
        "auth whoami",
        "business use B1",
    ):
        done = target.run(*command.split())
        assert (done.exit_code, done.stdout) == (6, ""), f"{command}: {done.stderr}"
    assert target.run("init", "--name", "X", "--state", "27", "--admin", "mine", "--password-stdin").exit_code in (5, 6)
    target.must("db", "upgrade")
    assert [user["name"] for user in target.rows("users")["users"]] == ["asha"]

"""The trail as a file that proves itself, and every way to tamper with it found."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.conftest import Invo

pytestmark = pytest.mark.integration
PEM = serialization.Encoding.PEM


@pytest.fixture
def trail(counter: Invo, tmp_path: Path) -> Path:
    """A signed trail of three events, with both keys beside it."""
    for name in ("Asha Traders", "=Ravi"):
        assert counter("customer", "create", "--name", name, "--mobile", "9876543210").exit_code == 0
    key = Ed25519PrivateKey.generate()
    form = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "audit.key").write_bytes(key.private_bytes(PEM, *form))
    public = key.public_key().public_bytes(PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "audit.pub").write_bytes(public)
    path = tmp_path / "trail.jsonl"
    done = counter("audit", "export", "--out", str(path), "--key", str(tmp_path / "audit.key"))
    assert (done.exit_code, done.stdout) == (0, ""), done.stderr
    return path


def verified(invo: Invo, path: Path) -> tuple[int, list[str]]:
    key = path.with_name("audit.pub")
    done = invo("audit", "verify", "--file", str(path), "--public-key", str(key), "-o", "json")
    return done.exit_code, [finding["problem"] for finding in json.loads(done.stdout)["findings"]]


def test_an_honest_file_proves_itself_without_a_database(
    counter: Invo, trail: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = json.loads(trail.with_name("trail.jsonl.head.json").read_text())
    assert (head["seq"], head["events"], head["business"]) == (3, 3, "29AAGCB7383J1Z4")
    assert counter("audit", "head").stdout.strip() == f"3:{head['hash']}"
    assert "9876543210" not in trail.read_text()
    monkeypatch.setenv("INVO_DATABASE_URL", "postgresql://nobody@db.invalid/none")
    assert verified(counter, trail) == (0, [])


def test_that_it_left_is_an_event(counter: Invo, trail: Path) -> None:
    (event,) = json.loads(counter("audit", "list", "--system", "--action", "audit.export", "-o", "json").stdout)
    assert (event["subject"], event["after"]["events"]) == ("audit:29AAGCB7383J1Z4", 3)


ATTACKS: dict[str, Callable[[list[str]], list[str]]] = {
    "It follows event 1": lambda lines: [lines[0], lines[2]],
    "does not match its content": lambda lines: [
        lines[0],
        lines[1].replace("customer.create", "customer.edit"),
        lines[2],
    ],
    "The last event is not the one": lambda lines: lines[:2],
    "The SHA-256 of the file": lambda lines: [*lines, lines[2]],
    "Line 2 is no event": lambda lines: [lines[0], "[", lines[2]],
}


@pytest.mark.parametrize("problem", ATTACKS)
def test_a_file_that_was_altered_is_found(counter: Invo, trail: Path, problem: str) -> None:
    trail.write_text("\n".join(ATTACKS[problem](trail.read_text().splitlines())) + "\n")
    status, problems = verified(counter, trail)
    assert status == 10
    assert any(problem in each for each in problems)


def test_another_head_or_another_key_is_found(counter: Invo, trail: Path) -> None:
    beside = trail.with_name("trail.jsonl.head.json")
    beside.write_text(beside.read_text().replace("29AAGCB7383J1Z4", "27AAPFU0939F1ZV"))
    assert verified(counter, trail) == (10, ["The head is not signed with this key."])


def test_files_are_not_overwritten_and_csv_is_no_formula(counter: Invo, trail: Path) -> None:
    assert counter("audit", "export", "--out", str(trail)).exit_code == 5
    table = trail.with_name("trail.csv")
    assert counter("audit", "export", "--out", str(table), "--format", "csv", "--system").exit_code == 0
    assert table.read_text().startswith("seq,at,actor")
    assert counter("audit", "verify", "--file", str(table)).exit_code == 0
    table.write_text(table.read_text().replace("audit.export", "audit.nothing"))
    assert counter("audit", "verify", "--file", str(table)).exit_code == 10


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("export", "--out", "x", "--format", "xml"), 3),
        (("export", "--out", "-", "--key", "x"), 2),
        (("export", "--out", "x", "--key", "no.key"), 4),
        (("verify", "--public-key", "x"), 2),
        (("verify", "--file", "no.jsonl"), 4),
    ],
)
def test_what_cannot_be_meant_is_refused(counter: Invo, arguments: tuple[str, ...], status: int) -> None:
    assert counter("audit", *arguments).exit_code == status


def test_a_refused_right_is_an_event(counter: Invo) -> None:
    for name, role in (("asha", "admin"), ("ravi", "viewer")):
        made = counter("user", "create", name, "--role", role, "--password-stdin", input="correct horse\n")
        assert made.exit_code == 0, made.stderr
        assert counter("auth", "login", "asha", "--password-stdin", input="correct horse\n").exit_code == 0
    assert counter("auth", "login", "ravi", "--password-stdin", input="correct horse\n").exit_code == 0
    assert counter("customer", "create", "--name", "Ravi", "--mobile", "9876543210").exit_code == 6
    assert counter("auth", "login", "asha", "--password-stdin", input="correct horse\n").exit_code == 0
    (event,) = json.loads(counter("audit", "list", "--system", "--action", "access.refuse", "-o", "json").stdout)
    assert (event["actor"], event["subject"]) == ("ravi", "user:ravi")
    assert event["after"] == {"right": "customer.write", "role": "viewer"}

"""Backups that only the holder of a private key can read."""

from __future__ import annotations

from pathlib import Path

import pytest

from invo_cli.backups import encrypting
from invo_cli.errors import InvalidError, NotFoundError
from tests.backups.conftest import NewUrl
from tests.backups.making import back_up, manifest_of, proof
from tests.conftest import Invo

pyrage = pytest.importorskip("pyrage")
pytestmark = pytest.mark.integration


@pytest.fixture
def key(tmp_path: Path) -> tuple[str, Path]:
    """A public key, and the file of its private key."""
    return make_key(tmp_path / "key.txt")


def make_key(path: Path) -> tuple[str, Path]:
    identity = pyrage.x25519.Identity.generate()
    path.write_text(f"# created: 2026-10-05\n# public key: {identity.to_public()}\n{identity}\n", encoding="utf-8")
    return str(identity.to_public()), path


def test_it_is_read_with_the_private_key_only(
    books: Invo, key: tuple[str, Path], tmp_path: Path, new_url: NewUrl, home: Path
) -> None:
    public, private = key
    out = tmp_path / "out"
    backup = back_up(books, "--out", str(out), "--encrypt-to", public)
    assert backup.suffix == ".age"
    assert backup.read_bytes().startswith(b"age-encryption.org/v1")
    assert [path.name for path in out.iterdir() if path not in (backup, manifest_of(backup))] == [".invo-backup.lock"]
    assert not (home / "backups" / ".invo-backup-scratch").exists()

    assert proof(books, backup, "--identity", str(private))["ok"]
    assert books("db", "backup", "verify", str(backup)).exit_code == 2
    _, other = make_key(tmp_path / "other.txt")
    assert not proof(books, backup, "--identity", str(other))["ok"]
    target = new_url("decrypted")
    assert books("db", "restore", str(backup), "--to", target).exit_code == 2
    assert books("db", "restore", str(backup), "--to", target, "--identity", str(private)).exit_code == 0


def test_every_key_of_a_file_can_read_it(books: Invo, key: tuple[str, Path], tmp_path: Path) -> None:
    second, private = make_key(tmp_path / "second.txt")
    keys = tmp_path / "keys.pub"
    keys.write_text(f"# the office\n{key[0]}\n\n{second}\n", encoding="utf-8")
    backup = back_up(books, "--encrypt-to", str(keys))
    for one in (key[1], private):
        assert proof(books, backup, "--identity", str(one))["ok"]


def test_a_flipped_bit_is_found_without_a_manifest(books: Invo, key: tuple[str, Path]) -> None:
    backup = back_up(books, "--encrypt-to", key[0])
    manifest_of(backup).unlink()
    data = bytearray(backup.read_bytes())
    data[len(data) // 2] ^= 1
    backup.write_bytes(data)
    assert not proof(books, backup, "--identity", str(key[1]))["ok"]


@pytest.mark.unit
@pytest.mark.parametrize("text", ["", "# nothing\n", "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq\n", "ssh-rsa AAAA\n"])
def test_a_file_of_recipients_without_a_key_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "keys.pub"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidError):
        encrypting.recipients(str(path))


@pytest.mark.unit
def test_a_private_key_is_never_quoted(tmp_path: Path) -> None:
    path = tmp_path / "key.txt"
    path.write_text("AGE-SECRET-KEY-1QQQQQQQQQ\n", encoding="utf-8")
    with pytest.raises(InvalidError) as refused:
        encrypting.identities(path)
    assert "QQQ" not in refused.value.message + refused.value.advice
    with pytest.raises(NotFoundError):
        encrypting.identities(tmp_path / "none.txt")

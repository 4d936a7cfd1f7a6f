"""The password for the mail server: from a file of its owner's alone, or the keyring, and never shown."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from invo_cli.errors import InvalidError, InvoError, NotFoundError
from invo_cli.mail.credentials import find_password
from invo_cli.mail.transport import Server

pytestmark = pytest.mark.unit
KEYRING = """
from keyring import errors
def get_password(service, user):
    if user == "locked":
        raise errors.KeyringError("locked")
    return {("invo", "billing"): "from the ring"}.get((service, user))
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "password"
    path.write_bytes(b"s3cret with space\n")
    path.chmod(0o600)
    return path


@pytest.fixture
def ring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site" / "keyring"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(KEYRING, encoding="utf-8")
    (package / "errors.py").write_text("class KeyringError(Exception): ...\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(package.parent))
    for name in [name for name in sys.modules if name.partition(".")[0] == "keyring"]:
        monkeypatch.delitem(sys.modules, name)


def refused(user: str, file: str | None) -> InvoError:
    with pytest.raises(InvoError) as found:
        find_password(user, file)
    return found.value


def test_it_is_read_from_a_file_without_its_line_break(file: Path) -> None:
    assert find_password("billing", str(file)) == "s3cret with space"
    file.write_bytes(b"crlf\r\n")
    assert find_password("billing", str(file)) == "crlf"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o777])
def test_a_file_that_others_may_read_is_refused(file: Path, mode: int) -> None:
    file.chmod(mode)
    problem = refused("billing", str(file))
    assert isinstance(problem, InvalidError)
    assert problem.hint == f"Run: chmod 600 {file}"


@pytest.mark.parametrize("content", [b"", b"\n", b"a\nb\n", b"a\0b", "pässword".encode(), b"\xff"])
def test_what_cannot_be_a_password_is_refused_without_being_shown(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    assert refused("billing", str(file)).message == (
        "The password for the mail server is empty or has characters other than printable ASCII."
    )


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    assert isinstance(refused("billing", str(tmp_path / "none")), NotFoundError)
    assert "cannot be read: Is a directory" in refused("billing", str(tmp_path)).message


@pytest.mark.usefixtures("ring")
def test_without_a_file_the_keyring_is_asked() -> None:
    assert find_password("billing", None) == "from the ring"
    assert "not known" in refused("somebody", None).message
    assert refused("locked", None).message == "The keyring of this user cannot be read."


def test_without_a_keyring_the_hint_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert "INVO_SMTP_PASSWORD_FILE" in str(refused("billing", None).hint)


def test_the_password_is_not_shown_with_the_server() -> None:
    server = Server(host="h", port=25, security="none", hello="x", user="billing", password="s3cret")
    assert "s3cret" not in f"{server!r} {server}"

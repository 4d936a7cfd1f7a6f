"""Who signed: RS256 alone, with one of the keys in the file. The portal is imitated with a key of the test's own."""

from __future__ import annotations

import base64
import datetime as dt
import sys
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from invo_cli.errors import InvalidError, NotFoundError, UsageProblemError
from invo_cli.portal import tokens
from invo_cli.portal.signatures import is_signed, keys_of
from tests.portal.imitation import key, public_key, token

pytestmark = pytest.mark.unit


def certificate() -> bytes:
    """The portal's key in a certificate."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "imitated portal")])
    begins = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    made = x509.CertificateBuilder(name, name, key("portal").public_key(), 1, begins, begins + dt.timedelta(days=365))
    return made.sign(key("portal"), SHA256()).public_bytes(Encoding.PEM)


@pytest.mark.parametrize("blocks", [("key",), ("certificate",), ("other", "certificate"), ("other", "key")])
def test_a_signature_is_proved_by_one_of_the_keys(tmp_path: Path, blocks: tuple[str, ...]) -> None:
    parts = {"key": public_key(), "certificate": certificate(), "other": public_key("other")}
    file = tmp_path / "nic.pem"
    file.write_bytes(b"Published by the portal\n" + b"\n".join(parts[block] for block in blocks))
    keys = keys_of(str(file))
    assert len(keys) == len(blocks)
    assert is_signed(tokens.read(token({"a": 1}), what="It"), keys)


def test_what_another_signed_or_somebody_changed_is_not_proved(tmp_path: Path) -> None:
    file = tmp_path / "nic.pem"
    file.write_bytes(public_key())
    keys = keys_of(str(file))
    good = token({"TotInvVal": 1770})
    header, _, signature = good.split(".")
    payload = base64.urlsafe_b64encode(b'{"data": {"TotInvVal": 1}}').rstrip(b"=").decode()
    forged = (
        token({"TotInvVal": 1770}, signer="other"),
        token({"TotInvVal": 1770}, algorithm="none"),
        token({"TotInvVal": 1770}, algorithm="HS256"),
        f"{header}.{payload}.{signature}",
        good.rpartition(".")[0] + ".",
    )
    assert is_signed(tokens.read(good, what="It"), keys)
    for text in forged:
        assert not is_signed(tokens.read(text, what="It"), keys)


def test_a_file_without_a_key_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "nic.pem"
    with pytest.raises(NotFoundError):
        keys_of(str(file))
    damaged = b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"
    other = Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for content, said in ((b"", "no certificate"), (damaged, "damaged"), (other, "not RSA")):
        file.write_bytes(content)
        with pytest.raises(InvalidError, match=said):
            keys_of(str(file))


def test_without_the_extra_it_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "nic.pem"
    file.write_bytes(public_key())
    monkeypatch.setitem(sys.modules, "cryptography.x509", None)
    with pytest.raises(UsageProblemError, match="extra crypto") as refusal:
        keys_of(str(file))
    assert 'pip install "invo[crypto]"' in refusal.value.advice

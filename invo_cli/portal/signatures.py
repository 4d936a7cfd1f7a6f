"""Proving that the invoice portal signed an answer: RS256 with the public key it publishes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from invo_cli.errors import InvalidError, NotFoundError, UsageProblemError
from invo_cli.portal.tokens import Token

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

ALGORITHM = "RS256"
MAX_BYTES = 1024 * 1024
"""Of a file of keys the first MiB is read."""
_BLOCK = re.compile(rb"-----BEGIN (CERTIFICATE|PUBLIC KEY)-----.+?-----END \1-----", re.DOTALL)


def keys_of(path: str) -> list[RSAPublicKey]:
    """The keys in a PEM file of certificates and public keys; the portal changes its key, so there may be several.

    Raises NotFoundError without the file, InvalidError without a key in it, UsageProblemError without the extra.
    """
    try:
        with Path(path).expanduser().open("rb") as file:
            content = file.read(MAX_BYTES)
    except OSError as error:
        raise NotFoundError(
            f"The key file {path} cannot be read: {error.strerror}.", hint="Correct the setting INVO_NIC_KEY."
        ) from error
    keys = [_key(found[0], found[1], path) for found in _BLOCK.finditer(content)]
    if not keys:
        raise InvalidError(
            f"{path} holds no certificate and no public key.", hint="Save what the portal publishes as a PEM file."
        )
    return keys


def is_signed(token: Token, keys: Sequence[RSAPublicKey]) -> bool:
    """Whether one of the keys made the signature; another algorithm, or none, is no signature."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    if token.algorithm != ALGORITHM:
        return False
    for key in keys:
        try:
            key.verify(token.signature, token.signed, PKCS1v15(), SHA256())
        except InvalidSignature:
            continue
        return True
    return False


def _key(block: bytes, label: bytes, path: str) -> RSAPublicKey:
    try:
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
        from cryptography.hazmat.primitives.serialization import load_pem_public_key
        from cryptography.x509 import load_pem_x509_certificate
    except ImportError as error:
        hint = 'Install it with: pip install "invo[crypto]"'
        raise UsageProblemError(
            "Checking signatures needs the extra crypto, which is not installed.", hint=hint
        ) from error
    try:
        key = load_pem_x509_certificate(block).public_key() if label == b"CERTIFICATE" else load_pem_public_key(block)
    except ValueError as error:
        raise InvalidError(f"{path} holds a damaged {label.decode().lower()}.", hint="Save it again.") from error
    if not isinstance(key, RSAPublicKey):
        raise InvalidError(f"{path} holds a key that is not RSA.", hint="The portal signs with RSA keys.")
    return key

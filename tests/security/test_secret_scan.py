"""No secret is in the repository: private keys, tokens of the usual services and of invo, passwords in URLs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.test_project import TOP, tracked_files

pytestmark = pytest.mark.unit

SHAPES = {
    "a private key": r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----",
    "an age identity": r"AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}",
    "an AWS key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "a GitHub token": r"\bgh[pousr]_[A-Za-z0-9]{36,}|\bgithub_pat_[A-Za-z0-9_]{40,}",
    "a GitLab token": r"\bglpat-[A-Za-z0-9_-]{20,}",
    "a Slack token": r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}",
    "a Google key": r"\bAIza[0-9A-Za-z_-]{35}",
    "a Stripe key": r"\b[rs]k_live_[0-9A-Za-z]{20,}",
    "a package index token": r"\bpypi-[A-Za-z0-9_-]{50,}|\bnpm_[A-Za-z0-9]{36}",
    "a sign-in or token of invo": r"\binvo_[st]_[A-Za-z0-9_-]{43}",
    "a password in a URL": r"\b[a-z][a-z0-9+.]*://[^\s/:@\"'`{}$<>|,]*:(?![*.]{3}@)[^\s/:@\"'`{}$<>|*,]+@[^\s\"'`)]+",
}
ALLOWED = {
    "tests/harness/loopback.pem": ("a private key", "of a certificate for localhost that nothing trusts"),
    ".env.example": ("a password in a URL", "the development password of docker-compose.yml"),
}
"""Files that hold something of such a shape, and why it is no secret."""
OF_TESTS = ("tests/", "benchmarks/")
"""Here URLs have made-up passwords on purpose; every other shape is looked for here too."""


def found_in(text: str) -> set[str]:
    """The kinds of secret that a text seems to hold."""
    return {kind for kind, shape in SHAPES.items() if re.search(shape, text)}


def kinds(path: Path) -> set[str]:
    """The same for a file, less what is allowed there."""
    name = path.relative_to(TOP).as_posix()
    allowed = {ALLOWED[name][0]} if name in ALLOWED else set()
    if name.startswith(OF_TESTS):
        allowed.add("a password in a URL")
    return found_in(path.read_bytes().decode("utf-8", "replace")) - allowed


def test_no_file_of_the_repository_holds_a_secret() -> None:
    found = {path.relative_to(TOP).as_posix(): sorted(hits) for path in tracked_files() if (hits := kinds(path))}
    assert found == {}


def test_what_is_allowed_is_there() -> None:
    for name, (kind, _) in ALLOWED.items():
        assert kind in found_in((TOP / name).read_text(encoding="utf-8")), name


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN " + "PRIVATE KEY-----",
        "-----BEGIN RSA " + "PRIVATE KEY-----",
        "AKIA" + "ABCDEFGHIJKLMNOP",
        "ghp_" + "a" * 36,
        "xoxb-" + "1234567890-abc",
        "glpat-" + "a" * 20,
        "AIza" + "a" * 35,
        "invo_s_" + "Ab3-" * 10 + "xyz",
        "invo_t_" + "Cd4_" * 10 + "uvw",
        "postgresql" + "://asha:hunter2@db.example.org/books",
        "https" + "://asha:hunter2@example.org",
        "redis" + "://:hunter2@localhost",
    ],
)
def test_a_secret_is_seen(text: str) -> None:
    assert found_in(f"x = '{text}'\n")


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://asha@db.example.org:5432/books",
        "postgresql://asha:***@127.0.0.1/books",
        "postgresql://USER:PASSWORD_OF@{host}/x".replace("PASSWORD_OF", "{password}"),
        "sqlite:////var/lib/invo/invo.db",
        "invo_t_…",
        "Ask asha@example.org, see https://example.org:8443/a@b",
    ],
)
def test_what_is_none_is_not(text: str) -> None:
    assert found_in(text) == set()

"""A SQLite file that may only be read, as a backup on a read-only medium: it is read, and writing is refused."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from invo_cli.db import engines
from tests.conftest import GSTIN, ON_POSTGRESQL
from tests.db.upgrading import invo

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(ON_POSTGRESQL, reason="about SQLite files"),
    pytest.mark.skipif(sys.platform == "win32", reason="rights of folders"),
]
# Rights do not stop root, unless it gives up the power to override them.
POWERLESS = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
CUSTOMER = ("customer", "create", "--name", "Ravi", "--mobile", "9876543211")


@pytest.fixture
def filled(worked_url: URL, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The file of a database with a few documents, in a folder that is made removable again."""
    monkeypatch.setenv("INVO_BUSINESS", GSTIN)
    yield home / "invo.db"
    home.chmod(0o700)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command by somebody whom rights stop."""
    prefix = POWERLESS if os.geteuid() == 0 else []
    if prefix and shutil.which("setpriv") is None:
        pytest.skip("needs setpriv, or not to be root")
    command = [*prefix, sys.executable, "-m", "invo_cli", *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", stdin=subprocess.DEVNULL, check=False)


@pytest.mark.parametrize(
    ("file", "folder"), [(0o400, 0o500), (0o400, 0o700), (0o600, 0o500)], ids=["both", "file", "folder"]
)
def test_what_may_not_be_written_can_be_read(filled: Path, file: int, folder: int) -> None:
    before = filled.read_bytes()
    filled.chmod(file)
    filled.parent.chmod(folder)
    for _ in range(2):  # what the first reader leaves behind does not stop the second
        found = run("invoice", "list", "-o", "json")
        assert (found.returncode, found.stderr) == (0, "")
        assert len(json.loads(found.stdout)) == 7
    verified = run("audit", "verify", "-o", "json")
    assert (verified.returncode, json.loads(verified.stdout)["ok"]) == (0, True)
    refused = run(*CUSTOMER)
    assert refused.returncode == 7
    assert "can only be read" in refused.stderr
    assert filled.read_bytes() == before


def test_what_a_writer_has_not_merged_yet_is_seen_by_those_who_may_only_read(filled: Path) -> None:
    with closing(engines.connect_file(filled)) as other:
        other.execute("SELECT 1 FROM books").fetchall()  # whoever is last to leave merges the -wal file
        assert invo(*CUSTOMER).exit_code == 0
        assert filled.with_name("invo.db-wal").stat().st_size > 0
        filled.chmod(0o400)
        filled.parent.chmod(0o500)
        found = run("customer", "list", "-o", "json")
    assert (found.returncode, found.stderr) == (0, "")
    assert "Ravi" in {row["name"] for row in json.loads(found.stdout)}

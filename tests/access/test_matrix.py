"""Each role and each command: exit status 6 or success, from a table written by hand."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.access.setting import ROLES, paths, run, table

pytestmark = pytest.mark.contract

NOT_RUN = {
    "invo db revision": "writes a script into the checkout",
    "invo db roles": "is of PostgreSQL, where its own tests run it",
}
"""Commands that the table leaves out, and why; neither shows nor changes data of a business."""


def test_every_command_is_in_the_table() -> None:
    missing = set(paths()) - table().keys() - NOT_RUN.keys()
    assert missing == set(), "write into matrix.txt who may run them"


@pytest.mark.parametrize("path", table())
def test_a_command_is_for_the_roles_of_the_table(path: str, setting: Path, tmp_path: Path) -> None:
    allowed, words = table()[path]
    for letter, role in ROLES.items():
        if letter in allowed:
            folder = Path(shutil.copytree(setting / role, tmp_path / role))
            done = run(words, folder)
            assert done.exit_code == 0, f"{role}: {done.stderr}"
            shutil.rmtree(folder)
        else:
            done = run(words, setting / role)
            assert (done.exit_code, done.stdout) == (6, ""), f"{role}: {done.stderr}"

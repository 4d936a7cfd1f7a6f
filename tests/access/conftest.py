"""The shop that the tests of rights look at, made once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.access.setting import ROLES, make, rows


@pytest.fixture(scope="session")
def setting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for each person; after all refusals they are as they were, but for the trail."""
    top = tmp_path_factory.mktemp("setting")
    make(top)
    before = {role: rows(top / role) for role in ROLES.values()}
    yield top
    assert {role: rows(top / role) for role in ROLES.values()} == before

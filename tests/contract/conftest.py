"""The installed command over a migrated database with one business."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import GSTIN, Invo, Process


@pytest.fixture
def config(home: Path) -> Path:
    """Where the settings file lies; it is not there yet."""
    home.mkdir(mode=0o700, exist_ok=True)
    return home / "config.toml"


@pytest.fixture
def inside(shop: Process, invo: Invo) -> Process:
    """The same within this process, where a process of its own would tell nothing more."""

    def run(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
        done = invo(*arguments, **options)
        return subprocess.CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr)

    return run


@pytest.fixture
def shop(invo: Invo, process: Process) -> Process:
    """Run `invo` as a process in a service centre that has all its particulars."""
    address = ("--address", "12 MG Road", "--city", "Bengaluru", "--pincode", "560001")
    made = invo("business", "create", "--name", "Bengaluru Service Centre", "--gstin", GSTIN, *address)
    assert made.exit_code == 0, made.output
    return process

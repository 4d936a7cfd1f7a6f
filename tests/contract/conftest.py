"""The installed command over a migrated database with one business."""

from __future__ import annotations

import pytest

from tests.conftest import GSTIN, Invo, Process


@pytest.fixture
def shop(invo: Invo, process: Process) -> Process:
    """Run `invo` as a process in a service centre that has all its particulars."""
    address = ("--address", "12 MG Road", "--city", "Bengaluru", "--pincode", "560001")
    made = invo("business", "create", "--name", "Bengaluru Service Centre", "--gstin", GSTIN, *address)
    assert made.exit_code == 0, made.output
    return process

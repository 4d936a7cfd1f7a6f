"""Imports that are killed: the books have all of a file or nothing, and the next run completes."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from invo_cli.db.session import read
from invo_cli.models import Customer, ImportBatch, ImportRecord
from tests.conftest import Invo

pytestmark = [pytest.mark.integration, pytest.mark.performance]
ROWS = 4_000
KILLS = 10


def found() -> tuple[int, int, int]:
    tables = (Customer, ImportBatch, ImportRecord)
    first, *rest = read(
        lambda session: [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]
    )
    return first, rest[0], rest[1]


def test_a_killed_import_leaves_all_or_nothing(counter: Invo, tmp_path: Path) -> None:
    chance = random.Random(5)
    for kill in range(KILLS):
        before = found()
        path = tmp_path / f"{kill}.csv"
        path.write_text("code,name\n" + "".join(f"K{kill}-{row},Customer {row}\n" for row in range(ROWS)))
        command = [sys.executable, "-m", "invo_cli", "import", "customers", str(path), "-q"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
            time.sleep(chance.uniform(0.2, 2.5))
            running.send_signal(signal.SIGKILL)
        whole = (before[0] + ROWS, before[1] + 1, before[2] + ROWS)
        assert found() in (before, whole)
        assert counter("import", "customers", str(path), "-q").exit_code == 0
        assert found() == whole
    assert counter("audit", "verify").exit_code == 0

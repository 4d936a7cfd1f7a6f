"""Ctrl-C and TERM in the middle of a command: everything is rolled back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL

from invo_cli.db.engines import engine_for
from tests.conftest import Invo, Process
from tests.contract.running import ASHA, LINE, refusal

pytestmark = [pytest.mark.contract, pytest.mark.integration]

MANY = 75
"""Drafts: issuing them takes so long that somebody who looks sees some issued and others not."""
SIGNALS = [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]


@contextmanager
def locked(url: URL) -> Iterator[None]:
    """Hold the lock that every writer needs."""
    engine = engine_for(url.render_as_string(hide_password=False)).execution_options(invo_writes=True)
    with engine.connect() as connection:
        connection.execute(text("UPDATE books SET last_document_no = last_document_no"))
        yield
        connection.rollback()


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "invo_cli", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        # Whoever runs the tests under nohup ignores SIGHUP, and so would the child.
        preexec_fn=_hear_the_end_of_the_terminal,
    )


def _hear_the_end_of_the_terminal() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def ended(child: subprocess.Popen[str], number: int) -> subprocess.CompletedProcess[str]:
    """Send the signal and wait for the end; what waits for a lock to the end of its patience ends with exit code 7."""
    child.send_signal(number)
    stdout, stderr = child.communicate(timeout=60)
    return subprocess.CompletedProcess(child.args, child.returncode, stdout, stderr)


@pytest.mark.parametrize(("number", "status"), SIGNALS)
def test_a_write_that_waits_for_its_turn_is_given_up(
    shop: Process, invo: Invo, database_url: URL, number: int, status: int
) -> None:
    with locked(database_url):
        child = start("invoice", "create", *ASHA, "--line", LINE)
        time.sleep(2.5)
        assert child.poll() is None
        done = ended(child, number)
    refusal(done, status)
    assert invo("invoice", "list", "-o", "json").stdout == "[]\n"
    assert invo("audit", "list", "-o", "name").stdout.count("\n") == 1
    made = invo("invoice", "create", *ASHA, "--line", LINE, "-o", "name")
    assert made.stdout == "INV/26-27/0001\n"


@pytest.mark.parametrize(("number", "status"), SIGNALS[:2])
def test_a_command_that_waits_for_its_input_is_given_up(shop: Process, number: int, status: int) -> None:
    child = start("invoice", "create", "--file", "-")
    time.sleep(2)
    refusal(ended(child, number), status)


def test_many_drafts_are_issued_one_by_one_and_what_is_issued_stays(shop: Process, invo: Invo) -> None:
    for _ in range(MANY):
        invo("invoice", "create", *ASHA, "--line", LINE, "--draft")
    child = start("invoice", "issue", "--all-drafts")
    deadline = time.monotonic() + 30
    while invo("invoice", "list", "--status", "issued", "-o", "name").stdout == "":
        assert time.monotonic() < deadline
    refusal(ended(child, signal.SIGINT), 130, stdout=None)
    issued = invo("invoice", "list", "--status", "issued", "-o", "name", "--sort", "number").stdout.splitlines()
    assert issued == [f"INV/26-27/{serial:04}" for serial in range(1, len(issued) + 1)]
    assert invo("series", "audit").exit_code == 0
    assert invo("audit", "verify").exit_code == 0
    assert invo("invoice", "issue", "--all-drafts").exit_code == (0 if len(issued) < MANY else 2)

"""Standard streams that are closed, full, or broken off, and an environment without anything."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Invo, Process
from tests.contract.running import ASHA, LINE, json_refusal, refusal

pytestmark = pytest.mark.contract  # the shape of the command line, whatever the engine

ROOT = Path(__file__).parents[2]
COMMAND = shlex.join([sys.executable, "-m", "invo_cli"])


def shell(script: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `invo` in a shell script; $INVO is the command."""
    return subprocess.run(
        ["bash", "-c", script],
        env=os.environ | {"INVO": COMMAND} | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    "command",
    ["invoice list", "invoice list -o json", "--version", "--help", "invoice --help", "business list -o name"],
)
@pytest.mark.parametrize("stdout", [">&-", ">/dev/full"])
def test_a_closed_or_full_stdout_is_never_success(shop: Process, invo: Invo, command: str, stdout: str) -> None:
    invo("invoice", "create", *ASHA, "--line", LINE)
    done = shell(f"$INVO {command} {stdout}")
    if "json" in command:
        assert "cannot be written" in json_refusal(done, 7)["message"]
    else:
        assert "cannot be written" in refusal(done, 7)


def test_what_is_stored_but_cannot_be_shown_is_not_to_be_run_again(shop: Process, invo: Invo) -> None:
    done = shell(f"$INVO invoice create {shlex.join(ASHA)} --line {LINE!r} >/dev/full")
    assert "is done" in refusal(done, 1)
    assert "Do not run it again" in done.stderr
    assert invo("invoice", "list", "-o", "name").stdout == "INV/26-27/0001\n"


def test_a_closed_stdout_is_refused_before_anything_is_done(shop: Process, invo: Invo) -> None:
    refusal(shell(f"$INVO invoice create {shlex.join(ASHA)} --line {LINE!r} >&-"), 7)
    assert invo("invoice", "list", "-o", "name").stdout == ""


def test_closed_stderr_and_stdin_harm_nothing(shop: Process) -> None:
    done = shell("$INVO business list -o name 2>&- <&-; $INVO invoice show D-9 2>&-; echo $?")
    assert (done.stdout, done.stderr) == ("29AAGCB7383J1Z4\n4\n", "")


@pytest.mark.parametrize("output", ["plain", "table", "json", "jsonl", "csv", "name"])
def test_a_reader_that_leaves_early_is_no_error(shop: Process, output: str, invo: Invo) -> None:
    invo("invoice", "create", *ASHA, *(("--line", LINE) * 200), "--draft")
    done = shell(f"set -o pipefail; $INVO invoice show D-1 -o {output} | head -1; echo ${{PIPESTATUS[0]}}")
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 2


def test_a_reader_that_takes_nothing_is_no_error(shop: Process, invo: Invo) -> None:
    invo("invoice", "create", *ASHA, *(("--line", LINE) * 200), "--draft")
    done = shell("$INVO invoice show D-1 -o json | true; $INVO --help | true; $INVO business list | true")
    assert done.stderr == ""


@pytest.mark.parametrize("locale", ["C", "POSIX", "en_IN.ISO-8859-1"])
def test_output_is_utf_8_whatever_the_locale(shop: Process, invo: Invo, locale: str) -> None:
    invo("invoice", "create", "--customer", "आशा ट्रेडर्स ₹", "--state", "29", "--line", LINE)
    script = f"LANG={locale} LC_ALL={locale} PYTHONIOENCODING=latin-1 $INVO invoice list --fields customer_name"
    done = shell(f"env {script}")
    assert done.stdout == "आशा ट्रेडर्स ₹\n"
    assert done.stderr == ""


@pytest.mark.parametrize("locale", ["C", "en_US.UTF-8"])
def test_arguments_are_utf_8_whatever_the_locale(shop: Process, invo: Invo, locale: str) -> None:
    done = shell(f"$INVO invoice create --customer आशा --state 29 --line {LINE!r} -o name", LC_ALL=locale)
    assert (done.stdout, done.returncode) == ("INV/26-27/0001\n", 0), done.stderr
    assert invo("invoice", "list", "--fields", "customer_name").stdout == "आशा\n"


def test_it_works_from_cron_with_an_empty_environment(shop: Process) -> None:
    kept = 'INVO_DATABASE_URL="$INVO_DATABASE_URL" INVO_HOME="$INVO_HOME"'
    done = shell(f"cd {ROOT} && env -i {kept} $INVO invoice create {shlex.join(ASHA)} --line {LINE!r} -o name")
    assert (done.stdout, done.returncode) == ("INV/26-27/0001\n", 0), done.stderr


def test_it_works_for_a_user_without_a_name(shop: Process, invo: Invo, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 54321)
    assert invo("invoice", "create", *ASHA, "--line", LINE).exit_code == 0
    assert "uid 54321" in invo("audit", "list", "-o", "json").stdout


def test_a_terminal_or_nothing_on_stdin_is_not_waited_for(shop: Process) -> None:
    refusal(shell("$INVO invoice create --file - <&-"), 2)
    refusal(shell("$INVO invoice create --file - </dev/null"), 3)


@pytest.mark.parametrize("path", ["folder", "secret.json"])
def test_a_file_that_cannot_be_read_is_a_refusal(shop: Process, tmp_path: Path, path: str) -> None:
    (tmp_path / "folder").mkdir()
    refusal(shop("invoice", "create", "--file", str(tmp_path / path)), 3 if path == "folder" else 4)


def test_an_unknown_field_is_refused_before_anything_is_done(shop: Process, invo: Invo) -> None:
    refusal(shell(f"$INVO invoice create {shlex.join(ASHA)} --line {LINE!r} --fields nosuch"), 3)
    assert invo("invoice", "list", "-o", "name").stdout == ""

"""The completion noun, with the real shells where they are installed."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from invo_cli.cli import NOUNS, app

pytestmark = pytest.mark.contract


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program `invo` on PATH."""
    program = tmp_path / "bin" / "invo"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m invo_cli "$@"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    return program


def script(shell: str) -> str:
    done = CliRunner().invoke(app, ["completion", shell])
    assert (done.exit_code, done.stderr) == (0, "")
    return done.stdout


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (("invo", "inv"), ["invoice"]),
        (("invo", ""), list(NOUNS)),
        (("invo", "db", "up"), ["upgrade"]),
        (("invo", "invoice", "cre"), ["create"]),
        (("invo", "gstin", "check", "--"), ["--help"]),
    ],
)
def test_bash_completes_what_was_typed(command: Path, typed: tuple[str, ...], offered: list[str]) -> None:
    words = " ".join(f"'{word}'" for word in typed)
    program = (
        f"{script('bash')}\n"
        f"COMP_WORDS=({words}); COMP_CWORD={len(typed) - 1}; _invo_completion invo\n"
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(["bash", "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert set(offered) <= set(done.stdout.split())
    assert typed[-1] == "" or all(word.startswith(typed[-1]) for word in done.stdout.split())


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_is_one_that_the_shell_can_read(shell: str, tmp_path: Path) -> None:
    text = script(shell)
    assert "_INVO_COMPLETE=complete_" + shell in text
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    (tmp_path / "script").write_text(text)
    assert subprocess.run([shell, "-n", str(tmp_path / "script")], check=False).returncode == 0


def test_another_shell_is_refused() -> None:
    refused = CliRunner().invoke(app, ["completion", "cmd"])
    assert (refused.exit_code, refused.stdout) == (3, "")
    assert "bash, zsh, fish" in refused.stderr

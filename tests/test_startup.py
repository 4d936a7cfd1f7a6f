"""Help, version and completion answer before anything heavy is loaded."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from invo_cli import __version__

TOP = Path(__file__).resolve().parents[1]
HEAVY = {"alembic", "bcrypt", "jinja2", "psycopg", "pydantic_settings", "sqlalchemy"}
ANSWERS = [("--help",), ("--version",), ("completion", "bash"), ("invoice", "--help"), ("invoice", "create", "--help")]
LOAD_EVERY_NOUN = "from invo_cli.cli import NOUNS, load\nfor noun in NOUNS: load(noun)"


def python(home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python with an import log on stderr."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("INVO_", "_INVO_", "COV_"))}
    return subprocess.run(
        [sys.executable, "-X", "importtime", *arguments],
        cwd=home,
        env=clean | {"INVO_HOME": str(home), "PYTHONPATH": str(TOP)} | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def said(done: subprocess.CompletedProcess[str]) -> str:
    """Its stderr without the import log."""
    return "\n".join(line for line in done.stderr.splitlines() if not line.startswith("import time:"))


def loaded(done: subprocess.CompletedProcess[str]) -> set[str]:
    """The top-level packages that a run imported."""
    lines = (line for line in done.stderr.splitlines() if line.startswith("import time:"))
    return {line.rsplit("|", 1)[1].strip().partition(".")[0] for line in lines}


@pytest.mark.contract
@pytest.mark.parametrize("arguments", ANSWERS)
def test_it_answers_without_the_heavy_libraries(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = python(tmp_path, "-m", "invo_cli", *arguments)
    assert done.returncode == 0, said(done)
    assert done.stdout.strip()
    assert not loaded(done) & HEAVY


@pytest.mark.contract
def test_the_version_is_known_before_anything_is_loaded(tmp_path: Path) -> None:
    at_once, with_options = (
        python(tmp_path, "-m", "invo_cli", *words) for words in (["--version"], ["-q", "--version"])
    )
    assert at_once.stdout == with_options.stdout == f"invo {__version__}\n"
    assert not loaded(at_once) & {"typer", "rich"}
    assert "typer" in loaded(with_options)


@pytest.mark.contract
def test_tab_completion_answers_without_the_heavy_libraries(tmp_path: Path) -> None:
    # What the script printed by `invo completion bash` runs at each press of the key.
    words = {"_INVO_COMPLETE": "complete_bash", "COMP_WORDS": "invo inv", "COMP_CWORD": "1"}
    done = python(tmp_path, "-m", "invo_cli", **words)
    assert "invoice" in done.stdout.split(), said(done)
    assert not loaded(done) & HEAVY


def test_no_command_module_loads_a_heavy_library_by_being_there(tmp_path: Path) -> None:
    done = python(tmp_path, "-c", LOAD_EVERY_NOUN)
    assert done.returncode == 0, said(done)
    assert not loaded(done) & HEAVY


def test_the_import_log_tells_a_heavy_library(tmp_path: Path) -> None:
    assert loaded(python(tmp_path, "-c", "import sqlalchemy.orm")) & HEAVY == {"sqlalchemy"}

"""What `pip install` of the built wheel gives: the whole program, with its migrations, in an empty folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterator
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[1]
RELEASED = ("INVO_", "DATABASE_URL", "DB_URL", "TEST_DB_URL", "PYTHONPATH")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(TOP)]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def files_of(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def metadata_of(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return Parser().parsestr(archive.read(name).decode())


def sources(folder: str) -> Iterator[Path]:
    return (path.relative_to(TOP / folder) for path in (TOP / folder).rglob("*.py"))


@pytest.mark.contract
def test_the_wheel_holds_every_module_and_every_migration(wheel: Path) -> None:
    modules = {f"invo_cli/{path}" for path in sources("invo_cli")}
    migrations = {f"invo_cli/_migrations/{path}" for path in sources("migrations")}
    assert any("/versions/" in name for name in migrations)
    assert {name for name in files_of(wheel) if name.endswith(".py")} == modules | migrations
    data = ("script.py.mako", "checksums", "allowances.toml", "schema.sqlite.snapshot", "schema.postgresql.snapshot")
    assert {f"invo_cli/_migrations/{name}" for name in data} <= files_of(wheel)


@pytest.mark.contract
def test_the_wheel_offers_its_extras(wheel: Path) -> None:
    metadata = metadata_of(wheel)
    assert metadata.get_all("Provides-Extra") == ["crypto", "parquet", "pdf"]
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["License-Expression"] == "MIT AND OFL-1.1"


@pytest.fixture
def installed(wheel: Path, tmp_path: Path) -> Path:
    """`invo` of an environment that has the wheel, and the dependencies of this one."""
    environment = tmp_path / "venv"
    venv.create(environment, symlinks=True)
    pip = [sys.executable, "-m", "pip", "--python", str(environment / "bin" / "python"), "install", "--quiet"]
    subprocess.run([*pip, "--no-deps", "--no-index", str(wheel)], check=True)
    (packages,) = environment.glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return environment / "bin" / "invo"


@pytest.mark.contract
@pytest.mark.performance
def test_the_wheel_issues_an_invoice_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(RELEASED)}
    environment["INVO_HOME"] = str(tmp_path / "home")

    def invo(*arguments: str) -> str:
        done = subprocess.run(
            [installed, *arguments], cwd=empty, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    invo("init", "--name", "X", "--state", "29", "--no-input")
    invo("db", "upgrade")
    line = ("--line", "Repair:1:100:998716:18")
    document = json.loads(invo("invoice", "create", "--customer", "Asha", "--state", "29", *line, "-o", "json"))
    assert document["number"].endswith("/0001")
    assert document["lines"][0]["taxable_value"] == "100.00"
    invo("db", "check")
    invo("db", "downgrade", "20261123_0003", "--yes")
    invo("db", "upgrade")
    assert json.loads(invo("invoice", "list", "-o", "json"))[0]["number"] == document["number"]
    assert list(empty.iterdir()) == []

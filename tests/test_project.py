"""The shell of the project: what a stranger runs first agrees with what the program reads."""

from __future__ import annotations

import configparser
import re
import subprocess
import tomllib
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import yaml

from invo_cli.settings import Settings

TOP = Path(__file__).resolve().parents[1]
TARGETS = {
    *("demo", "test", "test-normal", "contract", "integration", "unit", "test-all", "test-postgres", "cov-html"),
    *("migrate", "revision", "stamp", "lint", "bench", "clean", "help"),
}
# Read by the program or by its tests without being a setting of their own.
OTHER_VARIABLES = {"INVO_HOME", "INVO_NOW", "FAST_TESTS", "TEST_DB_URL"}
# Where packages come from and how this came about is no part of the product.
UNWANTED = re.compile(
    "|".join(
        "".join(parts)
        for parts in (
            ("pypi", r"\.org"),
            ("python", r"hosted\.org"),
            ("registry", r"\.npmjs"),
            ("deb", r"\.debian\.org"),
            ("/", "work/"),
            ("shared", "/"),
            ("--index", "-url "),
        )
    )
)


def text(name: str) -> str:
    return (TOP / name).read_text(encoding="utf-8")


def tracked_files() -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=TOP, capture_output=True, text=True, check=False)
    if listing.returncode:
        pytest.skip("not a git checkout")
    return [TOP / name for name in listing.stdout.split("\0") if name and (TOP / name).is_file()]


def project() -> dict[str, Any]:
    return tomllib.loads(text("pyproject.toml"))


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(text("docker-compose.yml"))
    return loaded


def locked(name: str) -> dict[str, str]:
    """Requirement, without its extras -> its block of a lock file."""
    blocks = re.split(r"\n(?=[a-z])", text(name).strip())
    return {re.sub(r"\[.*\]", "", block.split(" ")[0]): block for block in blocks}


def example_variables() -> set[str]:
    return set(re.findall(r"^(?:# )?([A-Z][A-Z0-9_]+)=", text(".env.example"), re.MULTILINE))


def setting_variables() -> set[str]:
    found = set()
    for name, definition in Settings.model_fields.items():
        alias = definition.validation_alias
        choices = getattr(alias, "choices", None) or [alias or f"INVO_{name.upper()}"]
        found |= {str(choice) for choice in choices}
    return found - {"INVO_PROTECTED"}  # a profile protects itself; the environment cannot


def test_every_make_target_stands_on_a_line_of_its_own() -> None:
    documented = set(re.findall(r"^([a-z-]+):.*##", text("Makefile"), re.MULTILINE))
    assert documented >= TARGETS
    listed = subprocess.run(["make", "--no-print-directory"], cwd=TOP, capture_output=True, text=True, check=True)
    assert set(re.findall(r"^make ([a-z-]+)", listed.stdout, re.MULTILINE)) == documented


def test_the_tests_run_by_make_leave_long_runs_to_test_all() -> None:
    def commands(target: str) -> str:
        arguments = ["make", "-n", "--no-print-directory", target]
        return subprocess.run(arguments, cwd=TOP, capture_output=True, text=True, check=True).stdout

    assert "FAST_TESTS=1 BCRYPT_ROUNDS=4" in commands("test")
    assert "not performance" in commands("test")
    assert "performance" not in commands("test-all")
    assert "FAST_TESTS" not in commands("test-normal")
    assert "tests.harness.postgres -- " in commands("test-postgres")


def test_ci_runs_the_tests_on_both_engines_and_the_lint() -> None:
    assert re.findall(r"^make (.+)$", text(".ci/run"), re.MULTILINE) == ["test", "test-postgres", "lint"]
    assert (TOP / ".ci" / "run").stat().st_mode & 0o111


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_locked_requirement_has_one_version_and_its_hashes(name: str) -> None:
    for requirement, block in locked(name).items():
        assert re.fullmatch(r"[a-z0-9-]+==[^=]+", requirement), requirement
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", block), requirement


def test_the_lock_files_agree_and_hold_what_the_project_asks_for() -> None:
    assert locked("requirements.txt").keys() <= locked("requirements-dev.txt").keys()
    extras = project()["project"]["optional-dependencies"].values()
    asked = [*project()["project"]["dependencies"], *chain.from_iterable(extras)]
    tools = [*project()["dependency-groups"]["dev"], *project()["build-system"]["requires"]]
    for name, wanted in (("requirements.txt", asked), ("requirements-dev.txt", asked + tools)):
        have = {requirement.partition("==")[0] for requirement in locked(name)}
        assert {re.split(r"[\[=<>]", one)[0] for one in wanted} <= have


def test_the_project_needs_python_3_11_and_no_more() -> None:
    assert project()["project"]["requires-python"] == ">=3.11"
    assert project()["tool"]["mypy"]["python_version"] == "3.11"
    assert project()["tool"]["ruff"]["target-version"] == "py311"


def test_the_example_environment_names_every_setting_and_nothing_else() -> None:
    database = {"GST_DB_PASSWORD"}
    assert example_variables() == setting_variables() | OTHER_VARIABLES | database


def test_the_database_service_is_the_documented_one() -> None:
    database = compose()["services"]["database"]
    assert database["image"] == "postgres:17"
    assert database["environment"] == {
        "POSTGRES_DB": "gst_service_center",
        "POSTGRES_USER": "gst_user",
        "POSTGRES_PASSWORD": "${GST_DB_PASSWORD:-gst_password}",
    }
    assert database["ports"] == ["127.0.0.1:5432:5432"]
    assert database["healthcheck"]["test"][1] == "pg_isready"
    volume = database["volumes"][0].partition(":")[0]
    assert volume in compose()["volumes"]
    assert "GST_DB_PASSWORD=gst_password" in text(".env.example")


def test_the_invo_service_knows_only_variables_that_the_program_reads() -> None:
    service = compose()["services"]["invo"]
    assert service["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert set(service["environment"]) <= setting_variables() | OTHER_VARIABLES | {"PGPASSWORD"}
    assert "gst_user@database:5432/gst_service_center" in service["environment"]["INVO_DATABASE_URL"]
    assert any(volume.endswith(":/var/lib/invo") for volume in service["volumes"])
    assert "INVO_HOME=/var/lib/invo" in text("Dockerfile")


def test_compose_takes_nothing_from_the_environment_that_the_example_leaves_out() -> None:
    assert set(re.findall(r"\$\{([A-Z_]+)", text("docker-compose.yml"))) <= example_variables()


def test_the_image_runs_as_an_ordinary_user_from_hashed_packages() -> None:
    dockerfile = text("Dockerfile")
    assert re.search(r"^USER invo$", dockerfile, re.MULTILINE)
    for line in re.findall(r"^RUN pip install .*$", dockerfile, re.MULTILINE):
        assert "--require-hashes" in line or "--no-index" in line


def test_the_image_waits_and_upgrades_before_its_command(tmp_path: Path) -> None:
    entrypoint = re.search(r"^ENTRYPOINT (\[.+\])$", text("Dockerfile"), re.MULTILINE)
    assert entrypoint
    program = tmp_path / "invo"
    program.write_text('#!/bin/sh\necho "$# $*"\n')
    program.chmod(0o755)
    done = subprocess.run(
        [*yaml.safe_load(entrypoint.group(1)), "customer", "show", "Asha Traders"],
        env={"PATH": f"{tmp_path}:/bin:/usr/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "3 customer show Asha Traders\n"
    assert done.stderr == "2 db wait\n2 db upgrade\n"


def test_plain_alembic_finds_the_migrations_and_no_database_url() -> None:
    parser = configparser.RawConfigParser()
    parser.read_string(text("alembic.ini"))
    section = parser["alembic"]
    assert section["script_location"] == "%(here)s/migrations"
    assert section["file_template"] == "%%(rev)s_%%(slug)s"
    assert "sqlalchemy.url" not in section


def test_no_file_tells_where_packages_come_from_or_where_it_was_written() -> None:
    found = []
    for path in tracked_files():
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        found += [
            f"{path.relative_to(TOP)}:{number}: {match.group()}"
            for number, line in enumerate(lines, 1)
            if (match := UNWANTED.search(line))
        ]
    assert not found, "\n" + "\n".join(found)


def test_every_change_note_starts_with_the_unreleased_ones() -> None:
    headings = re.findall(r"^## (.+)$", text("CHANGELOG.md"), re.MULTILINE)
    assert headings[0] == "Unreleased"

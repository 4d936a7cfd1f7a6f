"""Where a setting comes from: flag, environment, profile, config.toml, default."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from tests.conftest import Invo, Process
from tests.contract.running import ASHA, LINE, json_refusal, refusal, result

pytestmark = pytest.mark.contract  # the shape of the command line, whatever the engine

CODES = ("FROM-FILE", "FROM-PROFILE", "FROM-ENV", "FROM-FLAG")
PROFILE = '[profiles.night]\nbusiness = "FROM-PROFILE"\noutput = "json"\n'


@pytest.fixture
def four(invo: Invo, config: Path, process: Process) -> Process:
    """Four businesses, one named by each source."""
    for code in CODES:
        assert invo("business", "create", "--name", code, "--state", "29", "--code", code).exit_code == 0
    config.write_text('business = "FROM-FILE"\noutput = "jsonl"\n' + PROFILE)
    return process


def business_of(run: Process, *arguments: str) -> str:
    document = run("invoice", "create", *ASHA, "--line", LINE, "--dry-run", *arguments)
    return str(json.loads(result(document))["business"])


def test_the_stronger_source_wins(four: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    assert business_of(four) == "FROM-FILE"
    assert business_of(four, "--profile", "night") == "FROM-PROFILE"
    monkeypatch.setenv("INVO_BUSINESS", "FROM-ENV")
    assert business_of(four, "--profile", "night") == "FROM-ENV"
    assert business_of(four, "--profile", "night", "--business", "FROM-FLAG") == "FROM-FLAG"


def test_a_profile_is_chosen_by_the_environment_too(four: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_PROFILE", "night")
    said = result(four("business", "show", "FROM-FILE"))
    assert said.startswith("{\n")
    monkeypatch.setenv("INVO_OUTPUT", "name")
    assert result(four("business", "show", "FROM-FILE")) == "FROM-FILE\n"
    assert result(four("business", "show", "FROM-FILE", "-o", "csv")).startswith("code,")


def test_an_empty_variable_is_not_set(four: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_BUSINESS", "")
    monkeypatch.setenv("INVO_OUTPUT", "")
    assert business_of(four) == "FROM-FILE"


def test_the_database_is_named_by_three_variables_in_order(
    invo: Invo, process: Process, database_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = database_url.render_as_string(hide_password=False)
    bad = "sqlite:////nowhere/none.db"
    monkeypatch.delenv("INVO_DATABASE_URL")
    monkeypatch.setenv("DB_URL", good)
    assert result(process("business", "list", "-o", "json")) == "[]\n"
    monkeypatch.setenv("DATABASE_URL", bad)
    refusal(process("business", "list"), 8)
    monkeypatch.setenv("INVO_DATABASE_URL", good)
    assert result(process("business", "list", "-o", "json")) == "[]\n"


@pytest.mark.parametrize(
    "text",
    ["business = ", "colour = 'red'", "output = 'yaml'", "no_input = 'perhaps'", "\xff", "profiles = 3", "profile = 3",
     "[profiles]\nnight = 4\n", "business = ['a']", "database_url = 'mysql://x'"],
    ids=repr,
)  # fmt: skip
def test_a_wrong_settings_file_is_a_refusal(
    process: Process, invo: Invo, config: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("INVO_DATABASE_URL")
    config.write_bytes(text.encode("latin-1"))
    refused = invo("business", "list")
    assert (refused.exit_code in (2, 3, 4), refused.stdout) == (True, ""), refused.stderr
    assert refused.stderr.startswith("error: ")
    assert "bug" not in refused.stderr


def test_a_settings_file_that_cannot_be_read_is_a_refusal(process: Process, config: Path) -> None:
    config.mkdir()
    assert "config.toml" in refusal(process("business", "list"), 3)


def test_a_home_that_is_a_file_is_a_refusal(process: Process, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("INVO_HOME", str(tmp_path / "file"))
    monkeypatch.delenv("INVO_DATABASE_URL")
    done = process("business", "list")
    refusal(done, done.returncode)
    assert done.returncode in (3, 8)


@pytest.mark.parametrize(
    ("name", "value"), [("INVO_OUTPUT", "yaml"), ("INVO_YES", "perhaps"), ("BCRYPT_ROUNDS", "40"), ("INVO_LOG", "xml")]
)
def test_a_variable_that_cannot_be_read_is_invalid(
    inside: Process, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    refusal(inside("business", "list"), 3)


def test_no_secret_is_shown_by_a_refusal(inside: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    for url in (
        "postgresql://invo:sesame@127.0.0.1:1/x",
        "postgresql://invo:sesame@host:port/x",
        "mysql://invo:sesame@host/x",
        "postgresql://invo@127.0.0.1:1/x?password=sesame",
        "postgresql://invo:sesame@127.0.0.1:1/x?colour=red",
    ):
        monkeypatch.setenv("INVO_DATABASE_URL", url)
        for options in ((), ("-v",), ("-o", "json")):
            done = inside(*options, "business", "list")
            assert done.returncode in (3, 7)
            assert "sesame" not in done.stdout + done.stderr


def test_json_errors_of_settings(shop: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    assert json_refusal(shop("--profile", "night", "business", "list", "-o", "json"), 4)["code"] == "not_found"

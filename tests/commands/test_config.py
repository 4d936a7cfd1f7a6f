"""The config noun."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from invo_cli.cli import app
from invo_cli.settings import Settings

pytestmark = pytest.mark.unit
CANARY = "c4nary"


@pytest.fixture(autouse=True)
def no_database(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings are listed without one."""
    monkeypatch.setenv("DB_URL", f"postgres://asha:{CANARY}@127.0.0.1:1/books?sslpassword={CANARY}")


def invo(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def settings(*arguments: str) -> dict[str, dict[str, Any]]:
    done = invo("config", "list", "-o", "json", *arguments)
    assert done.exit_code == 0, done.stderr
    return {row["key"]: row for row in json.loads(done.stdout)}


def write(home: Path, text: str) -> None:
    home.mkdir(exist_ok=True)
    (home / "config.toml").write_text(text)


def test_every_setting_is_listed_in_order() -> None:
    keys = list(settings())
    assert keys == sorted(keys)
    assert set(keys) == {*Settings.model_fields, "home", "now"}


def test_where_a_value_comes_from_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(home, 'business = "FILE"\nlog = "json"\nactor = "counter-1"\n[profiles.office]\nactor = "office-1"\n')
    monkeypatch.setenv("INVO_BUSINESS", "ENVIRONMENT")
    found = settings("--profile", "office", "--business", "FLAG")
    origins = {key: (row["value"], row["origin"]) for key, row in found.items()}
    assert origins["business"] == ("FLAG", "flag")
    assert origins["actor"] == ("office-1", "profile office")
    assert origins["log"] == ("json", "config.toml")
    assert origins["database_url"][1] == origins["home"][1] == "environment"
    assert origins["bcrypt_rounds"] == (4, "environment")
    assert origins["yes"] == (False, "default")
    assert settings()["business"]["value"] == "ENVIRONMENT"


def test_the_origin_is_a_column_when_asked_for() -> None:
    assert {len(line.split("\t")) for line in invo("config", "list").stdout.splitlines()} == {2}
    assert {len(line.split("\t")) for line in invo("config", "list", "--origin").stdout.splitlines()} == {3}


@pytest.mark.parametrize("output", ["table", "plain", "json", "jsonl", "csv", "tsv"])
def test_secrets_are_never_shown(output: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_TOKEN", CANARY)
    write(home, f'replica_url = "postgresql://a:{CANARY}@h1:1,h2:2/x"\n')
    done = invo("config", "list", "--origin", "-o", output)
    assert done.exit_code == 0
    assert CANARY not in done.stdout + done.stderr
    assert "***" in done.stdout


def test_secrets_and_urls_stay_recognisable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_TOKEN", CANARY)
    found = settings()
    assert found["token"]["value"] == "***"
    assert found["database_url"]["value"] == "postgresql://asha:***@127.0.0.1:1/books?sslpassword=***"


def test_the_path_is_printed_alone(home: Path) -> None:
    assert invo("config", "path").stdout == f"{home / 'config.toml'}\n"
    assert json.loads(invo("config", "path", "-o", "json").stdout)[0]["exists"] is False


def test_an_unknown_profile_is_not_found(home: Path) -> None:
    write(home, "[profiles.office]\n")
    refused = invo("config", "list", "--profile", "offce")
    assert (refused.exit_code, refused.stdout) == (4, "")
    assert "office" in refused.stderr


def test_a_file_that_is_not_toml_is_invalid(home: Path) -> None:
    write(home, "business = \n")
    refused = invo("config", "list")
    assert (refused.exit_code, refused.stdout) == (3, "")

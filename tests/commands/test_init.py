"""The first run."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pexpect
import pytest
from sqlalchemy.engine import URL
from typer.testing import CliRunner, Result

from invo_cli.cli import app
from tests.conftest import GSTIN, ON_POSTGRESQL, Invo
from tests.db import schema_facts as facts

pytestmark = pytest.mark.integration
sqlite_only = pytest.mark.skipif(ON_POSTGRESQL, reason="about SQLite files")
PASSWORD = "correct horse"


@pytest.fixture
def fresh(empty_url: URL, monkeypatch: pytest.MonkeyPatch) -> Invo:
    """The command on a machine where nothing was set up."""
    monkeypatch.setenv("INVO_DATABASE_URL", empty_url.render_as_string(hide_password=False))

    def run(*arguments: str, **options: Any) -> Result:
        return CliRunner().invoke(app, list(arguments), **options)

    return run


def test_it_makes_the_database_and_the_business(fresh: Invo) -> None:
    address = ("--address", "12 MG Road", "--city", "Bengaluru", "--pincode", "560001")
    done = fresh("init", "--name", "Centre", "--gstin", GSTIN.lower(), *address, "-o", "json")
    assert done.exit_code == 0, done.stderr
    made = json.loads(done.stdout)
    assert (made["code"], made["name"], made["gstin"], made["state"]) == (GSTIN, "Centre", GSTIN, "29")
    assert made["address"] == {"line1": "12 MG Road", "line2": None, "city": "Bengaluru", "pincode": "560001"}
    assert json.loads(fresh("business", "list", "-o", "json").stdout) == [made]
    patterns = {row["kind"]: row["pattern"] for row in json.loads(fresh("series", "list", "-o", "json").stdout)}
    assert patterns["tax_invoice"] == "INV/{fy}/{seq:04}"
    assert patterns["bill_of_supply"] == "BOS/{fy}/{seq:04}"


@sqlite_only
def test_the_folder_and_the_file_belong_to_the_owner_alone(home: Path) -> None:
    done = CliRunner().invoke(app, ["init", "--name", "Centre", "--state", "29"])
    assert done.exit_code == 0, done.stderr
    assert (home.stat().st_mode & 0o777, (home / "invo.db").stat().st_mode & 0o777) == (0o700, 0o600)


def test_it_works_on_a_database_that_is_migrated_already(invo: Invo) -> None:
    assert invo("init", "--name", "Centre", "--gstin", GSTIN, "-o", "name").stdout == f"{GSTIN}\n"


def test_the_same_gstin_again_is_nothing_to_do(fresh: Invo, empty_url: URL) -> None:
    first = fresh("init", "--name", "Centre", "--gstin", GSTIN, "-o", "json")
    before = facts.rows(empty_url)
    again = fresh("init", "--name", "Another name", "--gstin", GSTIN, "--no-input", "-o", "json")
    assert (again.exit_code, again.stdout) == (0, first.stdout)
    assert "Nothing to do" in again.stderr
    assert facts.rows(empty_url) == before


def test_the_same_state_and_name_again_is_nothing_to_do(fresh: Invo, empty_url: URL) -> None:
    assert fresh("init", "--name", "Corner Repairs", "--state", "29").exit_code == 0
    before = facts.rows(empty_url)
    assert fresh("init", "--name", "corner repairs", "--state", "29").exit_code == 0
    assert facts.rows(empty_url) == before


@pytest.mark.parametrize(
    "other",
    [
        ("--name", "Centre", "--gstin", "27AAPFU0939F1ZV"),
        ("--name", "Other", "--state", "29"),
        ("--name", "Centre", "--state", "27"),
    ],
)
def test_another_business_is_refused(fresh: Invo, other: tuple[str, ...]) -> None:
    fresh("init", "--name", "Centre", "--gstin", GSTIN)
    refused = fresh("init", *other)
    assert (refused.exit_code, refused.stdout) == (5, "")
    assert refused.stderr.splitlines()[1] == "hint: Add another with: invo business create"


def test_a_series_pattern_is_that_of_tax_invoices(fresh: Invo) -> None:
    fresh("init", "--name", "Centre", "--gstin", GSTIN, "--series", "KA/{fy}/{seq:04}")
    patterns = {row["kind"]: row["pattern"] for row in json.loads(fresh("series", "list", "-o", "json").stdout)}
    assert (patterns["tax_invoice"], patterns["credit_note"]) == ("KA/{fy}/{seq:04}", "CN/{fy}/{seq:04}")


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ((), 2),
        (("--name", "Centre"), 2),
        (("--gstin", GSTIN), 2),
        (("--name", "Centre", "--gstin", "29AAGCB7383J1Z5"), 3),
        (("--name", "Centre", "--gstin", GSTIN, "--state", "27"), 3),
        (("--name", "Centre", "--state", "29", "--series", "BENGALURU/{fy}/{seq}"), 3),
        (("--name", "Centre", "--state", "29", "--pincode", "5600"), 3),
        (("--name", "Centre", "--state", "29", "--admin", "asha"), 2),
    ],
)
def test_what_is_wrong_or_missing_is_told_before_a_database_is_made(
    fresh: Invo, empty_url: URL, arguments: tuple[str, ...], status: int
) -> None:
    refused = fresh("init", *arguments, "--no-input")
    assert (refused.exit_code, refused.stdout) == (status, "")
    assert len(refused.stderr.splitlines()) == 2
    assert facts.tables(empty_url) == set() if ON_POSTGRESQL else not Path(str(empty_url.database)).exists()


def test_a_dry_run_makes_nothing(fresh: Invo, empty_url: URL) -> None:
    planned = fresh("init", "--name", "Centre", "--gstin", GSTIN, "--dry-run", "-o", "json")
    assert json.loads(planned.stdout)["dry_run"] is True
    assert facts.tables(empty_url) == set() if ON_POSTGRESQL else not Path(str(empty_url.database)).exists()


def test_a_dry_run_on_a_migrated_database_makes_nothing(invo: Invo) -> None:
    planned = json.loads(invo("init", "--name", "Centre", "--gstin", GSTIN, "--dry-run", "-o", "json").stdout)
    assert (planned["code"], planned["dry_run"]) == (GSTIN, True)
    assert json.loads(invo("business", "list", "-o", "json").stdout) == []


def test_the_first_user_is_an_admin(fresh: Invo) -> None:
    arguments = ("init", "--name", "Centre", "--gstin", GSTIN, "--admin", "Asha", "--password-stdin")
    assert fresh(*arguments, input=f"{PASSWORD}\n").exit_code == 0
    assert fresh(*arguments, input=f"{PASSWORD}\n").exit_code == 0
    other = fresh("init", "--name", "Centre", "--gstin", GSTIN, "--admin", "ravi", "--password-stdin", input=PASSWORD)
    assert (other.exit_code, other.stdout) == (5, "")
    fresh("auth", "login", "asha", "--password-stdin", input=PASSWORD)
    assert fresh("user", "list").stdout == "Asha\tadmin\t[]\tfalse\n"
    assert fresh(*arguments, input=f"{PASSWORD}\n").exit_code == 0


def test_once_there_are_users_it_shows_nothing_of_the_business_but_its_code(fresh: Invo) -> None:
    arguments = ("init", "--name", "Centre", "--gstin", GSTIN)
    fresh(*arguments, "--admin", "Asha", "--password-stdin", input=PASSWORD)
    assert json.loads(fresh(*arguments, "-o", "json").stdout) == {"code": GSTIN}
    assert fresh("init", "--name", "Other", "--state", "27").exit_code == 6


def test_a_first_user_can_be_added_by_a_second_run(fresh: Invo) -> None:
    fresh("init", "--name", "Centre", "--gstin", GSTIN)
    arguments = ("--admin", "asha", "--password-stdin")
    assert fresh("init", "--name", "Centre", "--gstin", GSTIN, *arguments, input=PASSWORD).exit_code == 0
    fresh("auth", "login", "asha", "--password-stdin", input=PASSWORD)
    assert fresh("user", "list", "-o", "name").stdout == "asha\n"


@sqlite_only
def test_on_a_terminal_it_asks_until_the_answers_can_be_read(home: Path) -> None:
    arguments = ["-m", "invo_cli", "init", "--admin", "asha"]
    terminal = pexpect.spawn(sys.executable, arguments, encoding="utf-8", timeout=30, dimensions=(50, 200))
    for question, answer in [
        ("Name of the business", "Corner Repairs"),
        ("GSTIN", "29AAGCB7383J1Z5"),
        ("its check character is 4", None),
        ("GSTIN", ""),
        ("State", "29"),
        ("Address", "12 MG Road"),
        ("PIN code", "560001"),
        ("Password of asha", PASSWORD),
        ("[Rr]epeat", PASSWORD),
        ("Corner Repairs", None),
    ]:
        terminal.expect(question)
        if answer is not None:
            terminal.sendline(answer)
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0
    assert PASSWORD not in str(terminal.before)
    CliRunner().invoke(app, ["auth", "login", "asha", "--password-stdin"], input=PASSWORD)
    made = json.loads(CliRunner().invoke(app, ["business", "list", "-o", "json"]).stdout)[0]
    assert (made["name"], made["state"], made["address"]["pincode"]) == ("Corner Repairs", "29", "560001")

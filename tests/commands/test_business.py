"""The business noun."""

from __future__ import annotations

import json

import pytest

from tests.conftest import GSTIN, Invo

pytestmark = pytest.mark.integration


def test_a_business_is_called_by_its_gstin_unless_it_has_a_code(invo: Invo) -> None:
    made = json.loads(invo("business", "create", "--name", "Centre", "--gstin", GSTIN.lower(), "-o", "json").stdout)
    assert (made["code"], made["gstin"], made["state"]) == (GSTIN, GSTIN, "29")
    coded = invo("business", "create", "--name", "Pune", "--gstin", "27AAPFU0939F1ZV", "--code", "PUNE", "-o", "name")
    assert coded.stdout == "PUNE\n"
    assert (
        invo("business", "show", "pune", "-o", "name").stdout
        == invo("business", "show", "27AAPFU0939F1ZV", "-o", "name").stdout
    )


def test_the_same_gstin_twice_is_a_conflict(counter: Invo) -> None:
    again = counter("business", "create", "--name", "Twin", "--gstin", GSTIN)
    assert (again.exit_code, again.stdout) == (5, "")
    assert again.stderr.startswith("error: There is a business")


def test_a_gstin_decides_the_state(invo: Invo) -> None:
    refused = invo("business", "create", "--name", "Centre", "--gstin", GSTIN, "--state", "27")
    assert refused.exit_code == 3


@pytest.mark.parametrize("state", ["96", "99"])
def test_a_business_is_in_a_state_of_india(invo: Invo, state: str) -> None:
    refused = invo("business", "create", "--name", "Centre", "--state", state)
    assert (refused.exit_code, refused.stdout) == (3, "")
    assert invo("business", "create", "--name", "Rig", "--state", "97").exit_code == 0


@pytest.mark.parametrize(("rate", "status"), [("28", 0), ("0.25", 0), ("17", 3), ("18.001", 3), ("100", 3)])
def test_the_default_rate_is_one_that_was_ever_legal(counter: Invo, rate: str, status: int) -> None:
    edited = counter("business", "edit", GSTIN, "--default-rate", rate)
    assert edited.exit_code == status
    assert ("Rates are 0, 0.1, 0.25" in edited.stderr) == (status == 3)


def test_settings_are_edited_and_the_rest_stays(counter: Invo) -> None:
    edited = counter("business", "edit", GSTIN, "--turnover", "6,00,00,000", "--no-round-off", "-o", "json")
    row = json.loads(edited.stdout)
    assert (row["turnover"], row["round_off"], row["name"]) == ("60000000.00", False, "Bengaluru Service Centre")


def test_a_dry_run_keeps_nothing(invo: Invo) -> None:
    row = json.loads(invo("business", "create", "--name", "Centre", "--state", "29", "--dry-run", "-o", "json").stdout)
    assert row["dry_run"] is True
    assert json.loads(invo("business", "list", "-o", "json").stdout) == []


def test_markup_in_a_name_is_shown_literally(invo: Invo) -> None:
    invo("business", "create", "--name", "Acme [red]Ltd[/] \x1b[31m", "--state", "29")
    assert "Acme [red]Ltd[/] \\x1b[31m" in invo("business", "list", "-o", "table").stdout


def test_use_makes_a_business_the_default(counter: Invo) -> None:
    counter("business", "create", "--name", "Pune", "--gstin", "27AAPFU0939F1ZV", "--code", "PUNE")
    assert counter("business", "use", "PUNE").exit_code == 0

"""NUMBER, NUMBER@YEAR and D-n: what every argument that names a document takes."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Invo, Process
from tests.contract.running import ASHA, LINE, json_refusal

pytestmark = pytest.mark.contract  # the shape of the command line, whatever the engine


def issue(invo: Invo, day: str, *arguments: str) -> str:
    done = invo("invoice", "create", *ASHA, "--line", LINE, "--date", day, "-o", "name", *arguments)
    assert done.exit_code == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def twice(shop: Process, invo: Invo) -> Process:
    """The number A1 in two financial years, and a number of one year alone."""
    invo("series", "set", "tax_invoice", "A{seq}")
    assert issue(invo, "2025-04-01") == "A1"
    assert issue(invo, "2026-04-01") == "A1"
    assert issue(invo, "2026-04-02") == "A2"
    return shop


def test_a_number_of_two_years_is_ambiguous(twice: Process) -> None:
    error = json_refusal(twice("invoice", "show", "A1", "-o", "json"), 5)
    assert "A1@2025-26" in error["hint"]
    assert "A1@2026-27" in error["hint"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("A1@2025-26", "D-1"),
        ("A1@2026-27", "D-2"),
        ("a1@26-27", "D-2"),
        ("D-1", "D-1"),
        ("d-2", "D-2"),
        ("A2", "D-3"),
        (" a2 ", "D-3"),
    ],
)
def test_a_document_is_found_by_every_name(twice: Process, invo: Invo, name: str, found: str) -> None:
    assert json.loads(invo("invoice", "show", name, "-o", "json").stdout)["id"] == found
    assert invo("invoice", "explain", name).exit_code == 0
    assert json.loads(invo("invoice", "cancel", name, "--reason", "x", "-o", "json").stdout)["id"] == found


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "A3",
        "A2@2025-26",
        "A1@2031-32",
        "D-0",
        "D-4",
        "D-01x",
        "D--1",
        "D-१",
        "D-99999999999999999999999",
        "@",
        "@2026-27",
        "%",
        "A_",
    ],
)
def test_a_name_of_nothing_is_not_found(twice: Process, invo: Invo, name: str) -> None:
    done = invo("invoice", "show", name)
    assert (done.exit_code, done.stdout) == (4, ""), done.stderr


def test_a_year_that_is_none_is_invalid(twice: Process, invo: Invo) -> None:
    for year in ("2026", "2026-28", "26", "x"):
        assert invo("invoice", "show", f"A1@{year}").exit_code == 3


def test_an_id_is_kept_after_issue_and_counts_per_business(twice: Process, invo: Invo) -> None:
    draft = issue(invo, "2026-04-03", "--draft")
    assert draft == "D-4"
    assert json.loads(invo("invoice", "issue", "D-4", "-o", "json").stdout)["id"] == "D-4"
    invo("business", "create", "--name", "Pune", "--gstin", "27AAPFU0939F1ZV", "--code", "PUNE")
    assert issue(invo, "2026-04-03", "--draft", "--business", "PUNE") == "D-1"


def test_a_business_cannot_see_the_documents_of_another(twice: Process, invo: Invo) -> None:
    invo("business", "create", "--name", "Pune", "--gstin", "27AAPFU0939F1ZV", "--code", "PUNE")
    for command in (("show", "D-3"), ("cancel", "A2", "--reason", "x"), ("explain", "D-3"), ("list", "--after", "D-3")):
        assert invo("invoice", *command, "--business", "PUNE").exit_code == 4
    assert invo("invoice", "list", "--business", "PUNE").stdout == ""

"""A key makes a repeated request harmless."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Invo, Process
from tests.contract.running import ASHA, LINE, record, refusal

pytestmark = [pytest.mark.contract, pytest.mark.integration]

KEYED = ("invoice", "create", *ASHA, "--line", LINE, "--idempotency-key", "order-4711", "-o", "json")
DOCUMENT = json.dumps(
    {
        "customer": {"name": "Asha Traders", "mobile": "9876543210"},
        "lines": [
            {"description": "Screen replacement", "quantity": 1, "unit_price": "1500", "hsn": "998716", "gst_rate": 18}
        ],
        "idempotency_key": "order-4711",
    }
)


def test_the_same_key_and_content_give_the_same_document(shop: Process, invo: Invo) -> None:
    first = record(shop(*KEYED))
    again = record(shop(*KEYED))
    assert again == first
    assert json.loads(invo("invoice", "list", "-o", "json").stdout) != []
    assert invo("invoice", "list", "-o", "name").stdout == f"{first['number']}\n"
    events = json.loads(invo("audit", "list", "-o", "json").stdout)
    assert [event["action"] for event in events].count("invoice.issue") == 1


def test_the_same_key_with_other_content_is_a_conflict(shop: Process, invo: Invo) -> None:
    record(shop(*KEYED))
    refusal(shop(*KEYED[:-2], "--notes", "Other"), 5)
    refusal(shop(*KEYED[:-2], "--draft"), 5)
    assert invo("invoice", "list", "-o", "name").stdout == "INV/26-27/0001\n"


def test_a_file_and_flags_with_the_same_content_are_the_same_request(invo: Invo, shop: Process) -> None:
    first = json.loads(invo("invoice", "create", "--file", "-", "-o", "json", input=DOCUMENT).stdout)
    assert json.loads(invo(*KEYED).stdout)["id"] == first["id"]
    flag = invo("invoice", "create", "--file", "-", "--idempotency-key", "order-4711", "-o", "name", input=DOCUMENT)
    assert flag.stdout == f"{first['number']}\n"


def test_a_refused_request_does_not_use_up_its_key(invo: Invo, shop: Process) -> None:
    wrong = invo("invoice", "create", *ASHA, "--line", "Screen:1:100::17", "--idempotency-key", "order-4711")
    assert wrong.exit_code == 3
    assert invo(*KEYED).exit_code == 0


def test_a_dry_run_does_not_use_up_its_key(invo: Invo, shop: Process) -> None:
    assert invo(*KEYED, "--dry-run").exit_code == 0
    assert invo(*KEYED[:-2], "--notes", "Other").exit_code == 0


def test_the_answer_shows_the_document_as_it_is_now(invo: Invo, shop: Process) -> None:
    invo(*KEYED)
    invo("invoice", "cancel", "D-1", "--reason", "Twice")
    again = invo(*KEYED)
    assert (again.exit_code, json.loads(again.stdout)["status"]) == (0, "cancelled")


def test_a_key_belongs_to_one_business(invo: Invo, shop: Process) -> None:
    invo(*KEYED, "--business", "29AAGCB7383J1Z4")
    invo("business", "create", "--name", "Pune", "--gstin", "27AAPFU0939F1ZV", "--code", "PUNE")
    other = json.loads(invo(*KEYED, "--business", "PUNE").stdout)
    assert (other["business"], other["id"]) == ("PUNE", "D-1")


@pytest.mark.parametrize("key", ["", " ", "k" * 201])
def test_a_key_that_cannot_be_kept_is_refused(invo: Invo, shop: Process, key: str) -> None:
    assert invo(*KEYED[:-3], key).exit_code == 3


def test_without_a_key_the_same_document_twice_is_two(invo: Invo, shop: Process) -> None:
    for _ in range(2):
        invo("invoice", "create", *ASHA, "--line", LINE)
    assert len(invo("invoice", "list", "-o", "name").stdout.splitlines()) == 2

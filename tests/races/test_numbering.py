"""Many processes issue at once: no gap, no duplicate, no failure."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.conftest import Invo, run_process
from tests.races.crowd import ISSUE, LINE, check_books, crowd, numbers

pytestmark = pytest.mark.integration


@pytest.mark.parametrize(
    ("processes", "times"), [(6, 5), pytest.param(16, 25, marks=pytest.mark.performance)], ids=["few", "many"]
)
def test_every_process_gets_numbers_of_its_own(counter: Invo, processes: int, times: int) -> None:
    taken = crowd(times, [ISSUE] * processes)
    assert sorted(taken) == numbers(processes * times)
    issued = check_books(counter)
    assert sorted(document["number"] for document in issued) == numbers(processes * times)
    # All of them named the same new customer at the same time.
    assert {document["customer"]["code"] for document in issued} == {"C-0001"}


@pytest.mark.performance
def test_installed_commands_at_once(counter: Invo) -> None:
    def four(_: int) -> list[str]:
        done = [run_process(*ISSUE) for _ in range(4)]
        assert {(each.returncode, each.stderr) for each in done} == {(0, "")}
        return [each.stdout.strip() for each in done]

    with ThreadPoolExecutor(8) as pool:
        taken = [number for some in pool.map(four, range(8)) for number in some]
    assert sorted(taken) == numbers(32)
    check_books(counter)


def test_customers_made_at_once_have_codes_of_their_own(counter: Invo) -> None:
    each = [
        (
            "invoice",
            "create",
            "--customer",
            f"Customer {letter}{{n}}",
            "--mobile",
            "9876543210",
            "--line",
            LINE,
            "-q",
            "-o",
            "name",
        )
        for letter in "ABCD"
    ]
    assert sorted(crowd(3, each)) == numbers(12)
    codes = [document["customer"]["code"] for document in check_books(counter)]
    assert sorted(codes) == [f"C-{number:04}" for number in range(1, 13)]


def test_two_processes_that_issue_the_same_draft_issue_it_once(counter: Invo) -> None:
    for draft in range(1, 4):
        counter("invoice", "create", *ISSUE[2:-3], "--draft")
        said = crowd(1, [("invoice", "issue", f"D-{draft}", "-o", "name", "-q")] * 2)
        assert said == [numbers(draft)[-1]] * 2
    assert [document["number"] for document in check_books(counter)] == numbers(3)


def test_all_drafts_issued_by_two_at_once_are_issued_once(counter: Invo) -> None:
    for _ in range(8):
        counter("invoice", "create", *ISSUE[2:-3], "--draft")
    said = crowd(1, [("invoice", "issue", "--all-drafts", "-o", "name", "-q")] * 2)
    assert sorted(set(said)) == numbers(8)
    check_books(counter)


def test_two_processes_that_cancel_the_same_document_cancel_it_once(counter: Invo) -> None:
    counter(*ISSUE)
    crowd(1, [("invoice", "cancel", "D-1", "--reason", "Twice", "-o", "name", "-q")] * 4)
    actions = counter("audit", "list", "--fields", "action", "--all").stdout.split()
    assert actions.count("invoice.cancel") == 1
    check_books(counter)


def test_the_same_key_at_once_makes_one_document(counter: Invo) -> None:
    said = crowd(2, [(*ISSUE, "--idempotency-key", "order-{n}")] * 8)
    assert sorted(set(said)) == numbers(2)
    assert len(said) == 16
    assert len(check_books(counter)) == 2


def test_two_businesses_do_not_disturb_each_other(counter: Invo) -> None:
    counter("business", "create", "--name", "Pune", "--gstin", "27AAPFU0939F1ZV", "--code", "PUNE")
    home = ("--business", "29AAGCB7383J1Z4")
    said = crowd(4, [(*ISSUE, *home), (*ISSUE, *home), (*ISSUE, "--business", "PUNE"), (*ISSUE, "--business", "PUNE")])
    assert sorted(said) == sorted(numbers(8) * 2)
    check_books(lambda *words: counter(*words, *home))

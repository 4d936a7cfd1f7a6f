"""What led to an error."""

from __future__ import annotations

from itertools import pairwise

import pytest

from invo_cli.errors import behind

pytestmark = pytest.mark.unit


def raised(*chain: Exception) -> Exception:
    """The last of some errors, each raised while the one before it was handled."""
    for earlier, later in pairwise(chain):
        later.__context__ = earlier
    return chain[-1]


def test_the_nearest_error_of_a_kind_is_found() -> None:
    memory, first = MemoryError(), KeyError()
    assert behind(raised(first, memory, ValueError()), MemoryError) is memory
    assert behind(memory, MemoryError) is memory
    assert behind(raised(first, ValueError()), KeyError, MemoryError) is first


def test_what_was_not_among_them_is_not() -> None:
    assert behind(raised(KeyError(), ValueError()), MemoryError) is None
    assert behind(None, MemoryError) is None


def test_a_cause_that_was_named_counts_before_what_was_being_handled() -> None:
    error, cause = ValueError(), MemoryError()
    error.__context__, error.__cause__ = KeyError(), cause
    assert behind(error, MemoryError, KeyError) is cause


def test_errors_that_led_to_each_other_end_the_search() -> None:
    one, other = ValueError(), KeyError()
    one.__cause__, other.__cause__ = other, one
    assert behind(one, MemoryError) is None

"""An import under way holds no more than the records at hand."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from invo_cli.gst.records import Record
from invo_cli.models import Business
from invo_cli.services.importing.runs import Run, Wanted
from tests.factories import ACT


class Cycle:
    """What a statement is: something that holds itself, and the values of one chunk."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture
def no_collector() -> Iterator[None]:
    """As in a command, where garbage waits until there is much of it."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.unit
def test_what_a_chunk_left_behind_is_gone_before_the_next_but_one(no_collector: None) -> None:
    wanted = Wanted(data_set="customers", file_name="x.csv", sha256="0")
    records = (Record(line, None) for line in range(1, 13))
    run = Run(session=Session(), business=Business(id=1), act=ACT, wanted=wanted, batch_id=1, records=records)
    left: list[weakref.ref[Cycle]] = []
    for _ in run.chunks(3):
        assert [cycle() for cycle in left[:-1]] == [None] * len(left[:-1])
        left.append(weakref.ref(Cycle()))
    assert len(left) == 4

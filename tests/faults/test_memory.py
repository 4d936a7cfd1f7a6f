"""A machine without memory left: the command fails as a whole, in one line, and the next one works."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Invo
from tests.faults.books import Books, differences, home, leftovers
from tests.faults.running import Zygote
from tests.faults.test_kills import WORKS, files

__all__ = ["files"]
pytestmark = pytest.mark.integration
KIB = 1024
ENDS = (0, 1, 7, 134, 137, 152)
"""The last three are libraries that cannot say it: one aborts, another tries for ever, until its time is used up."""
FEW = (300, 1_500, 4_000)
SIZES = [*FEW, *(pytest.param(size, marks=pytest.mark.performance) for size in range(0, 20_000, 500))]


@pytest.mark.parametrize("kib", SIZES)
@pytest.mark.parametrize("name", ["issue", "import invoices", "export"])
def test_a_command_without_memory_does_nothing_by_halves(
    name: str, kib: int, shop: Invo, books: Books, zygote: Zygote, files: Path
) -> None:
    command = WORKS[name].command if name in WORKS else ("export", "lines", "--out", "lines.csv")
    kept, before = books.keep(), books.state()
    zygote.run(*command, folder=files).require(0)
    after = books.state()
    (files / "lines.csv").unlink(missing_ok=True)
    books.put_back(kept)
    done = zygote.run(*command, fault=f"memory:{kib * KIB}", folder=files)
    assert done.status in ENDS, done
    assert "Traceback" not in done.stderr, done.stderr
    found = books.state()
    assert found in (before, after), differences(found, before)
    assert done.status != 0 or found == after
    books.check(shop)
    zygote.run(*command, folder=files).require(0, 5)
    assert not leftovers(files, home())

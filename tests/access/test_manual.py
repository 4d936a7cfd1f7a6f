"""The manual tells the rights of each role as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from invo_cli.services.access import MATRIX, Right

pytestmark = pytest.mark.unit
PAGE = Path(__file__).parents[2] / "docs" / "identity.md"


def test_the_table_of_the_manual_is_the_matrix() -> None:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    heading = next(number for number, line in enumerate(lines) if line.startswith("| right |"))
    told = {}
    for line in lines[heading + 2 :]:
        if not line.startswith("|"):
            break
        right, *marks = (cell.strip() for cell in line.strip("|").split("|"))
        told[right.strip("`")] = [role for role, mark in zip(MATRIX, marks, strict=True) if mark == "yes"]
    assert told == {right.value: [role for role in MATRIX if right in MATRIX[role]] for right in Right}

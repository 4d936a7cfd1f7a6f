"""Markdown tables and JSON blocks of the pages."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

TOP = Path(__file__).parents[2]


def text(page: str) -> str:
    """The text of a page of the project."""
    return (TOP / page).read_text(encoding="utf-8")


def rows(page: str, heading: str) -> list[list[str]]:
    """The cells of every table under a heading of any depth, without its own headings."""
    match = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#+ |\Z)", text(page), re.MULTILINE | re.DOTALL)
    assert match, f"{page} has no heading {heading}"
    lines = re.findall(r"^\| (.*) \|$", match[1], re.MULTILINE)
    return [line.split(" | ") for line in lines[1:]]


def codes(cell: str) -> list[str]:
    """What stands in backquotes."""
    return re.findall(r"`([^`]+)`", cell)


def json_blocks(page: str) -> list[dict[str, Any]]:
    """The JSON blocks, from top to bottom."""
    blocks = re.findall(r"^```json\n(.*?)^```$", text(page), re.MULTILINE | re.DOTALL)
    return [json.loads(block) for block in blocks]

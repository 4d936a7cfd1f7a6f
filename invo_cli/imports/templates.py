"""Template files: the columns of a data set with rows that can be imported as they are."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from invo_cli.imports.layouts import CUSTOMER_COLUMNS, FIGURES, LINE_COLUMNS, Layout

_OF_LINE = frozenset(LINE_COLUMNS)


def as_csv(layout: Layout) -> str:
    """A heading with every column, and the example."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows(layout))
    return out.getvalue()


def rows(layout: Layout) -> list[list[str]]:
    """The heading and the rows of the example."""
    return [list(layout.columns), *([row.get(key, "") for key in layout.columns] for row in layout.example)]


def as_json_lines(layout: Layout) -> str:
    """The example as objects, one a line."""
    examples = [_document(layout)] if layout.shape is None else list(map(dict, layout.example))
    return "".join(json.dumps(example, ensure_ascii=False) + "\n" for example in examples)


def _document(layout: Layout) -> dict[str, Any]:
    first = layout.example[0]
    customer = {key.removeprefix("customer_"): first[key] for key in CUSTOMER_COLUMNS if key in first}
    apart = {*CUSTOMER_COLUMNS, *_OF_LINE}
    header = {key: value for key, value in first.items() if key not in apart}
    lines = [{key: value for key, value in row.items() if key in _OF_LINE} for row in layout.example]
    stated = {key: header.pop(key) for key in FIGURES if key in header}
    return {**header, "customer": customer, "lines": lines, **stated}

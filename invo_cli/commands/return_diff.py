"""Two files of GSTR-1 compared: the books against the portal."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from invo_cli.commands import context
from invo_cli.errors import FindingsError, InvalidError
from invo_cli.views import remarks

FileArgument = Annotated[
    str, typer.Argument(metavar="FILE", help="JSON as invo or the portal writes it, or a workbook.")
]


def diff(first: FileArgument, second: FileArgument) -> None:
    """Tell document by document where two GSTR-1 files differ, the official workbook included; exit 10 when they do."""
    from invo_cli.gst import return_diff
    from invo_cli.views.returns import DIFFERENCES, difference_row

    here, there = _read_both(first, second)
    rows = [difference_row(found, first, second) for found in return_diff.differences(here, there)]
    context.show_rows(rows, DIFFERENCES)
    if rows:
        raise FindingsError(f"{first} and {second} differ in {len(rows)} places.", hint="See the list above.")
    remarks.note("They say the same.")


def _read_both(first: str, second: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both returns; a workbook, which names neither taxpayer nor period, takes those of the other file."""
    found = {path: None if _is_workbook(path) else _read_json(path) for path in (first, second)}
    known = next((each for each in found.values() if each is not None), None)
    if known is None:
        raise InvalidError(
            "Two workbooks cannot be compared: neither names its taxpayer and period.",
            hint="Write one of the two as JSON: invo return gstr1 --out FILE",
        )
    return (
        tuple(  # type: ignore[return-value]
            each if each is not None else _read_workbook(path, known) for path, each in found.items()
        )
        if first != second
        else (known, known)
    )


def _is_workbook(path: str) -> bool:
    return path.lower().endswith((".xlsx", ".xlsm"))


def _read_json(path: str) -> dict[str, Any]:
    from invo_cli.gst.strict_json import load_json

    found = load_json(context.read_text(path))
    if "gstin" not in found or "fp" not in found:
        raise InvalidError(
            f"{path} is no GSTR-1: it lacks gstin or fp.", hint="Name a file of invo return gstr1 --out."
        )
    return found


def _read_workbook(path: str, known: dict[str, Any]) -> dict[str, Any]:
    from invo_cli.imports import gstr1_workbook, sources

    with sources.opened(path, "xlsx") as source:
        found = gstr1_workbook.read(source, gstin=str(known["gstin"]), fp=str(known["fp"]))
    for sheet in found.unread:
        remarks.warn(f"The sheet {sheet} was not read.")
    return found.sections

"""Check GST identification numbers."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from invo_cli.commands import context
from invo_cli.commands.parsers import examples
from invo_cli.errors import InvalidError
from invo_cli.gst.gstin import Gstin
from invo_cli.views import remarks
from invo_cli.views.listing import Column, Listing

app = typer.Typer(help=__doc__, add_completion=False, no_args_is_help=True, rich_markup_mode="rich")
LISTING = Listing(
    (
        Column("gstin", "GSTIN"),
        Column("valid", "Right"),
        Column("kind", "Kind"),
        Column("state", "State"),
        Column("pan", "PAN"),
        Column("reason", "Reason"),
    ),
    name="gstin",
)


@app.callback()
def gstin() -> None:
    """Check GST identification numbers."""


@app.command(
    epilog=examples(
        "invo gstin check 29AAGCB7383J1Z4",
        "invo gstin check - < gstins.txt",
        "cut -f3 customers.tsv | invo gstin check -",
    )
)
def check(
    numbers: Annotated[list[str], typer.Argument(metavar="GSTIN…|-", help="Numbers, or - for one a line of stdin.")],
) -> None:
    """Judge shape, state and check character, without a database; exit status 3 when a number is wrong.

    One wrong number is refused and nothing is printed. Of several, or of a file, each gets its row, wrong or right.
    """
    given = context.each_line(numbers)
    judged = [_judge(number) for number in given]
    refusals = [refusal for _, refusal in judged if refusal]
    if refusals and numbers != ["-"] and len(given) == 1:
        raise refusals[0]
    context.show_rows([row for row, _ in judged], LISTING)
    if refusals:
        count = f"{len(refusals)} of {len(judged)} numbers {'is' if len(refusals) == 1 else 'are'} wrong"
        raise InvalidError(f"{count}; the first: {refusals[0].message}", hint=refusals[0].hint)


def _judge(number: str) -> tuple[dict[str, Any], InvalidError | None]:
    """The row of a number, and why it is wrong; what is unusual is said at once."""
    try:
        found = Gstin.parse(number)
    except InvalidError as refusal:
        wrong = {"gstin": number.strip(), "valid": False, "kind": None, "state": None, "pan": None}
        return wrong | {"reason": refusal.message}, refusal
    for warning in found.warnings:
        remarks.warn(warning)
    state = found.state and found.state.code
    right = {"gstin": found.value, "valid": True, "kind": found.kind.value, "state": state, "pan": found.pan}
    return right | {"reason": None}, None

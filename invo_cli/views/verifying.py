"""How the check of the books looks."""

from __future__ import annotations

from invo_cli.views.listing import Column, Listing, Row, print_rows

LISTING = Listing((Column("ok", "Right"), Column("findings", "Findings")), name="ok")
FINDINGS = Listing(
    (
        Column("check", "Check"),
        Column("subject", "Subject"),
        Column("problem", "Problem", wraps=True),
        Column("fix", "What to do", wraps=True),
        Column("business", "Business", extra=True),
    ),
    name="subject",
)


def print_page(row: Row) -> None:
    """What `verify` found and put right, for a person."""
    verdict = "everything is right" if row["ok"] else f"{len(row['findings'])} findings"
    print(f"Checked {', '.join(row['checks'])}: {verdict}.")
    for heading, key in (("Put right:", "fixed"), ("Not right:", "findings")):
        if row[key]:
            print(heading)
            print_rows(row[key], FINDINGS, output="table")

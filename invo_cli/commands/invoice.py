"""Invoices: issue, list, show, cancel, delete."""

from __future__ import annotations

import typer

from invo_cli.commands import invoice_changes, invoice_entry, invoice_pdf, invoice_reading, invoice_sending
from invo_cli.commands.parsers import examples

app = typer.Typer(help=__doc__, add_completion=False, no_args_is_help=True, rich_markup_mode="rich")

app.command(
    epilog=examples(
        'invo invoice create --customer "Asha Traders" --mobile 9876543210 --line "Screen:1:1500:998716:18"',
        "invo invoice create --customer C-0001 --item SCREEN:2 --draft",
        "invo invoice create --file doc.json --idempotency-key order-4711",
        'invo invoice create --customer C-0001 --line "Fan:2:1,180::18" --prices-include-tax --dry-run',
    )
)(invoice_entry.create)
app.command(
    "list",
    epilog=examples(
        "invo invoice list",
        "invo invoice list --period last-month --status overdue",
        "invo invoice list --customer C-0001 --sort -total -o csv",
        "invo invoice list --search asha --fields number,date,total",
    ),
)(invoice_reading.list_)
app.command(epilog=examples("invo invoice show INV/26-27/0001", "invo invoice show D-17 -o json"))(invoice_reading.show)
app.command(
    epilog=examples(
        'invo invoice edit D-17 --notes "Collected by Ravi"',
        'invo invoice edit D-17 --line "Screen replacement:1:1400:998716:18"',
        "invo invoice edit D-17",
    )
)(invoice_entry.edit)
app.command(
    epilog=examples("invo invoice issue D-17", "invo invoice issue D-17 D-18", "invo invoice issue --all-drafts")
)(invoice_changes.issue)
app.command(
    epilog=examples(
        'invo invoice cancel INV/26-27/0001 --reason "Wrong customer"',
        'invo invoice cancel D-17 --reason "Duplicate" -o json',
    )
)(invoice_changes.cancel)
app.command(epilog=examples("invo invoice delete D-17", 'invo invoice delete INV/26-27/0001 --reason "Duplicate"'))(
    invoice_changes.delete
)
app.command(epilog=examples("invo invoice restore D-17", "invo invoice restore INV/26-27/0001 -o json"))(
    invoice_changes.restore
)
app.command(epilog=examples("invo invoice duplicate INV/26-27/0001", "invo invoice duplicate D-17 --issue"))(
    invoice_entry.duplicate
)
app.command(
    epilog=examples(
        "invo invoice pdf INV/26-27/0001 --out papers",
        "invo invoice pdf INV/26-27/0001 --copy all --language hi --out papers/hindi",
        "invo invoice pdf --period last-month --out papers",
        "invo invoice pdf INV/26-27/0001 --template thermal --out - > receipt.pdf",
    )
)(invoice_pdf.pdf)
app.command(
    epilog=examples(
        "invo invoice send INV/26-27/0001 --to asha@example.com",
        "invo invoice send INV/26-27/0002 INV/26-27/0003 --to accounts@example.com --language hi",
        "invo invoice send INV/26-27/0001 --to asha@example.com --dry-run",
        "invo invoice send INV/26-27/0001 --to asha@example.com --text letter.txt --resend",
    )
)(invoice_sending.send)
app.command(epilog=examples("invo invoice explain INV/26-27/0001", "invo invoice explain D-17 -o json"))(
    invoice_reading.explain
)

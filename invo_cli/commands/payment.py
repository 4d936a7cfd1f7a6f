"""Payments: receive, set against invoices, refund, void."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer

from invo_cli.commands import context, parsers, selection
from invo_cli.commands.flags import takes
from invo_cli.commands.papers import PaperFlags, print_all
from invo_cli.commands.parsers import DryRun, examples
from invo_cli.commands.payment_options import Auto, Method, Name, On, Reason, ReceiptFlags, Reference, part
from invo_cli.errors import UsageProblemError
from invo_cli.gst.states import parse_state

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

app = typer.Typer(help=__doc__, add_completion=False, no_args_is_help=True, rich_markup_mode="rich")


@app.command(
    epilog=examples(
        "invo payment create --customer C-0001 --amount 1,770 --method upi --auto oldest",
        "invo payment create --customer C-0001 --amount 500 --method cash --allocate INV/26-27/0001:500",
        'invo payment create --customer C-0001 --amount 1180 --method bank --advance --description "Screen repair"',
    )
)
@takes(ReceiptFlags)
def create(flags: ReceiptFlags, dry_run: DryRun = False) -> None:
    """Record what a customer paid; what is not allocated stays on his account."""
    from invo_cli.services import customers, payments

    act = context.act()
    receipt, parts = payments.Receipt(**flags.receipt(act.today)), list(map(part, flags.allocate or ()))

    def work(session: Session) -> dict[str, Any]:
        business = context.business(session)
        payer = customers.get(session, business.id, flags.customer)
        oldest = flags.auto is not None
        return payments.create(session, business, payer, receipt, act=act, wanted=parts, oldest=oldest)

    _done(work, dry_run)


@app.command(
    "list",
    epilog=examples(
        "invo payment list",
        "invo payment list --customer C-0001 --period this-month",
        "invo payment list --unallocated -o csv",
    ),
)
def list_(
    customer: Annotated[str | None, typer.Option(metavar="CODE|NAME")] = None,
    period: selection.Within = None,
    first: selection.From = None,
    last: selection.To = None,
    unallocated: Annotated[
        bool, typer.Option("--unallocated", help="Only what is not wholly set against documents.")
    ] = False,
    limit: selection.Limit = None,
    after: Annotated[str | None, typer.Option(metavar="NUMBER", help="Go on behind this payment.")] = None,
    everything: selection.All = False,
) -> None:
    """List payments and refunds, the newest first."""
    from invo_cli.commands.entering import stream
    from invo_cli.services import payment_search
    from invo_cli.views.payments import LISTING

    rows = context.page_limit(limit, everything)
    wanted = payment_search.Wanted(
        customer=customer,
        days=selection.days(period, first, last),
        is_unallocated=unallocated,
        after=after,
        limit=None if rows is None else rows + 1,
    )
    found = stream(lambda session: payment_search.search(session, context.business(session), wanted))
    context.show_page(found, LISTING, rows)


@app.command(epilog=examples("invo payment show PAY/26-27/0001", "invo payment show PAY/26-27/0001 -o json"))
def show(number: Name) -> None:
    """Show one payment with what it is set against."""
    from invo_cli.commands.entering import read
    from invo_cli.services import payments

    _print(read(lambda session: payments.as_row(session, payments.get(session, context.business(session), number))))


@app.command(
    epilog=examples(
        "invo payment allocate PAY/26-27/0001 INV/26-27/0001:500",
        "invo payment allocate PAY/26-27/0001 --auto oldest",
        "invo payment allocate CN/26-27/0001 INV/26-27/0002",
    )
)
def allocate(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="A payment, or a credit note with credit left.")],
    parts: Annotated[
        list[str] | None, typer.Argument(metavar="INVOICE[:AMOUNT]...", help="Without an amount: all that is owed.")
    ] = None,
    auto: Auto = None,
    on: On = None,
    dry_run: DryRun = False,
) -> None:
    """Set what is left of a payment or a credit note against documents."""
    from invo_cli.services import allocations

    if not parts and auto is None:
        raise UsageProblemError("Say what to set it against.", hint="Name invoices, or use --auto oldest.")
    act, wanted = context.act(), list(map(part, parts or ()))
    _done(
        lambda session: allocations.allocate(
            session, context.business(session), number, wanted, act=act, on=on or act.today, oldest=auto is not None
        ),
        dry_run,
    )


@app.command(
    epilog=examples(
        "invo payment unallocate PAY/26-27/0001", "invo payment unallocate PAY/26-27/0001 --from INV/26-27/0001"
    )
)
def unallocate(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="A payment, or a credit note.")],
    from_: Annotated[str | None, typer.Option("--from", metavar="INVOICE", help="Left out: from all.")] = None,
    dry_run: DryRun = False,
) -> None:
    """Take an allocation back: the document is owed again, the money is on account again."""
    from invo_cli.services import allocations

    act = context.act()
    _done(
        lambda session: allocations.unallocate(session, context.business(session), number, act=act, invoice=from_),
        dry_run,
    )


@app.command(
    epilog=examples(
        "invo payment refund PAY/26-27/0001 --method bank",
        "invo payment refund CN/26-27/0001 --amount 118 --method cash",
    )
)
def refund(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="A payment, or a credit note with credit left.")],
    method: Method,
    amount: Annotated[
        Decimal | None, typer.Option(parser=parsers.amount, metavar="RUPEES", help="Left out: all that is left.")
    ] = None,
    on: On = None,
    reference: Reference = None,
    dry_run: DryRun = False,
) -> None:
    """Give back what is not allocated; for an advance with a refund voucher."""
    from invo_cli.services import refunds

    act = context.act()
    _done(
        lambda session: refunds.refund(
            session,
            context.business(session),
            number,
            act=act,
            amount=amount,
            method=method,
            on=on or act.today,
            reference=reference,
        ),
        dry_run,
    )


@app.command(
    epilog=examples(
        'invo payment amend PAY/26-27/0002 --place-of-supply 27 --reason "Delivered in Pune"',
        'invo payment amend RV/26-27/0001 --gst-rate 5 --reason "Rate of the goods" --date 2026-10-05',
    )
)
def amend(
    number: Name,
    reason: Reason,
    gst_rate: Annotated[
        Decimal | None, typer.Option(parser=parsers.rate, metavar="PERCENT", help="Left out: as it was.")
    ] = None,
    place_of_supply: Annotated[
        str | None,
        typer.Option(parser=lambda value: parse_state(value).code, metavar="SS", help="Left out: as it was."),
    ] = None,
    on: On = None,
    dry_run: DryRun = False,
) -> None:
    """Correct the rate or place of an advance after its return was filed: tables 11A and 11B are stated anew."""
    from invo_cli.services import advance_amending, payments

    if gst_rate is None and place_of_supply is None:
        raise UsageProblemError("Say what was wrong.", hint="Give --gst-rate or --place-of-supply.")
    act = context.act()

    def work(session: Session) -> dict[str, Any]:
        business = context.business(session)
        payment, day = payments.get(session, business, number), on or act.today
        return advance_amending.amend(
            session, business, payment, act=act, rate=gst_rate, place=place_of_supply, reason=reason, on=day
        )

    _done(work, dry_run)


@app.command(
    epilog=examples(
        'invo payment void PAY/26-27/0001 --reason "Cheque bounced"',
        "invo payment void PAY/26-27/0001 --reason x --dry-run",
    )
)
def void(number: Name, reason: Reason, dry_run: DryRun = False) -> None:
    """Take a payment back as never received; what it was set against is owed again."""
    from invo_cli.services import payments

    act = context.act()
    context.guard(f"Void {number}?")

    def work(session: Session) -> dict[str, Any]:
        business = context.business(session)
        return payments.void(session, business, payments.get(session, business, number), act=act, reason=reason)

    _done(work, dry_run)


@app.command(
    epilog=examples(
        "invo payment pdf PAY/26-27/0002 --out vouchers",
        "invo payment pdf RV/26-27/0001 --copy all --out vouchers/copies",
    )
)
@takes(PaperFlags)
def pdf(
    flags: PaperFlags,
    numbers: Annotated[list[str], typer.Argument(metavar="NUMBER...", help="Advances or their refunds, or vouchers.")],
) -> None:
    """Print the receipt vouchers of advances, and the refund vouchers of what was given back."""
    from invo_cli.services import payments, printing

    print_all(
        context.each_line(numbers),
        flags,
        lambda session, business, name: printing.voucher(session, payments.get(session, business, name)),
    )


def _done(work: Callable[[Session], dict[str, Any]], dry_run: bool) -> None:
    from invo_cli.commands.entering import write
    from invo_cli.views.payments import LISTING

    context.check_fields(LISTING)
    _print(context.marked(write(work, dry_run=dry_run), dry_run))


def _print(row: dict[str, Any]) -> None:
    from invo_cli.views.payments import LISTING, print_page

    context.show_record(row, LISTING, print_page)

"""Set up the database and the first business."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from invo_cli.commands import business_options as options
from invo_cli.commands import context
from invo_cli.commands.db_moving import bring_to_head
from invo_cli.commands.flags import takes
from invo_cli.commands.parsers import DryRun, examples
from invo_cli.commands.passwords import PasswordStdin, ask_hash
from invo_cli.errors import DeniedError, UsageProblemError
from invo_cli.gst.document import Kind
from invo_cli.gst.numbering import NumberPattern
from invo_cli.views import remarks

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from invo_cli.services.acting import Act

app = typer.Typer(add_completion=False, rich_markup_mode="rich")
Admin = Annotated[str | None, typer.Option("--admin", metavar="USER", help="Also make this first user, an admin.")]


@app.command(
    epilog=examples(
        "invo init",
        "invo init --name 'Bengaluru Service Centre' --gstin 29AAGCB7383J1Z4 --address '12 MG Road' --pincode 560001",
        "invo init --name 'Corner Repairs' --state 29 --series 'CR/{fy}/{seq:04}' --no-input",
        "invo init --name Centre --state 29 --admin asha --password-stdin < password.txt",
    )
)
@takes(options.BusinessFlags)
def init(
    flags: options.BusinessFlags,
    state: options.State = None,
    code: options.Code = None,
    series: options.Pattern = None,
    admin: Admin = None,
    password_stdin: PasswordStdin = False,
    dry_run: DryRun = False,
) -> None:
    """Create or migrate the database and make the first business; run again it changes nothing."""
    from invo_cli.commands.entering import write
    from invo_cli.services.businesses import checked

    values = _asked(flags.columns() | {"state": state, "code": code})
    checked(values)  # before a database is made for nothing
    user = _first_user(admin, password_stdin)
    pattern = None if series is None else NumberPattern.parse(series)
    if dry_run and not _is_ready():
        _show(_planned(values), dry_run)
        return
    if not _is_ready():
        bring_to_head()
    from invo_cli.views.businesses import LISTING

    context.check_fields(LISTING)
    try:
        act = context.act()
        row, made = write(lambda session: _set_up(session, act, values, pattern, user), dry_run=dry_run)
    except DeniedError:
        row, made = _unchanged(values, user), False
    _show(row, dry_run)
    if not made:
        remarks.note("Nothing to do: this business is there already.")


def _asked(values: dict[str, Any]) -> dict[str, Any]:
    """What was given on the command line, and the answers to what is missing."""
    if values["name"] and (values["gstin"] or values["state"]):
        return values
    if not context.may_ask():
        missing = "--name" if not values["name"] else "--gstin or --state"
        raise UsageProblemError(
            f"The first business needs {missing}.",
            hint="For example: invo init --name 'Bengaluru Service Centre' --gstin 29AAGCB7383J1Z4",
        )
    return values | _answers(values)


def _answers(given: dict[str, Any]) -> dict[str, Any]:
    from invo_cli.gst.contact import check_pincode
    from invo_cli.gst.gstin import Gstin
    from invo_cli.gst.states import parse_state

    answers = {"name": given["name"] or _ask("Name of the business", options.words("Name"))}
    if not (given["gstin"] or given["state"]):
        answers["gstin"] = _ask("GSTIN (empty: not registered)", lambda text: text and Gstin.parse(text).value) or None
        if not answers["gstin"]:
            answers["state"] = _ask("State, two digits such as 29", lambda text: parse_state(text).code)
    if not given["address_line1"]:
        answers["address_line1"] = _ask("Address, first line (may be empty)", str.strip) or None
    if not given["pincode"]:
        answers["pincode"] = _ask("PIN code (may be empty)", lambda text: text and check_pincode(text)) or None
    return answers


def _ask(question: str, parse: Any) -> Any:
    """Ask on the terminal until the answer can be read."""
    from invo_cli.errors import InvalidError

    while True:
        try:
            return parse(typer.prompt(question, default="", show_default=False, err=True).strip())
        except InvalidError as refusal:
            remarks.warn(f"{refusal.message} {refusal.advice}")


def _first_user(admin: str | None, password_stdin: bool) -> tuple[str, str] | None:
    """The name and the password hash of the first user."""
    from invo_cli.services.users import checked_name

    if admin is None:
        return None
    name = checked_name(admin)
    return name, ask_hash(name, password_stdin)


def _is_ready() -> bool:
    from invo_cli.db import schema

    return schema.is_at_head()


def _set_up(
    session: Session,
    act: Act,
    values: dict[str, Any],
    pattern: NumberPattern | None,
    user: tuple[str, str] | None,
) -> tuple[dict[str, Any], bool]:
    """Make what is not there yet; the row of the business, and whether anything was made."""
    from invo_cli.services import businesses, first_run, series_settings, users
    from invo_cli.views.businesses import as_row

    business = first_run.same_business(session, values)
    made = business is None
    if business is None:
        business = businesses.create(session, act=act, values=values)
        if pattern is not None:
            series_settings.set_pattern(session, business.id, Kind.TAX_INVOICE, pattern, act=act, year=None)
    if user is not None and first_run.needs_admin(session, user[0]):
        users.create(session, act=act, name=user[0], role=users.ADMIN, password_hash=user[1])
        made = True
    return as_row(business), made


def _unchanged(values: dict[str, Any], user: tuple[str, str] | None) -> dict[str, Any]:
    """The code of the very business asked for, which anybody may know who knows its GSTIN; else DeniedError again."""
    from invo_cli.db.session import read
    from invo_cli.services import first_run

    if user is not None:
        read(lambda session: first_run.needs_admin(session, user[0]))
    code = read(lambda session: first_run.code_of(session, values))
    if code is None:
        raise DeniedError("Nobody is signed in.", hint="Sign in with: invo auth login NAME")
    return {"code": code}


def _planned(values: dict[str, Any]) -> dict[str, Any]:
    """The business that would be made in a database that is not there yet."""
    from invo_cli.services.businesses import checked

    fields = checked(values)
    return {"code": fields.get("code") or fields.get("gstin") or "B1", "name": fields["name"]} | {
        key: fields.get(key) for key in ("gstin", "state", "city", "pincode")
    }


def _show(row: dict[str, Any], dry_run: bool) -> None:
    from invo_cli.views.businesses import LISTING, print_page

    context.show_record(context.marked(row, dry_run), LISTING, print_page)

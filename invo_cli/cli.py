"""GST invoicing for a service centre."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Annotated, Any, NamedTuple

import typer
import typer.main
from typer._click.core import Command, Context  # Typer has carried its own Click since 0.26, so it is pinned
from typer._click.exceptions import ClickException, NoArgsIsHelpError, UsageError
from typer._completion_classes import completion_init
from typer.core import TyperGroup

from invo_cli import __version__
from invo_cli.commands import run_log, standby
from invo_cli.errors import DeclinedError, InvalidError, InvoError, UsageProblemError, behind
from invo_cli.hoisting import hoist
from invo_cli.options import current


class Noun(NamedTuple):
    """One word after `invo`: where it lives and what it is for; the module is imported when it is typed."""

    module: str
    summary: str
    panel: str


START, WORK, BOOKS, SYSTEM = "Start here", "Daily work", "Books and returns", "System"
NOUNS = {
    "init": Noun("init", "Set up the database and the first business.", START),
    "demo": Noun("demo", "Build a throw-away database with believable data and show a tour.", START),
    "invoice": Noun("invoice", "Invoices: issue, list, show, cancel, delete.", WORK),
    "credit-note": Noun("credit_note", "Credit notes: take back an invoice, whole or in part.", WORK),
    "debit-note": Noun("debit_note", "Debit notes: add to what an invoice charged.", WORK),
    "payment": Noun("payment", "Payments: receive, set against invoices, refund, void.", WORK),
    "customer": Noun("customer", "Customers of a business.", WORK),
    "item": Noun("item", "Parts and labour a business sells.", WORK),
    "remind": Noun("remind", "Payment reminders by e-mail: preview, run, history.", WORK),
    "business": Noun("business", "The operator's own registrations, one a GSTIN.", WORK),
    "series": Noun("series", "Number series of documents.", WORK),
    "gstin": Noun("gstin", "Check GST identification numbers.", WORK),
    "report": Noun("report", "Reports over issued documents.", BOOKS),
    "einvoice": Noun("einvoice", "E-invoices: the file for the portal, its answers, what is due.", BOOKS),
    "eway": Noun("eway", "E-way bills: the file for the portal, and its answers.", BOOKS),
    "return": Noun("return_", "Returns: GSTR-1, GSTR-3B, CMP-08; due dates and what was filed.", BOOKS),
    "export": Noun("export", "Write data sets to files.", BOOKS),
    "schema": Noun("schema", "What each field of the exports means.", BOOKS),
    "import": Noun("import_", "Bring customers, items, invoices and payments in from files.", BOOKS),
    "hsn": Noun("hsn", "The official list of HSN and SAC codes: load it, search it, show a code.", BOOKS),
    "audit": Noun("audit", "The audit trail: who did what, and proof that nothing was altered.", BOOKS),
    "period": Noun("period", "Locked months, in which nothing may change any more.", BOOKS),
    "auth": Noun("auth", "Sign in and out, and who is signed in.", SYSTEM),
    "user": Noun("user", "People who work with invo.", SYSTEM),
    "token": Noun("token", "Tokens for cron jobs and other programs: an admin makes and revokes them.", SYSTEM),
    "db": Noun("db", "The database schema: upgrade, downgrade, check, wait.", SYSTEM),
    "config": Noun("config", "Settings and where they come from.", SYSTEM),
    "doctor": Noun("doctor", "Check this machine and the database.", SYSTEM),
    "verify": Noun("verify", "Recompute the books and compare them with what is stored.", SYSTEM),
    "metrics": Noun("metrics", "Figures for Prometheus: documents, exports, backups, the audit trail.", SYSTEM),
    "schedule": Noun("schedule", "Lines for cron and units for systemd: what should run by itself.", SYSTEM),
    "completion": Noun("completion", "Print the completion script of a shell.", SYSTEM),
}


class Invo(TyperGroup):
    """The root: loads a noun when it is typed, and is the one door through which errors become text."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        # Stand-ins with the summary alone, so that help, suggestions and completion import nothing.
        self.commands = {
            name: TyperGroup(name=name, help=noun.summary, rich_help_panel=noun.panel) for name, noun in NOUNS.items()
        }

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, Command | None, list[str]]:
        """Import the module of the noun that was typed."""
        name, command, rest = super().resolve_command(ctx, args)
        found = None if command is None else load(str(name))
        run_log.name(str(name), found, rest)
        return name, found, rest

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Take the global options off first, wherever they stand."""
        options, rest = hoist(args)
        current.set(options)
        return super().parse_args(ctx, rest)

    def main(self, args: Sequence[str] | None = None, *_: Any, **extra: Any) -> Any:
        """Run a command and leave with its exit code."""
        _forget_run()
        if "_INVO_COMPLETE" in os.environ:
            completion_init()
        try:
            status = super().main(args, **(extra | {"prog_name": "invo", "standalone_mode": False}))
        except (InvoError, ClickException, typer.Abort) as error:
            status = _report(error)
        except Exception as error:
            status = _report_bug(error)
        finally:
            run_log.remember()
            _forget_run()
        sys.exit(status if isinstance(status, int) else 0)


@cache
def load(noun: str) -> Command:
    """The command group (or the single command) of a noun; made once, since reading its signatures takes a while."""
    module = import_module(f"invo_cli.commands.{NOUNS[noun].module}")
    module.app._add_completion = False  # the program has its own: invo completion
    command = typer.main.get_command(module.app)
    command.name = noun
    standby.offer(command)
    return command


def _forget_run() -> None:
    """Each run reads its settings and asks who acts anew, also when several share a process."""
    settings, entering = (sys.modules.get(f"invo_cli.{name}") for name in ("settings", "commands.entering"))
    if settings is not None:
        settings.get_settings.cache_clear()
    if entering is not None:
        entering.forget()


def _report(error: InvoError | ClickException | typer.Abort) -> int:
    from invo_cli.views import remarks

    if isinstance(error, NoArgsIsHelpError):
        return 0  # the error has printed the help while it was made
    if _shows_traces():
        remarks.trace(error)
    problem = error if isinstance(error, InvoError) else _as_refusal(error)
    remarks.error(problem)
    # Ctrl-C at a question is Ctrl-C.
    return 130 if isinstance(error, typer.Abort) else problem.exit_status


def _as_refusal(error: ClickException | typer.Abort) -> InvoError:
    if isinstance(error, typer.Abort):
        return DeclinedError("Stopped.")
    sentence = error.format_message().strip().replace("\n", " ")
    sentence = sentence[:1].upper() + sentence[1:] + ("" if sentence.endswith((".", "?", "!")) else ".")
    path = error.ctx.command_path if isinstance(error, UsageError) and error.ctx else "invo"
    # A value that cannot be read is not a wrong command line (exit 3, not 2); a missing one is.
    bad_value = type(error).__name__ == "BadParameter"
    return (InvalidError if bad_value else UsageProblemError)(sentence, hint=f"See: {path} --help")


def _report_bug(error: Exception) -> int:
    if isinstance(error, OSError):
        raise error
    if behind(error, MemoryError):  # libraries that run out of memory raise errors of their own about it
        raise MemoryError from error
    from invo_cli.views import remarks

    if _shows_traces():
        remarks.trace(error)
    # The text of an unknown error may hold what it should not show; its kind may not.
    remarks.error(InvoError(f"Unexpected error ({type(error).__name__}): this is a bug in invo."))
    return 1


def _shows_traces() -> bool:
    return current.get().debug or bool(os.environ.get("INVO_DEBUG"))


app = typer.Typer(
    cls=Invo,
    help=f"{__doc__}\n\nLawful GST invoices, their numbers, their books and their proof, from one command.",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Global options work before and after the command. Manual: invo COMMAND --help, docs/manual.md.",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"invo {__version__}")
        raise typer.Exit


_GLOBAL = "Global options"


@app.callback()
def root(
    output: Annotated[
        str,
        typer.Option("-o", "--output", metavar="FORMAT", help="auto, table, plain, json, jsonl, csv, tsv or name."),
    ] = "auto",
    fields: Annotated[str, typer.Option(metavar="A,B", help="Only these fields, in this order.")] = "",
    business: Annotated[str, typer.Option(metavar="CODE", help="Which business: code or GSTIN.")] = "",
    profile: Annotated[str, typer.Option(metavar="NAME", help="Named settings of config.toml.")] = "",
    no_input: Annotated[bool, typer.Option("--no-input", help="Never ask; fail instead.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Answer yes to every confirmation.")] = False,
    quiet: Annotated[bool, typer.Option("-q", help="No notes and no warnings.")] = False,
    verbose: Annotated[bool, typer.Option("-v", help="Log each SQL statement with its time on stderr.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks.")] = False,
    no_color: Annotated[bool, typer.Option("--no-color", help="No colour.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Declare the global options for the help; `Invo.parse_args` has taken them off already."""

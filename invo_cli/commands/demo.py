"""Build a throw-away database with believable data and show a tour."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from invo_cli import clock
from invo_cli.commands import context
from invo_cli.commands.parsers import examples
from invo_cli.errors import InvalidError, UnavailableError
from invo_cli.gst.text import quoted
from invo_cli.views import remarks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invo_cli.demo.building import Shop
    from invo_cli.demo.papers import Paper
    from invo_cli.demo.tour import Sights
    from invo_cli.views.demo import Tour

app = typer.Typer(help=__doc__, rich_markup_mode="rich")
MOST = 100_000
BATCH = 100
NOTE_EVERY = 1_000
DATABASE, TOKEN = "INVO_DATABASE_URL", "INVO_TOKEN"


@app.command(
    epilog=examples(
        "invo demo",
        "invo demo --invoices 5000 --seed 7",
        'export INVO_DATABASE_URL="$(invo demo -o name)"',
        "invo demo -o json",
    )
)
def demo(
    invoices: Annotated[str, typer.Option(metavar="N", help=f"How many documents, 1 to {MOST}.")] = "60",
    seed: Annotated[str, typer.Option(metavar="S", help="Another whole number makes other documents.")] = "1",
) -> None:
    """Build a throw-away database with believable data and show a tour.

    It is a SQLite file in a new temporary folder and stays there to look around in; no other database is opened.
    """
    count = _whole(invoices, "--invoices", least=1, most=MOST)
    chosen = _whole(seed, "--seed", least=0, most=10**18)
    now = clock.now().astimezone(clock.INDIA)
    folder = _folder()
    url = f"sqlite:///{folder / 'invo.db'}"
    with _pointed_at(url):
        with _removed_on_failure(folder):
            shop = _build(chosen, count, now)
        tour = _tour(folder, url, shop, chosen, now)
    _show(tour)


def _build(seed: int, count: int, now: datetime) -> Shop:
    from functools import partial
    from random import Random

    from invo_cli.commands.entering import write
    from invo_cli.db import schema
    from invo_cli.demo import building, papers, people

    schema.upgrade()
    chance, first = Random(seed), papers.first_day(now.date())
    everybody = people.everybody(chance, count)
    opening = datetime.combine(first, papers.OPENS, now.tzinfo)
    started = time.perf_counter()
    shop = write(lambda session: building.open_shop(session, everybody, at=opening))
    plan = list(papers.plan(chance, count, customers=shop.customers, first=first, now=now))
    _keep(plan, lambda batch: write(partial(building.keep, shop=shop, papers=batch)))
    seconds = time.perf_counter() - started
    remarks.note(f"Made {count} documents in {seconds:.1f} s, {count / seconds:.0f} a second.")
    return shop


def _keep(plan: list[Paper], keep: Callable[[Sequence[Paper]], list[str]]) -> None:
    """Store the documents in batches, saying now and then how far it is."""
    for start in range(0, len(plan), BATCH):
        for warning in keep(plan[start : start + BATCH]):
            remarks.warn(warning)
        done = start + BATCH
        if done < len(plan) and done % NOTE_EVERY == 0:
            remarks.note(f"{done} of {len(plan)} documents.")


def _tour(folder: Path, url: str, shop: Shop, seed: int, now: datetime) -> Tour:
    from invo_cli.commands.entering import read
    from invo_cli.demo import tour
    from invo_cli.demo.catalogue import ARTICLES
    from invo_cli.views.demo import Tour
    from invo_cli.views.reports import as_row

    seen = read(lambda session: tour.look(session, shop.business, today=now.date()))
    months = list(map(as_row, seen.months))
    summary = {
        "database_url": url,
        "business": shop.business,
        "seed": seed,
        "customers": sum(map(len, shop.customers.values())),
        "items": len(ARTICLES),
        **seen.counts,
        "sales": months,
        "try": _commands(url, shop, seen),
    }
    return Tour(
        folder=str(folder), summary=summary, newest=seen.newest, document=seen.document, months=[*months, _total(seen)]
    )


def _total(seen: Sights) -> dict[str, Any]:
    from invo_cli.services import reports
    from invo_cli.views.reports import SALES, amounts, total_row

    listing = SALES["month"]
    return total_row(listing, reports.total(seen.months, amounts(listing)))


def _commands(url: str, shop: Shop, seen: Sights) -> list[str]:
    """Command lines that can be pasted as they are."""
    import shlex

    from invo_cli.settings import get_settings

    chosen = {DATABASE: url}
    if get_settings().business is not None:
        chosen["INVO_BUSINESS"] = shop.business
    prefix = " ".join(f"{name}={shlex.quote(value)}" for name, value in chosen.items())
    number = shlex.quote(seen.document["number"] or seen.document["id"])
    words = ("invoice list --status overdue", f"invoice explain {number}", "report sales --by state")
    return [f"{prefix} {_program()} {each}" for each in words]


def _program() -> str:
    """How this program is called here: `invo` where the shell finds it, else in full."""
    import shlex
    import shutil
    import sys

    if shutil.which("invo"):
        return "invo"
    called = Path(sys.argv[0])
    return shlex.quote(str(called)) if called.name == "invo" else f"{shlex.quote(sys.executable)} -m invo_cli"


def _show(tour: Tour) -> None:
    """The tour for people, also when they read it in a log; the summary where a format was asked for."""
    from invo_cli.settings import get_settings
    from invo_cli.views.demo import SUMMARY, print_tour

    if get_settings().output in ("auto", "table"):
        print_tour(tour)
    else:
        context.show_record(tour.summary, SUMMARY, lambda _: None)


def _whole(text: str, option: str, *, least: int, most: int) -> int:
    if not re.fullmatch("[0-9]{1,19}", text) or not least <= int(text) <= most:
        raise InvalidError(
            f"{option} {quoted(text)} is not a whole number from {least} to {most}.",
            hint=f"For example: {option} {max(least, 100)}",
        )
    return int(text)


def _folder() -> Path:
    import tempfile

    try:
        return Path(tempfile.mkdtemp(prefix="invo-demo-"))
    except OSError as error:
        raise UnavailableError(
            f"No temporary folder can be made: {error.strerror}.",
            hint="Free some space, or name a folder you may write to in TMPDIR.",
        ) from error


@contextmanager
def _removed_on_failure(folder: Path) -> Iterator[None]:
    import shutil

    try:
        yield
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


@contextmanager
def _pointed_at(url: str) -> Iterator[None]:
    """Let the settings name this database and no other, and no token of another, for as long as it lasts."""
    import os

    from invo_cli.settings import get_settings

    before = {name: os.environ.pop(name) for name in (DATABASE, TOKEN) if name in os.environ}
    os.environ[DATABASE] = url
    get_settings.cache_clear()
    try:
        yield
    finally:
        os.environ.pop(DATABASE)
        os.environ.update(before)
        get_settings.cache_clear()

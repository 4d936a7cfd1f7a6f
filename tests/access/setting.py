"""A shop with a person of each role, and a second business in it whose every text bears a mark."""

from __future__ import annotations

import shlex
import shutil
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import NamedTuple

from typer.testing import CliRunner, Result

from invo_cli.cli import app
from tests.docs.shop import GSTIN, PASSWORD, REPORTED, inside, prepare
from tests.docs.tree import commands
from tests.harness.smtp import MailServer

ROLES = {"a": "admin", "c": "accountant", "o": "operator", "v": "viewer", "e": "exporter", "n": "nobody"}
PEOPLE = [role for role in ROLES.values() if role != "nobody"]
OTHERS, OTHERS_GSTIN = "QZXCODE", "29AAFCA7488L1ZW"
MARKS = ("qzx", "qzc/", OTHERS_GSTIN.lower(), "7777.77", "77777.00", "9777777777")
"""In lower case: what only the business of others has."""

_IN_OTHERS = (
    "customer create --name 'QZXbuyer Traders' --mobile 9777777777 --email qzx@example.com --address 'QZX Road 7777'",
    "item create --name 'QZXpart' --code QZXITEM --hsn 85177090 --unit PCS --price 7777.77 --rate 18",
    "series set tax_invoice 'QZX/{fy}/{seq:04}'",
    "series set credit_note 'QZC/{fy}/{seq:04}'",
    *("invoice create --customer 'QZXbuyer Traders' --item QZXITEM:2 --notes 'QZXnotes 7777'" for _ in range(3)),
    "invoice create --customer 'QZXbuyer Traders' --item QZXITEM:1 --draft --notes QZXdraft",
    "credit-note create --against QZX/26-27/0001 --full --reason QZXreturned",
    "payment create --customer 'QZXbuyer Traders' --amount 77777 --method upi --reference QZXREF --auto oldest",
    "export job create qzxjob invoices --format jsonl --out qzxjob.jsonl",
    "export job run qzxjob",
    "import customers customers.csv --batch qzxbatch",
    "period lock 2026-05 --reason QZXlocked",
)
SETTING = (
    *REPORTED,
    "invo invoice delete D-18",
    "invo customer delete C-0003 --yes",
    "invo item delete SCREEN",
    "invo hsn import hsn.csv",
    "invo period lock 2026-06 --reason filed",
    "invo return lock 2026-08 --arn AA290826123456A --filed-on 2026-09-03",
    "invo import customers customers.csv --batch kept",
    "invo user create leela --password-stdin < password.txt",
    "invo user disable leela",
    "invo token create --name cron --role viewer --expires 9d",
    f"invo business create --name 'QZXname Motors' --gstin {OTHERS_GSTIN} --code {OTHERS} --city QZXcity",
    *(f"invo --business {OTHERS} {command}" for command in _IN_OTHERS),
    "mkdir papers",
    "invo db backup --out papers",
    *(f"invo user create {role} --role {role} --password-stdin < password.txt" for role in PEOPLE),
    *(
        f"invo user create {role}-of-one --role {role} --business {GSTIN} --password-stdin < password.txt"
        for role in ("admin", "accountant")
    ),
    f"invo token create --name program --role accountant --business {GSTIN} --expires 9d -o json > token.json",
)
_TRAIL = tuple(f'INSERT INTO "{table}"' for table in ("audit_events", "books"))


class Line(NamedTuple):
    """A line of the table: the letters of the roles that may, and the words of the command."""

    allowed: str
    words: list[str]


def make(top: Path) -> None:
    """A folder for nobody, and one for each person who is signed in there."""
    prepare(top / "nobody", SETTING)
    shutil.rmtree(top / "nobody" / "home" / "sign-ins")
    for person in (*PEOPLE, "admin-of-one", "accountant-of-one"):
        shutil.copytree(top / "nobody", top / person)
        assert run(["auth", "login", person, "--password-stdin"], top / person).exit_code == 0


def run(words: list[str], folder: Path, **environment: str) -> Result:
    """Run a command as whoever is signed in there, with a mail server at hand."""
    with inside(folder) as patch, MailServer() as server:
        for name, value in (server.environment | environment).items():
            patch.setenv(name, value)
        return CliRunner().invoke(app, words, input=PASSWORD)


def rows(folder: Path) -> list[str]:
    """What the database holds, but for the trail, which tells of refusals."""
    with closing(sqlite3.connect(folder / "home" / "invo.db")) as database:
        return [line for line in database.iterdump() if not line.startswith(_TRAIL)]


def rows_of_others(folder: Path) -> list[str]:
    """What the database holds of the marked business, its trail too."""
    with closing(sqlite3.connect(folder / "home" / "invo.db")) as database:
        (number,) = database.execute("SELECT id FROM businesses WHERE code = ?", (OTHERS,)).fetchone()
        return [line for line in database.iterdump() if str(number) in line]


@cache
def paths() -> list[str]:
    """Every command, the longer ones first: `db backup list` is not `db backup`."""
    return sorted((entry.path for entry in commands()), key=len, reverse=True)


@cache
def table() -> dict[str, Line]:
    """The lines of the table by their command."""
    found: dict[str, Line] = {}
    for text in Path(__file__).with_name("matrix.txt").read_text(encoding="utf-8").splitlines():
        if not text.startswith("#"):
            allowed, command = text.split(" | ")
            words = shlex.split(command)
            found[next(path for path in paths() if f"invo {command} ".startswith(f"{path} "))] = Line(allowed, words)
    return found

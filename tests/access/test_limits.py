"""Who is limited to a business sees nothing of another one and changes nothing in it."""

from __future__ import annotations

import json
import shlex
import shutil
from pathlib import Path

import pytest

from tests.access.setting import MARKS, OTHERS, OTHERS_GSTIN, ROLES, rows_of_others, run, table
from tests.docs.shop import GSTIN

pytestmark = pytest.mark.contract

BEYOND = {
    *("invo business create", "invo hsn import", "invo audit verify", "invo verify"),
    *("invo return cmp08",),  # that of the table is of a third business
}
"""What an accountant may do, but not one who is limited: it reaches every business."""
TELLING = frozenset(
    {
        *("invo db copy", "invo db backup", "invo db restore", "invo db backup verify", "invo db backup list"),
        *("invo config list", "invo config path", "invo doctor", "invo auth login", "invo auth logout"),
    }
)
"""Commands without the data of a business; backups are whole, for who may read files; `auth` makes another person."""
NAMINGS = f"""
--business {OTHERS} invoice list
--business {OTHERS_GSTIN} invoice list
--business {OTHERS} customer list
--business {OTHERS} item list
--business {OTHERS} payment list
--business {OTHERS} report sales
--business {OTHERS} report dashboard
--business {OTHERS} return gstr1 --period 2026-10
--business {OTHERS} return gstr3b --period 2026-10
--business {OTHERS} return status
--business {OTHERS} return due gstr1 2026-10 2026-11-13
--business {OTHERS} return lock 2026-09 --arn AA290926123456A --filed-on 2026-10-03
--business {OTHERS} series list
--business {OTHERS} series set tax_invoice X-{{seq}}
--business {OTHERS} series audit
--business {OTHERS} period list
--business {OTHERS} period unlock 2026-05 --reason mine
--business {OTHERS} audit list
--business {OTHERS} audit head
--business {OTHERS} export invoices
--business {OTHERS} export audit
--business {OTHERS} export job list
--business {OTHERS} import list
--business {OTHERS} einvoice due
--business {OTHERS} eway list
--business {OTHERS} invoice create --customer C-0001 --line Screen:1:1500:998716:18
--business {OTHERS} customer create --name Mine --mobile 9876543297
--business {OTHERS} import customers customers.csv
--business {GSTIN},{OTHERS} token create --name x --role viewer --expires 9d
business show {OTHERS}
business show {OTHERS_GSTIN}
business use {OTHERS}
business edit {OTHERS} --city Mine
invoice show QZX/26-27/0001
invoice cancel QZX/26-27/0002 --reason mine
invoice delete QZX/26-27/0002
invoice edit QZX/26-27/0002 --notes mine
invoice duplicate QZX/26-27/0002
invoice explain QZX/26-27/0002
invoice pdf QZX/26-27/0002 --out papers
invoice send QZX/26-27/0002 --to mine@example.com
credit-note create --against QZX/26-27/0002 --full --reason mine
debit-note create --against QZX/26-27/0002 --line Courier:1:50:998716:18 --reason mine
credit-note show QZC/26-27/0001
credit-note cancel QZC/26-27/0001 --reason mine
payment create --customer 'QZXbuyer Traders' --amount 1 --method cash
payment create --customer C-0001 --amount 1 --method cash --allocate QZX/26-27/0002:1
payment allocate PAY/26-27/0001 QZX/26-27/0002:1
payment allocate QZC/26-27/0001 INV/26-27/0001
customer show 'QZXbuyer Traders'
customer edit 'QZXbuyer Traders' --mobile 9876543297
customer delete 'QZXbuyer Traders' --yes
customer merge C-0007 'QZXbuyer Traders' --reason mine --yes
customer statement 'QZXbuyer Traders'
customer balance 'QZXbuyer Traders'
invoice create --customer 'QZXbuyer Traders' --line Screen:1:1500:998716:18
invoice create --customer C-0001 --item QZXITEM:1
invoice list --customer 'QZXbuyer Traders'
item show QZXITEM
item edit QZXITEM --price 1
item delete QZXITEM
einvoice show QZX/26-27/0002
einvoice build QZX/26-27/0002 --out mine.json
eway build QZX/26-27/0002 --distance 8 --vehicle KA01AB1234
export job show qzxjob
export job run qzxjob
export job delete qzxjob --yes
export batch list qzxjob
export batch replay qzxjob 1
import undo qzxbatch
audit list --system
audit head --system
audit show 1 --system
audit export --system --out mine.jsonl
user list
user create mine --role admin --password-stdin
user password owner --password-stdin
user edit admin-of-one --everywhere
token list
token create --name mine --role admin --expires 9d
db downgrade base --yes
db stamp base
db backup --out papers
business create --name Mine --state 29
"""
"""Attempts at what is of others, each refused as unknown (4) or as not allowed (6)."""


@pytest.fixture(params=["accountant-of-one", "admin-of-one", "program"])
def limited(request: pytest.FixtureRequest, setting: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of somebody, or of a program, who is limited to the first business."""
    who = str(request.param)
    folder = Path(shutil.copytree(setting / ("nobody" if who == "program" else who), tmp_path / "limited"))
    if who == "program":
        monkeypatch.setenv("INVO_TOKEN", json.loads((folder / "token.json").read_text())["token"])
    return folder


def test_no_command_tells_them_anything_of_another_business(limited: Path, tmp_path: Path) -> None:
    untouched, before = rows_of_others(limited), set(limited.rglob("*"))
    refused = set()
    for path, line in table().items():
        if path in TELLING or "c" not in line.allowed:
            continue
        folder = Path(shutil.copytree(limited, tmp_path / "run"))
        done = run(line.words, folder)
        if done.exit_code != 0:
            assert done.exit_code in (4, 6), f"{path}: {done.stderr}"
            refused.add(path)
        assert _marks(done.output) == set(), path
        new = [
            file for file in folder.rglob("*") if file.is_file() and limited / file.relative_to(folder) not in before
        ]
        told = {file.name for file in new if "home" not in file.parts and _marks(file.read_bytes().decode("latin-1"))}
        assert told == set(), path
        assert rows_of_others(folder) == untouched, path
        shutil.rmtree(folder)
    assert refused == BEYOND - {"invo business create"}


def test_every_business_is_theirs_alone_when_they_ask_for_all(limited: Path) -> None:
    for command in (
        "export all --out papers --business all --force",
        "export job list --business all",
        "return status --all",
        "business list",
        "auth whoami",
        "customer list --search 97777 --include deleted",
        "item list --search part",
        "invoice list --all -o json",
        "report customers --period fy",
        "remind preview --after 1",
    ):
        done = run(shlex.split(command), limited)
        assert done.exit_code == 0, f"{command}: {done.stderr}"
        assert _marks(done.output) == set(), command
    written = {file.name for file in (limited / "papers").iterdir() if not file.name.startswith("invo-")}
    assert {"invoices.csv", "lines.csv", "audit.csv", "allocations.csv"} <= written
    told = {name for name in written if _marks((limited / "papers" / name).read_text(encoding="utf-8"))}
    assert told == set()


def test_what_is_of_others_is_unknown_or_not_allowed(limited: Path) -> None:
    untouched = rows_of_others(limited)
    found = {}
    for command in NAMINGS.strip().splitlines():
        done = run(shlex.split(command), limited)
        found[command] = done.exit_code
        typed = command.lower()
        told = {
            mark for word in done.output.lower().split() if word.strip(".,'\"") not in typed for mark in _marks(word)
        }
        assert told == set(), f"{command}: {done.output}"
    assert {command: status for command, status in found.items() if status not in (4, 6)} == {}
    assert rows_of_others(limited) == untouched


def test_the_default_business_of_the_environment_is_no_way_in(limited: Path) -> None:
    assert run(["invoice", "list"], limited, INVO_BUSINESS=OTHERS).exit_code == 4


def test_the_marks_are_there_for_who_may_see_them(setting: Path) -> None:
    for command in ("invoice list", "customer list", "audit list", "report customers", "export lines", "series list"):
        done = run(["--business", OTHERS, *command.split()], setting / "accountant")
        assert _marks(done.output) != set(), command
    assert ROLES["c"] == "accountant"


def _marks(text: str) -> set[str]:
    return {mark for mark in MARKS if mark in text.lower()}
